"""What is done about tasks: each by somebody who may open the person, in one message.

`seen` is how many things the page knew to be said of the task: whoever comes second is told who
was first. Other rooms, which look and act in one transaction, leave it out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import Said as Reading
from onesystem.care.saying import say
from onesystem.care.tasks import store, telling
from onesystem.care.tasks.naming import about
from onesystem.care.tasks.observing import Observed
from onesystem.care.tasks.rules import falls_on, next_after, rule_of
from onesystem.care.tasks.task import (
    OPEN,
    OUTCOMES,
    STARTED,
    Said,
    Task,
    first_day,
    fold,
    planned,
    series_of,
    turn,
)
from onesystem.district import current, now
from onesystem.people.mapping import person_of
from onesystem.vocabulary import (
    Act,
    CareAct,
    ContactEvent,
    NotFound,
    UserError,
    nearest,
    to_local,
    to_utc,
)
from onesystem.vocabulary.wording import local

Due = date | datetime | timedelta
Told = tuple[str, str, dict[str, Any]]  # of which task, what, and what with it
_MICRO, _A_DAY, _LATELY = timedelta(microseconds=1), timedelta(days=1), timedelta(days=31)
_FAR = timedelta(days=5 * 366)


@transaction.atomic
def plan(
    *, person: int, by: Asker, words: str, team: str, due: Due, owner: str = "", cause: str = "",
    visit: bool | None = None, earliest: date | None = None, repeats: str = "",
    until: date | None = None,
) -> str:  # fmt: skip
    """Plan what is to be done for a person; gives the key of the task.

    `due` is a day, a moment, or a length of time from now; `repeats` a rule of `tasks.rules`. A
    task shows from `earliest` on: the day on which it is due, where nothing is said.
    """
    said = _plan_said(words, team, due, earliest, repeats, until)
    key = f"task-{uuid4().hex[:20]}"
    said |= {"owner": owner.strip()[:150], "cause": cause, "visit": bool(visit)}
    acts: list[Told] = [(key, "planned", said)]
    made, zone = (
        planned(key, Said(verb="planned", act="", by="", at=now(), said=said)),
        current().zone,
    )
    events: list[ContactEvent] = []
    if made.visit:
        first = turn(made, first_day(made, zone), zone) if made.repeats else made
        events = [telling.expected(first, now())]
        if made.repeats:
            acts.append((key, "announced", {"next": first.key}))
    _say(person, acts, events, by=by, act="task.planned", task=made)
    return key


def _plan_said(
    words: str, team: str, due: Due, earliest: date | None, repeats: str, until: date | None
) -> dict[str, Any]:
    here = current()
    if not words.strip():
        raise UserError("nothing was said that is to be done", "Write it in a few words.")
    if team not in here.services:
        raise UserError(f"there is no service {team!r}", nearest(team, here.services))
    at, timed, begins = _when(due, earliest)
    if until and until < _day(begins):
        raise UserError("it would be over before it begins", "Choose a later last day.")
    if at > now() + _FAR:
        raise UserError("that day is out of reach", "Write a day within five years.")
    return {
        "words": words.strip()[:500], "team": team, "due": at.isoformat(), "timed": timed,
        "earliest": begins.isoformat(), "repeats": rule_of(repeats),
        "until": until.isoformat() if until else "",
    }  # fmt: skip


def _when(due: Due, earliest: date | None) -> tuple[datetime, bool, datetime]:
    """By which moment, whether its hour matters, and from when on it shows."""
    if isinstance(due, timedelta):
        due = now() + due
    if isinstance(due, datetime):
        at = to_utc(due, current().zone).replace(microsecond=0)
        day = _day(at)
        return at, True, _midnight(min(earliest, day) if earliest else day)
    return _midnight(due + _A_DAY), False, _midnight(min(earliest, due) if earliest else due)


@transaction.atomic
def start(*, key: str, by: Asker, seen: int | None = None, at: datetime | None = None) -> None:
    """A visit or a task has begun."""
    person, task, told = _known(key, by, seen)
    _open_still(task)
    begun = _near(at) or now()
    acts = [(task.key, "started", {"at": begun.isoformat(), "owner": by.actor.name})]
    events = [telling.contact(task, Act.START, now(), at=begun)] if task.visit else []
    more, cancels = _instead(task)
    _say(person, [*told, *acts, *more], [*cancels, *events], by=by, act="task.started", task=task)


@transaction.atomic
def done(
    *, key: str, by: Asker, seen: int | None = None, note: str = "", at: datetime | None = None,
    started: datetime | None = None, observed: Sequence[Observed] = (), what: Sequence[str] = (),
    gesture: str = "",
) -> None:  # fmt: skip
    """It is done. A visit is a contact in the log; the note and what was measured are entries."""
    person, task, told = _known(key, by, seen)
    _live_still(task)
    ended = _near(at) or now()
    begun = task.started or _near(started) or (ended if task.visit else None)
    if begun and begun > ended:
        raise UserError("it would have ended before it began", "Check the two times.")
    said = {"outcome": "", "at": ended.isoformat(), "why": "; ".join(what)[:500]}
    if begun:
        said["started"] = begun.isoformat()
    more, events = _instead(task)
    if task.visit:
        if task.state == OPEN and begun:
            events.append(telling.contact(task, Act.START, now(), at=begun))
        events.append(telling.contact(task, Act.END, now() + _MICRO, at=ended, outcome="done"))
        following, coming = _following(task)
        more, events = [*more, *following], [*events, *coming]
    visit = telling.visit_key(task.key) if task.visit else ""
    entries: list[Reading] = list(
        telling.observations(f"{task.key}:{len(told)}:{task.steps}", observed, at=begun or ended,
                             recorded=now(), visit=visit)
    )  # fmt: skip
    if text := note.strip():
        about = f"{'Visit' if task.visit else 'Note'}, {current().service_name(task.team)}"
        entries += _noted(task, text, about, by)
        entries.append(telling.note(f"{task.key}:{task.steps}", text, at=ended, recorded=now(),
                                    by=by.actor.name, about=about, visit=visit))  # fmt: skip
    _say(person, [*told, (task.key, "done", said), *more], [*events, *entries], by=by,
         act="visit.done" if task.visit else "task.done", task=task, gesture=gesture)  # fmt: skip


def _noted(task: Task, text: str, about: str, by: Asker) -> list[Reading]:
    """The note as one of those of the care plan."""
    return [
        CareAct(
            part="plans", verb="noted", thing=f"{task.key}:{task.steps}", act=uuid4().hex,
            by=by.actor.name, recorded=now(),
            said={"text": text, "about": about, "team": task.team},
        )
    ]  # fmt: skip


@transaction.atomic
def missed(
    *, key: str, by: Asker, outcome: str, why: str = "", again: Due | None = None,
    seen: int | None = None, gesture: str = "",
) -> str:  # fmt: skip
    """It could not be done, with what comes next: `again` plans it anew. Gives the new key."""
    person, task, told = _known(key, by, seen)
    _live_still(task)
    if outcome not in OUTCOMES:
        raise UserError(f"there is no outcome {outcome!r}", nearest(outcome, OUTCOMES))
    if again is None and not why.strip() and not task.series:
        raise UserError("nothing was said of what comes next", "Plan it again, or say why not.")
    said = {"outcome": outcome, "why": why.strip()[:500], "at": now().isoformat()}
    more, events = _instead(task)
    if task.visit:
        events.append(telling.contact(task, Act.CANCEL, now(), outcome=OUTCOMES[outcome]))
        following, coming = _following(task)
        more, events = [*more, *following], [*events, *coming]
    _say(person, [*told, (task.key, "missed", said), *more], events, by=by, act="task.missed",
         task=task, gesture=gesture)  # fmt: skip
    if again is None:
        return ""
    return plan(person=person, by=by, words=task.words, team=task.team, due=again,
                owner=task.owner, cause=task.cause, visit=task.visit)  # fmt: skip


@transaction.atomic
def reassign(
    *, key: str, by: Asker, team: str = "", owner: str | None = None, following: bool = False,
    seen: int | None = None,
) -> None:  # fmt: skip
    """Give it to another team, or to somebody (empty: to nobody); `following`: all its turns."""
    if following:
        key = series_of(key)[0]
        seen = None
    person, task, told = _known(key, by, seen)
    _live_still(task)
    said: dict[str, Any] = {}
    if team and team != task.team:
        if team not in current().services:
            raise UserError(f"there is no service {team!r}", nearest(team, current().services))
        said["team"] = team
    if owner is not None and owner.strip() != task.owner:
        said["owner"] = owner.strip()[:150]
    if not said:
        return
    _say(person, [*told, (task.key, "changed", said)], [], by=by, act="task.reassigned", task=task)


@transaction.atomic
def change(*, key: str, by: Asker, due: Due, seen: int | None = None) -> None:
    """It is due at another time."""
    person, task, told = _known(key, by, seen)
    _open_still(task)
    at, timed, begins = _when(due, None)
    said = {"due": at.isoformat(), "timed": timed, "earliest": begins.isoformat()}
    event = telling.contact(replace(task, due=at), Act.NOTE, now())
    events = [event] if task.visit and not task.repeats else []
    _say(person, [*told, (task.key, "changed", said)], events, by=by, act="task.changed", task=task)


@transaction.atomic
def cancel(*, key: str, by: Asker, why: str = "", seen: int | None = None) -> None:
    """It is not to be done; the rest of a series neither."""
    person, task, told = _known(key, by, seen)
    _live_still(task)
    _cancel(person, task, told, why, by)


@transaction.atomic
def end_all(*, cause: str, by: Asker, why: str = "") -> int:
    """End every task of a plan, an episode or a request that is open; gives how many."""
    found = store.where("t.cause = %s AND t.state IN (%s, %s)", [cause, OPEN, STARTED])
    persons = person_of([identity for identity, _ in found])
    for identity, task in found:
        _cancel(persons[identity], task, [], why or "what it was part of has ended", by)
    return len(found)


def _cancel(person: int, task: Task, told: list[Told], why: str, by: Asker) -> None:
    said = {"why": why.strip()[:500], "at": now().isoformat()}
    events = []
    if task.visit and not task.repeats:
        events = [telling.contact(task, Act.CANCEL, now(), outcome="Cancelled")]
    elif task.announced:
        events = [telling.contact(replace(task, key=task.announced), Act.CANCEL, now())]
    _say(person, [*told, (task.key, "cancelled", said)], events, by=by, act="task.cancelled",
         task=task)  # fmt: skip


@transaction.atomic
def reopen(*, key: str, by: Asker, seen: int | None = None) -> None:
    """Take back that it was done, missed or cancelled."""
    person, task, told = _known(key, by, seen)
    if task.live:
        raise UserError("it is open already", "Look at the list again.")
    began = bool(task.visit and task.started)
    events: list[ContactEvent] = []
    if began:
        events = [telling.contact(task, Act.UNEND, now())]
    elif task.visit and not task.repeats:
        requested = task.planned_at or now()
        events = [telling.contact(task, Act.STATE, now(), requested=requested)]
    _say(person, [*told, (task.key, "reopened", {})], events, by=by, act="task.reopened", task=task)


# What follows serves the verbs above.


def _known(key: str, by: Asker, seen: int | None) -> tuple[int, Task, list[Told]]:
    """The person, the task, and what has to be said first where it is a new turn of a series."""
    found, told = store.one(key), []
    if found is None:
        series, day = series_of(key)
        head = store.one(series) if day else None
        if head is None or day is None or not falls_on_turn(head[1], day):
            raise NotFound("there is no such task", "Look at the list again.")
        task = turn(head[1], day, current().zone)
        found, told = (head[0], task), [(key, "planned", _turn_said(task))]
    identity, task = found
    person = person_of([identity])[identity]
    access.require(by.actor, "care.act")
    access.require_open(by, person)
    if seen is not None and seen != task.steps:
        at = local(task.at, current().zone) if task.at else "just now"
        raise UserError(
            f"{task.by} was here first ({_WAS.get(task.state, 'changed it')}, {at})",
            "Nothing of yours was changed or lost: look at how it stands now.",
        )
    return person, task, told


_WAS = {"done": "done", "not done": "could not be done", "cancelled": "cancelled",
        "started": "begun"}  # fmt: skip


def falls_on_turn(series: Task, day: date) -> bool:
    """Whether a series has a turn on a day."""
    first = first_day(series, current().zone)
    over = series.until is not None and day > series.until
    return bool(series.repeats) and not over and falls_on(series.repeats, first, day)


def _turn_said(task: Task) -> dict[str, Any]:
    return {
        "words": task.words, "team": task.team, "owner": task.owner, "cause": task.cause,
        "visit": task.visit, "due": task.due.isoformat(), "earliest": task.earliest.isoformat(),
        "timed": task.timed, "series": task.series,
        "day": task.day.isoformat() if task.day else "",
    }  # fmt: skip


def _instead(task: Task) -> tuple[list[Told], list[ContactEvent]]:
    """The visit that the log expected, where another turn of its series is made instead."""
    head = store.one(task.series) if task.series and task.visit else None
    if head is None or head[1].announced in {"", task.key} or task.state != OPEN:
        return [], []
    other = replace(task, key=head[1].announced)
    known = store.one(other.key)
    if known and known[1].state != OPEN:
        return [], []
    return [], [telling.contact(other, Act.CANCEL, now(), outcome="Not made")]


def _following(task: Task) -> tuple[list[Told], list[ContactEvent]]:
    """The next visit of a series, which the log expects from now on."""
    head = store.one(task.series) if task.series else None
    if head is None or task.day is None or not head[1].live:
        return [], []
    series, zone = head[1], current().zone
    day = next_after(series.repeats, first_day(series, zone), max(task.day, _day(now())),
                     series.until)  # fmt: skip
    if day is None:
        return [(series.key, "announced", {"next": ""})], []
    coming = turn(series, day, zone)
    return [(series.key, "announced", {"next": coming.key})], [telling.expected(coming, now())]


def _say(
    person: int, told: Sequence[Told], more: Sequence[Reading], *, by: Asker, act: str, task: Task,
    gesture: str = "",
) -> None:  # fmt: skip
    """Say it in one message: the acts, the visit, and the task as the record keeps it."""
    access.require(by.actor, "care.act")
    moment, gesture = now(), gesture or uuid4().hex
    acts = [
        CareAct(
            part=store.PART, verb=verb, thing=thing, act=gesture, by=by.actor.name,
            recorded=moment + n * _MICRO, said=said,
        )
        for n, (thing, verb, said) in enumerate(told)
    ]  # fmt: skip
    stands = _folded(task.key, store.said_of(store.PART, task.key), acts)
    team = current().service_name(stands.team)
    shown = telling.entry(stands, moment, team=team)
    readings = about(person, [*acts, *more, shown])
    say(person=person, by=by, act=act, what=task.team, readings=readings)


def _folded(key: str, before: Sequence[Said], acts: Sequence[CareAct]) -> Task:
    said = [Said(verb=a.verb, act=a.act, by=a.by, at=a.recorded, said=a.said)
            for a in acts if a.thing == key]  # fmt: skip
    found = fold(key, [*before, *said])
    if found is None:
        raise NotFound("there is no such task", "Look at the list again.")
    return found


def _open_still(task: Task) -> None:
    if task.state != OPEN:
        raise UserError(
            f"it is {task.state} already, by {task.by}", "Look at how it stands, or take it back."
        )


def _live_still(task: Task) -> None:
    if not task.live:
        raise UserError(
            f"it is {task.state} already, by {task.by}", "Look at how it stands, or take it back."
        )


def _near(at: datetime | None) -> datetime | None:
    """A moment that somebody wrote down afterwards. Raises UserError where it cannot be."""
    if at is None:
        return None
    moment = to_utc(at, current().zone)
    if not now() - _LATELY < moment <= now() + timedelta(minutes=1):
        raise UserError("that time is to come, or long over", "Write when it happened.")
    return moment


def _midnight(day: date) -> datetime:
    return to_utc(datetime.combine(day, time()), current().zone)


def _day(moment: datetime) -> date:
    return to_local(moment, current().zone).date()
