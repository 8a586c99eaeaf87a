"""What people put right on a board. Each is one gesture, one message, one row in the trail.

Everything happens in one transaction: the message is landed, read like any other, and the contact
has its new version. Whatever changes a contact can be taken back by one more gesture.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival
from onesystem.flow.stays import facts
from onesystem.flow.stays.message import FORMAT, SOURCE, packed
from onesystem.flow.stays.reading import Stay, stay
from onesystem.flow.stays.taking import said_of
from onesystem.vocabulary import Act, ContactEvent, StayFact, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_AHEAD = timedelta(days=365)
_BACK = timedelta(days=7)
Facts = Sequence[tuple[str, str, str, str]]  # fact, value, note, before


def ready(*, contact: int, reason: str = "", at: datetime | None = None, by: Actor) -> None:
    """Clinically ready to leave, from now or another moment on; with the reason why not gone."""
    found = _open(contact, by)
    moment = (_near(at, found) or now()).replace(microsecond=0)
    told = [(facts.READY, moment.isoformat(), "", _iso(found.ready))]
    if reason:
        told.append((facts.DELAY, _reason(reason), "", ""))
    _say(found, told, [_event(found, Act.READY, at=moment)], by=by)


def not_ready(*, contact: int, why: str = "", by: Actor) -> None:
    """Not ready to leave after all."""
    found = _open(contact, by)
    told = [(facts.READY, "", why.strip()[:200], _iso(found.ready)), (facts.DELAY, "", "", "")]
    _say(found, told, [_event(found, Act.UNREADY)], by=by)


def delayed(*, contact: int, reason: str, by: Actor) -> None:
    """Why somebody who is ready has not gone; empty takes the reason away."""
    found = _open(contact, by)
    _say(found, [(facts.DELAY, _reason(reason) if reason else "", "", "")], by=by)


def leaves(*, contact: int, at: datetime | None, by: Actor) -> None:
    """When they are expected to leave; None: nobody can say any more."""
    found = _open(contact, by)
    if at is not None and not now() - _BACK < at < now() + _AHEAD:
        raise UserError("that time is out of reach", "Write a time within the next year.")
    _say(found, [(facts.LEAVE, _iso(at), "", "")], by=by)


def comes_next(*, contact: int, step: str, owner: str = "", by: Actor) -> None:
    """The next step, and who owes it; empty: it is done, or no longer needed."""
    found = _open(contact, by)
    _say(found, [(facts.NEXT, step.strip()[:200], owner.strip()[:200], "")], by=by)


def step_done(*, contact: int, step: str, words: str = "", by: Actor) -> None:
    """A step that a source still has open is done, by its number."""
    found = _open(contact, by)
    if not step.lstrip("-").isdigit():
        raise UserError("there is no such step", "Choose one of the list.")
    _say(found, [(facts.DONE, step, words.strip()[:200], "")], by=by)


def bed(*, contact: int, bed: str, by: Actor) -> None:
    """They are in another bed of the same place."""
    found, bed = _open(contact, by), bed.strip()[:40]
    if not bed:
        raise UserError("no bed was named", "Write the bed as the place calls it.")
    event = _event(found, Act.MOVE, at=now(), service=found.service, bed=bed)
    _say(found, [(facts.BED, bed, "", found.bed)], [event], by=by)


def moved(*, contact: int, service: str, bed: str = "", by: Actor) -> None:
    """They have moved to another place of the district."""
    found, services = _open(contact, by), current().services
    if service not in services:
        raise UserError(
            say("there is no service {service}", service=repr(service)), nearest(service, services)
        )
    if service == found.service:
        raise UserError("they are there already", "Choose another place, or change the bed.")
    event = _event(found, Act.MOVE, at=now(), service=service, bed=bed.strip()[:40])
    _say(found, [(facts.MOVED, service, bed.strip()[:40], found.service)], [event], by=by)


def left(*, contact: int, at: datetime | None = None, outcome: str = "", by: Actor) -> None:
    """They have left."""
    found = _open(contact, by)
    moment = (_near(at, found) or now()).replace(microsecond=0)
    event = _event(found, Act.END, at=moment, outcome=outcome.strip()[:100])
    _say(found, [(facts.LEFT, moment.isoformat(), outcome.strip()[:100], "")], [event], by=by)


def settled(*, contact: int, by: Actor) -> None:
    """What the source says is right; what the board said before no longer stands against it."""
    _say(_known(contact, by), [(facts.SETTLED, "yes", "", "")], by=by)


def undo(*, act: str, contact: int, by: Actor) -> None:
    """Take a gesture back, whoever made it. Refused where the source has spoken since."""
    found = _known(contact, by)
    told = [each for each in said_of(found.visit) if each.act == act]
    if not told:
        raise UserError("there is nothing to take back", "Look at the board again.")
    if any(each.fact == facts.UNDO for each in told):
        raise UserError("that took something back itself", "Say again what is so.")
    if any(each.undoes == act for each in said_of(found.visit)):
        raise UserError("it was taken back already", "Look at the board again.")
    gone_back = {c.said.act for c in facts.conflicts(told, found.as_now())}
    events = [] if act in gone_back else [e for each in told for e in _back(found, each)]
    _say(found, [(facts.UNDO, "yes", "", "")], events, undoes=act, by=by)


def _back(found: Stay, told: facts.Said) -> list[ContactEvent]:
    """The event that undoes one; none where only the board knew of it."""
    match told.fact:
        case facts.READY:
            return _ready_back(found, told)
        case facts.LEFT if found.ended is not None:
            return [_event(found, Act.UNEND)]
        case facts.BED | facts.MOVED:
            now_there = found.bed if told.fact == facts.BED else found.service
            if now_there != told.value:
                raise UserError("they have been moved since", "Say where they are now instead.")
            return [_event(found, Act.UNMOVE)]
    return []


def _ready_back(found: Stay, told: facts.Said) -> list[ContactEvent]:
    if _iso(found.ready) != told.value:
        return []  # the source has said another time since, and that stands
    if told.before:
        return [_event(found, Act.READY, at=datetime.fromisoformat(told.before))]
    return [_event(found, Act.UNREADY)]


def _open(contact: int, by: Actor) -> Stay:
    found = _known(contact, by)
    if found.ended is not None and found.ended <= now():
        raise UserError("they have left already", "Take that back first, if they have not.")
    return found


def _known(contact: int, by: Actor) -> Stay:
    access.require(by, "now.act")
    access.require(by, "person.open")
    return stay(contact)


def _near(at: datetime | None, found: Stay) -> datetime | None:
    if at is None:
        return None
    if at > now() + timedelta(minutes=1) or (found.started and at < found.started):
        raise UserError("that time is before they came, or not yet here", "Write when it happened.")
    return at


def _reason(code: str) -> str:
    from onesystem.flow.boards.layout import layout

    reasons = layout(current().path).reasons
    if code not in reasons:
        raise UserError(say("there is no reason {code}", code=repr(code)), nearest(code, reasons))
    return code


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _event(found: Stay, act: Act, *, at: datetime | None = None, **more: Any) -> ContactEvent:
    return ContactEvent(
        visit=found.visit_key, subject=found.subject, act=act, at=at, recorded=now(), **more
    )


def _say(
    found: Stay, told: Facts, events: Sequence[ContactEvent] = (), *, by: Actor, undoes: str = ""
) -> None:
    act, moment = uuid4().hex, now()
    said = [
        StayFact(
            visit=found.visit_key, stretch=found.key, subject=found.subject, fact=fact, act=act,
            by=by.name, recorded=moment, value=value, note=note, before=before, undoes=undoes,
        )
        for fact, value, note, before in told
    ]  # fmt: skip
    data = packed(owner=found.source, whose=found.whose, facts=said, events=events)
    pipeline = pipeline_of(current()).refreshed()
    with transaction.atomic():
        [landed] = pipeline.landing.land(
            [Arrival(source=SOURCE, data=data, name="board", format=FORMAT)]
        )
        read, _ = pipeline.write_one(landed)
        if read.refusal is not None:
            raise UserError(read.refusal.what, read.refusal.cure)
        access.record(
            by=by, act="board.said", what=found.service, person=found.person,
            purpose="direct care",
            detail={"facts": sorted(t[0] for t in told), "contact": found.contact,
                    "at": to_micros(moment)},
        )  # fmt: skip
