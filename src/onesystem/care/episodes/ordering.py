"""A line of a package becomes an order to its service, and visits in its list of tasks.

What cannot be ordered on the screen (the service wants to know something that only it can ask, or
takes no orders) is a task of the team: to be arranged by telephone. It never stops the care.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from onesystem import access, people
from onesystem.access import Actor, Asker, asker_of
from onesystem.access.quick import rows
from onesystem.care.episodes.acting import Held
from onesystem.care.episodes.episode import Episode, Line
from onesystem.care.episodes.packages import packages
from onesystem.care.episodes.wanting import form_of
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.care.requests import actions as requests
from onesystem.care.requests import queries as asked
from onesystem.care.requests.refusals import NotSent
from onesystem.care.services import queries as directory
from onesystem.care.tasks import actions as tasks
from onesystem.district import current, now
from onesystem.record.summary.team import organisation_of
from onesystem.vocabulary import Code, NotPermitted, UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted

JOB = "care at home"
_SOME = 500
_MENDED_BY_PHONE = frozenset({"listed", "kind", "missing", "number", "choice", "words"})


def order(found: Held, line: Line, by: Asker, facts: Facts | None = None) -> tuple[int, str]:
    """Send the order of a line; gives the request, or 0 and why it has to be arranged by telephone.

    Raises UserError where the service takes nobody, or the person is not to be asked for.
    """
    entry = directory.entry(line.service)
    kind = "order" if entry.takes("order") else "referral"
    try:
        request = requests.send(
            person=found.person, service=line.service, by=by, kind=kind,
            what=Code("", "", line.title), words=words_of(found, line), urgency="urgent",
            form=form_of(entry, found.episode.form, words_of(found, line), facts),
            cause=found.episode.key, anyway=True,
            despite=say("Eligible for care at home: {title}", title=found.episode.title),
        )  # fmt: skip
    except NotSent as refused:
        rules = {each.rule for each in refused.refusals}
        if rules - _MENDED_BY_PHONE:
            raise
        return 0, "; ".join(each.what for each in refused.refusals)
    return request, ""


def facts_for(found: Held, by: Asker) -> Facts | None:
    """What the record knows for the forms of the services; nothing is read where none asks."""
    entries = [directory.entry(line.service) for line in found.episode.live if not line.request]
    if not any(each.known for entry in entries for each in entry.form):
        return None
    return facts_of(found.person, by=by)


def words_of(found: Held, line: Line) -> str:
    """What is asked of the service."""
    often = say("{a_day} a day for {days}", a_day=line.a_day, days=counted(line.days, "day"))
    return say(
        "{title}, {often}. Care at home {reference}: {title2}.",
        title=line.title,
        often=often,
        reference=found.reference,
        title2=found.episode.title,
    )


def plan_visits(found: Held, line: Line, by: Asker, *, begins: date) -> None:
    """The visits of a line as tasks of its service: so many a day, each day."""
    last = begins + timedelta(days=line.days - 1)
    for turn in range(1, line.a_day + 1):
        more = say(" ({turn} of {a_day})", turn=turn, a_day=line.a_day) if line.a_day > 1 else ""
        tasks.plan(
            person=found.person, by=by, team=line.service, due=begins, visit=True,
            words=f"{line.title}{more}: {found.reference}", cause=_cause(found, line),
            repeats="1d" if line.days > 1 else "", until=last if line.days > 1 else None,
        )  # fmt: skip


def plan_call(found: Held, line: Line, by: Asker, why: str) -> None:
    """A line that has to be arranged by telephone."""
    name = current().service_name(line.service)
    tasks.plan(
        person=found.person,
        by=by,
        team=found.episode.service,
        due=_today(),
        words=say(
            "Ring {name}: {title}, {reference} ({why})",
            name=name,
            title=line.title.lower(),
            reference=found.reference,
            why=why,
        )[:500],
        cause=found.episode.key,
        visit=False,
    )


def plan_review(found: Held, by: Asker, episode: Episode) -> None:
    """The reviews as tasks of the team, until the episode is over."""
    due = episode.next_review
    if due is not None and episode.until is not None:
        every = max(1, episode.reviews // 24)
        tasks.plan(
            person=found.person,
            by=by,
            team=episode.service,
            due=_day(due),
            visit=False,
            words=say(
                "Review {reference}: {title}", reference=found.reference, title=episode.title
            ),
            cause=episode.key,
            repeats=f"{every}d",
            until=max(_day(due), _day(episode.until)),
        )


def plan_help(found: Held, by: Asker, *, team: str, words: str, due: datetime) -> None:
    """What an escalation asks of a service."""
    tasks.plan(person=found.person, by=by, team=team, due=due, words=words[:500],
               cause=found.episode.key, visit=False)  # fmt: skip


def take_back(found: Held, lines: Iterable[Line], by: Asker, reason: str) -> None:
    """Take back what was ordered and not done: requests that are open, and tasks."""
    for line in lines:
        if line.request:
            request = asked.one(line.request)
            tasks.end_all(cause=request.key, by=by, why=reason)
            if request.open:
                _revoke(line.request, by, f"{found.reference}: {reason}")


def end_tasks(found: Held, by: Asker, reason: str) -> None:
    """End every task of the episode itself."""
    tasks.end_all(cause=found.episode.key, by=by, why=reason)


def states(episode: Episode) -> Mapping[int, Any]:
    """The requests of the lines as they stand, by the number of the line."""
    return {line.number: asked.one(line.request) for line in episode.lines if line.request}


def returned(orders: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """How many orders of each episode their service did not take."""
    every = sorted({request for some in orders.values() for request in some})
    back: set[int] = set()
    for start in range(0, len(every), _SOME):
        some = every[start : start + _SOME]
        marks = ", ".join(["%s"] * len(some))
        back |= {row[0] for row in rows(
            f"SELECT request FROM care_request WHERE state = 'returned' AND request IN ({marks})",
            some,
        )}  # fmt: skip
    counts = {number: len(back & set(some)) for number, some in orders.items()}
    return {number: many for number, many in counts.items() if many}


def tell_service(found: Held, service: str, topic: str) -> None:
    """A notice to who runs a service: a reference number, and no word of what it is for."""
    organisation = current().services[service].organisation if service in current().services else ""
    _notify(found, organisation, topic)


def tell_practice(found: Held, topic: str) -> None:
    """A notice to the practice of the person."""
    code = next((v.practice for v in people.identities_of(found.person) if v.practice), "")
    practice = organisation_of(code, current()) if code else None
    _notify(found, practice.code if practice else "", topic)


def _notify(found: Held, organisation: str, topic: str) -> None:
    if organisation:
        access.notify(topic=topic, organisation=organisation, words=found.reference,
                      link=f"/at-home/{found.number}/", person=found.person)  # fmt: skip


def kind_visits(line: Line) -> bool:
    """Whether somebody comes for a line."""
    kinds = packages(current().path).kinds_on(_day(line.at))
    return line.kind in kinds and kinds[line.kind].visit


def _revoke(request: int, by: Asker, reason: str) -> None:
    """By whoever asked for it, or by the job that sees to it when the episode ends."""
    try:
        requests.revoke(request=request, by=by, seen=None, reason=reason)
    except NotPermitted:
        job = asker_of(Actor.job(JOB), by.purpose)
        try:
            requests.revoke(
                request=request, by=job, seen=None, reason=f"{reason} ({by.actor.name})"
            )
        except UserError:  # it is under way: its service ends it
            requests.comment(request=request, by=job, reason=reason)
    except UserError:
        requests.comment(request=request, by=by, reason=reason)


def _cause(found: Held, line: Line) -> str:
    return asked.one(line.request).key if line.request else found.episode.key


def _today() -> date:
    return _day(now())


def _day(moment: datetime) -> date:
    return to_local(moment, current().zone).date()
