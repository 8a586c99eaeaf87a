"""What the acts on tasks have in common: who may, what stands, what the log expects next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import Said as Reading
from onesystem.care.saying import say
from onesystem.care.tasks import store, telling
from onesystem.care.tasks.naming import about
from onesystem.care.tasks.rules import falls_on, next_after, rule_of
from onesystem.care.tasks.task import (
    OPEN,
    Said,
    Task,
    first_day,
    fold,
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


def plan_said(
    words: str, team: str, due: Due, earliest: date | None, repeats: str, until: date | None
) -> dict[str, Any]:
    """What is said when something is planned. Raises UserError."""
    here = current()
    if not words.strip():
        raise UserError("nothing was said that is to be done", "Write it in a few words.")
    if team not in here.services:
        raise UserError(f"there is no service {team!r}", nearest(team, here.services))
    at, timed, begins = when(due, earliest)
    if until and until < _day(begins):
        raise UserError("it would be over before it begins", "Choose a later last day.")
    if at > now() + _FAR:
        raise UserError("that day is out of reach", "Write a day within five years.")
    return {
        "words": words.strip()[:500], "team": team, "due": at.isoformat(), "timed": timed,
        "earliest": begins.isoformat(), "repeats": rule_of(repeats),
        "until": until.isoformat() if until else "",
    }  # fmt: skip


def when(due: Due, earliest: date | None) -> tuple[datetime, bool, datetime]:
    """By which moment, whether its hour matters, and from when on it shows."""
    if isinstance(due, timedelta):
        due = now() + due
    if isinstance(due, datetime):
        at = to_utc(due, current().zone).replace(microsecond=0)
        day = _day(at)
        return at, True, _midnight(min(earliest, day) if earliest else day)
    return _midnight(due + _A_DAY), False, _midnight(min(earliest, due) if earliest else due)


def noted(task: Task, text: str, about: str, by: Asker) -> list[Reading]:
    """The note as one of those of the care plan."""
    return [
        CareAct(
            part="plans", verb="noted", thing=f"{task.key}:{task.steps}", act=uuid4().hex,
            by=by.actor.name, recorded=now(),
            said={"text": text, "about": about, "team": task.team},
        )
    ]  # fmt: skip


def known(key: str, by: Asker, seen: int | None) -> tuple[int, Task, list[Told]]:
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


def instead(task: Task) -> tuple[list[Told], list[ContactEvent]]:
    """The visit that the log expected, where another turn of its series is made instead."""
    head = store.one(task.series) if task.series and task.visit else None
    if head is None or head[1].announced in {"", task.key} or task.state != OPEN:
        return [], []
    other = replace(task, key=head[1].announced)
    known = store.one(other.key)
    if known and known[1].state != OPEN:
        return [], []
    return [], [telling.contact(other, Act.CANCEL, now(), outcome="Not made")]


def following(task: Task) -> tuple[list[Told], list[ContactEvent]]:
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


def tell(
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


def open_still(task: Task) -> None:
    """Go on where nobody has begun it. Raises UserError."""
    if task.state != OPEN:
        raise UserError(
            f"it is {task.state} already, by {task.by}", "Look at how it stands, or take it back."
        )


def live_still(task: Task) -> None:
    """Go on where it is not over. Raises UserError."""
    if not task.live:
        raise UserError(
            f"it is {task.state} already, by {task.by}", "Look at how it stands, or take it back."
        )


def near(at: datetime | None) -> datetime | None:
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
