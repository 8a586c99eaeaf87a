"""Today's visits without network: what a device may hold, and what it sends when it is back.

A device holds the least that a visit needs, of one's own visits, until midnight (decision 0354).
What was written without network comes with the number of things that the device knew of the task:
where somebody else was first nothing is overwritten, and the writer decides what becomes of it.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from onesystem import people
from onesystem.access import Asker
from onesystem.care.drafts import actions as drafts
from onesystem.care.plans import actions as plans
from onesystem.care.plans.queries import plan
from onesystem.care.tasks import actions, presenters, queries, store
from onesystem.care.tasks.listing import Line, Wanted
from onesystem.care.tasks.observing import KINDS, observed
from onesystem.care.tasks.task import OUTCOMES
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local, to_utc
from onesystem.vocabulary.said import say

MOST = 60  # visits of one day, and things of one sending
_LONGEST = 20_000


def snapshot(asker: Asker) -> dict[str, Any]:
    """One's own visits of today, as a device may hold them. Not audited here."""
    here, at = current(), now()
    lines = [
        each
        for each in queries.tasks_for(asker, Wanted(whose="mine", when="today"))
        if each.task.live
    ][:MOST]
    midnight = datetime.combine(to_local(at, here.zone).date() + timedelta(days=1), time())
    return {
        "who": asker.actor.name,
        "at": at.isoformat(timespec="seconds"),
        "clock": f"{to_local(at, here.zone):%H:%M}",
        "until": to_utc(midnight, here.zone).isoformat(),
        "kinds": [[k.name, k.words, k.unit] for k in KINDS],
        "outcomes": list(OUTCOMES.items()),
        "visits": [_visit(each) for each in lines],
    }


def _visit(each: Line) -> dict[str, Any]:
    here, at = current(), now()
    said = presenters.line(each, here, at)
    return {
        "key": each.task.key, "seen": each.task.steps, "person": each.person, "name": each.name,
        "when": said["when"], "words": each.task.words, "where": said["where"],
        "phone": each.phone, "visit": each.task.visit, "begun": each.task.started is not None,
        "know": plan(each.person).know,
    }  # fmt: skip


def take(said: Mapping[str, Any], asker: Asker) -> tuple[str, str]:
    """Take one thing that was written without network: how it went, and why where it did not.

    `sent` also where it had come before: an answer that was lost is no reason to do it twice.
    """
    key, name = str(said.get("key", "")), str(said.get("id", ""))
    if not name or len(name) > 64:
        return "refused", say("The device sent something that cannot be read.")
    if store.said_already(name):
        return "sent", ""
    found = store.one(actions.series_of(key)[0]) or store.one(key)
    if found is None:
        return "conflict", say("This task is not here any more.")
    try:
        with transaction.atomic():
            _done(key, name, said, asker)
    except UserError as error:
        return ("conflict" if _moved(key, said) else "refused"), str(error)
    drafts.done(asker, say("done:{key}", key=key))
    return "sent", ""


def _moved(key: str, said: Mapping[str, Any]) -> bool:
    found = store.one(key)
    return found is not None and found[1].steps != int(said.get("seen") or 0)


def _done(key: str, name: str, said: Mapping[str, Any], asker: Asker) -> None:
    note, seen = str(said.get("note", ""))[:_LONGEST], int(said.get("seen") or 0)
    if said.get("as") == "note":
        _as_note(key, name, note, said, asker)
    elif said.get("outcome"):
        actions.missed(
            key=key, by=asker, outcome=str(said["outcome"]), why=note or "said without network",
            seen=seen, gesture=name,
        )  # fmt: skip
    else:
        measured = {k.name: str(said.get(k.name, "")) for k in KINDS}
        actions.done(
            key=key, by=asker, seen=seen, note=note, observed=observed(measured),
            started=_moment(said.get("started")), at=_moment(said.get("ended")), gesture=name,
        )  # fmt: skip


def _as_note(key: str, name: str, note: str, said: Mapping[str, Any], asker: Asker) -> None:
    found = store.one(key) or store.one(actions.series_of(key)[0])
    if found is None:
        return
    person = people.person_of([found[0]])[found[0]]
    written = _moment(said.get("written"))
    at = f", {to_local(written, current().zone):%H:%M}" if written else ""
    plans.note(person=person, by=asker, text=note, about=f"Written without network{at}",
               team=found[1].team, gesture=name)  # fmt: skip


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        raise UserError(say("{text} is no time", text=repr(text)), "Say when it was.") from None
    return to_utc(at, current().zone) if at else None
