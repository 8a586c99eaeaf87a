"""What is done about tasks: each by somebody who may open the person, in one message.

`seen` is how many things the page knew to be said of the task: whoever comes second is told who
was first. Other rooms, which look and act in one transaction, leave it out.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from onesystem.access import Asker
from onesystem.care.message import Said as Reading
from onesystem.care.tasks import acting, notifying, store, telling
from onesystem.care.tasks.acting import Due, Told
from onesystem.care.tasks.observing import Observed
from onesystem.care.tasks.task import (
    OPEN,
    OUTCOMES,
    STARTED,
    Said,
    Task,
    first_day,
    planned,
    series_of,
    turn,
)
from onesystem.district import current, now
from onesystem.people.mapping import person_of
from onesystem.vocabulary import (
    Act,
    ContactEvent,
    UserError,
    nearest,
)
from onesystem.vocabulary.said import say

_MICRO = timedelta(microseconds=1)


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
    said = acting.plan_said(words, team, due, earliest, repeats, until)
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
    acting.tell(person, acts, events, by=by, act="task.planned", task=made)
    notifying.planned(made, person, by)
    return key


@transaction.atomic
def start(*, key: str, by: Asker, seen: int | None = None, at: datetime | None = None) -> None:
    """A visit or a task has begun."""
    person, task, told = acting.known(key, by, seen)
    acting.open_still(task)
    begun = acting.near(at) or now()
    acts = [(task.key, "started", {"at": begun.isoformat(), "owner": by.actor.name})]
    events = [telling.contact(task, Act.START, now(), at=begun)] if task.visit else []
    more, cancels = acting.instead(task)
    acting.tell(
        person, [*told, *acts, *more], [*cancels, *events], by=by, act="task.started", task=task
    )


@transaction.atomic
def done(
    *, key: str, by: Asker, seen: int | None = None, note: str = "", at: datetime | None = None,
    started: datetime | None = None, observed: Sequence[Observed] = (), what: Sequence[str] = (),
    gesture: str = "",
) -> None:  # fmt: skip
    """It is done. A visit is a contact in the log; the note and what was measured are entries."""
    person, task, told = acting.known(key, by, seen)
    acting.live_still(task)
    ended = acting.near(at) or now()
    begun = task.started or acting.near(started) or (ended if task.visit else None)
    if begun and begun > ended:
        raise UserError("it would have ended before it began", "Check the two times.")
    said = {"outcome": "", "at": ended.isoformat(), "why": "; ".join(what)[:500]}
    if begun:
        said["started"] = begun.isoformat()
    more, events = acting.instead(task)
    if task.visit:
        if task.state == OPEN and begun:
            events.append(telling.contact(task, Act.START, now(), at=begun))
        events.append(telling.contact(task, Act.END, now() + _MICRO, at=ended, outcome="done"))
        following, coming = acting.following(task)
        more, events = [*more, *following], [*events, *coming]
    visit = telling.visit_key(task.key) if task.visit else ""
    entries: list[Reading] = list(
        telling.observations(f"{task.key}:{len(told)}:{task.steps}", observed, at=begun or ended,
                             recorded=now(), visit=visit)
    )  # fmt: skip
    if text := note.strip():
        about = f"{'Visit' if task.visit else 'Note'}, {current().service_name(task.team)}"
        entries += acting.noted(task, text, about, by)
        entries.append(telling.note(f"{task.key}:{task.steps}", text, at=ended, recorded=now(),
                                    by=by.actor.name, about=about, visit=visit))  # fmt: skip
    acting.tell(person, [*told, (task.key, "done", said), *more], [*events, *entries], by=by,
         act="visit.done" if task.visit else "task.done", task=task, gesture=gesture)  # fmt: skip


@transaction.atomic
def missed(
    *, key: str, by: Asker, outcome: str, why: str = "", again: Due | None = None,
    seen: int | None = None, gesture: str = "",
) -> str:  # fmt: skip
    """It could not be done, with what comes next: `again` plans it anew. Gives the new key."""
    person, task, told = acting.known(key, by, seen)
    acting.live_still(task)
    if outcome not in OUTCOMES:
        raise UserError(
            say("there is no outcome {outcome}", outcome=repr(outcome)), nearest(outcome, OUTCOMES)
        )
    if again is None and not why.strip() and not task.series:
        raise UserError("nothing was said of what comes next", "Plan it again, or say why not.")
    said = {"outcome": outcome, "why": why.strip()[:500], "at": now().isoformat()}
    more, events = acting.instead(task)
    if task.visit:
        events.append(telling.contact(task, Act.CANCEL, now(), outcome=OUTCOMES[outcome]))
        following, coming = acting.following(task)
        more, events = [*more, *following], [*events, *coming]
    acting.tell(
        person, [*told, (task.key, "missed", said), *more], events, by=by, act="task.missed",
        task=task, gesture=gesture,
    )  # fmt: skip
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
    person, task, told = acting.known(key, by, seen)
    acting.live_still(task)
    said: dict[str, Any] = {}
    if team and team != task.team:
        if team not in current().services:
            raise UserError(
                say("there is no service {team}", team=repr(team)),
                nearest(team, current().services),
            )
        said["team"] = team
    if owner is not None and owner.strip() != task.owner:
        said["owner"] = owner.strip()[:150]
    if not said:
        return
    acting.tell(
        person, [*told, (task.key, "changed", said)], [], by=by, act="task.reassigned", task=task
    )
    notifying.planned(replace(task, cause="", **{"owner": "", **said}), person, by)


@transaction.atomic
def change(*, key: str, by: Asker, due: Due, seen: int | None = None) -> None:
    """It is due at another time."""
    person, task, told = acting.known(key, by, seen)
    acting.open_still(task)
    at, timed, begins = acting.when(due, None)
    said = {"due": at.isoformat(), "timed": timed, "earliest": begins.isoformat()}
    event = telling.contact(replace(task, due=at), Act.NOTE, now())
    events = [event] if task.visit and not task.repeats else []
    acting.tell(
        person, [*told, (task.key, "changed", said)], events, by=by, act="task.changed", task=task
    )


@transaction.atomic
def cancel(*, key: str, by: Asker, why: str = "", seen: int | None = None) -> None:
    """It is not to be done; the rest of a series neither."""
    person, task, told = acting.known(key, by, seen)
    acting.live_still(task)
    _cancel(person, task, told, why, by)


@transaction.atomic
def end_all(*, cause: str, by: Asker, why: str = "") -> int:
    """End every task of a plan, an episode or a request that is open; gives how many."""
    found = store.where("t.cause = %s AND t.state IN (%s, %s)", [cause, OPEN, STARTED])
    persons = person_of([identity for identity, _ in found])
    for identity, task in found:
        _cancel(persons[identity], task, [], why or say("what it was part of has ended"), by)
    return len(found)


def _cancel(person: int, task: Task, told: list[Told], why: str, by: Asker) -> None:
    said = {"why": why.strip()[:500], "at": now().isoformat()}
    events = []
    if task.visit and not task.repeats:
        events = [telling.contact(task, Act.CANCEL, now(), outcome="Cancelled")]
    elif task.announced:
        events = [telling.contact(replace(task, key=task.announced), Act.CANCEL, now())]
    acting.tell(person, [*told, (task.key, "cancelled", said)], events, by=by, act="task.cancelled",
         task=task)  # fmt: skip


@transaction.atomic
def reopen(*, key: str, by: Asker, seen: int | None = None) -> None:
    """Take back that it was done, missed or cancelled."""
    person, task, told = acting.known(key, by, seen)
    if task.live:
        raise UserError("it is open already", "Look at the list again.")
    began = bool(task.visit and task.started)
    events: list[ContactEvent] = []
    if began:
        events = [telling.contact(task, Act.UNEND, now())]
    elif task.visit and not task.repeats:
        requested = task.planned_at or now()
        events = [telling.contact(task, Act.STATE, now(), requested=requested)]
    acting.tell(
        person, [*told, (task.key, "reopened", {})], events, by=by, act="task.reopened", task=task
    )
