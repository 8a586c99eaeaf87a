"""What an act on a request causes beside it: slots, contacts in the log, and who is told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import SOURCE
from onesystem.care.requests import visits
from onesystem.care.requests.acting import runs, sender_organisations
from onesystem.care.requests.queries import Request, Step
from onesystem.care.services import slots
from onesystem.district import current, now
from onesystem.vocabulary import ContactEvent, Setting, UserError, key_elsewhere
from onesystem.vocabulary.said import say

_AHEAD = timedelta(days=731)
_TOPICS = {
    "ask": "request.asked-back", "supply": "request.supplied", "return": "request.returned",
    "redirect": "request.redirected", "book": "request.booked",
}  # fmt: skip


def tell(found: Request, act: str, by: Asker) -> None:
    """Tell the other side that there is something for them to read."""
    if act == "supply":
        _tell_service(found, "request.supplied")
    elif act == "comment" and not runs(found.service) & by.organisations:
        _tell_service(found, "request.written")
    elif act == "comment":
        tell_sender(found, "written", by)
    elif act in _TOPICS:
        tell_sender(found, _TOPICS[act].partition(".")[2], by)


def _tell_service(found: Request, topic: str) -> None:
    for organisation in sorted(runs(found.service))[:1]:
        access.notify(
            topic=topic, organisation=organisation, words=_words(found),
            link=f"/requests/{found.request}/",
        )  # fmt: skip


def tell_sender(found: Request, topic: str, by: Asker | None = None) -> None:
    """Tell whoever sent it; a request of a feed has nobody here but their organisation."""
    if by is not None and by.actor.name == found.sender:
        return
    whom = [{"username": found.sender}] if found.sender else [
        {"organisation": each} for each in sorted(sender_organisations(found))
        if each in current().organisations
    ]  # fmt: skip
    for each in whom:
        access.notify(topic=f"request.{topic}", words=_words(found),
                      link=f"/requests/{found.request}/", **each)  # fmt: skip


def _words(found: Request) -> str:
    return f"{current().service_name(found.service)}: {found.key}"


def let_go(found: Request, by: Asker, *, why: str) -> None:
    """Give back the slots that were booked for it."""
    del why  # what was said is about a person; the slot's history is not
    slots.free_slots_of(request=found.request, by=by.actor)


def taken(found: Request, by: Asker, *, slot: int, at: datetime | None) -> datetime:
    """When it is booked for: the slot's beginning, or the time. Raises UserError."""
    if slot:
        if slots.slot(slot).service != found.service:
            raise UserError("that slot is another service's", "Choose one of this service.")
        return slots.book_slot(slot=slot, request=found.request, by=by.actor).starts
    if at is None:
        raise UserError("no time was chosen", "Choose a slot, or write a date and a time.")
    if not now() - timedelta(hours=12) < at < now() + _AHEAD:
        raise UserError("that time is out of reach", "Write a time from today on.")
    return at


def booked(found: Request, steps: Sequence[Step], planned: datetime) -> list[ContactEvent]:
    """The visit that is waited for; one that was booked before is called off."""
    moment = now()
    before = called_off(found, steps, say("booked anew")) if found.state == "booked" else []
    if not _ours(found):
        return before
    made = visits.booked(
        visits.visit_of(key_of(found), [*_acts(steps), "book"]), cause=_cause(found),
        service=found.service, requested=found.at, planned=planned, recorded=moment,
        urgency=found.urgency, what=found.what,
    )  # fmt: skip
    return [*before, made]


def called_off(found: Request, steps: Sequence[Step], outcome: str) -> list[ContactEvent]:
    """The visit that it was booked for does not come about, where it was booked."""
    if found.state != "booked" or not _ours(found):
        return []
    visit = visits.visit_of(key_of(found), _acts(steps))
    return visits.called_off(visit, recorded=now(), outcome=outcome)


def started(
    found: Request, steps: Sequence[Step], by: Asker, *, at: datetime | None = None
) -> list[ContactEvent]:
    """The visit has begun."""
    moment = now()
    if not _ours(found):
        return []
    return [visits.started(
        visits.visit_of(key_of(found), _acts(steps)), cause=_cause(found), service=found.service,
        requested=found.at, at=_past(at) or moment, recorded=moment, by=by.actor.name,
        urgency=found.urgency, what=found.what,
    )]  # fmt: skip


def ended(
    found: Request, steps: Sequence[Step], by: Asker, *, at: datetime | None = None
) -> list[ContactEvent]:
    """The visit is over; one that nobody said the beginning of began a little before."""
    end = _past(at) or now()
    if not _ours(found):
        return []
    begun = []
    if found.state != "in-progress":
        begun = started(found, steps, by, at=max(found.at, end - timedelta(minutes=20)))
    visit = visits.visit_of(key_of(found), _acts(steps))
    return [*begun, visits.ended(visit, at=end, recorded=now(), outcome="done")]


def answered(found: Request, steps: Sequence[Step], by: Asker) -> list[ContactEvent]:
    """A reply in words: a contact of its own. An order's is the end of its test."""
    if found.kind == "order" or found.state in {"in-progress", "booked"}:
        return ended(found, steps, by)
    moment = now()
    if not _ours(found):
        return []
    return [visits.called(
        f"{key_of(found)}/reply", cause=_cause(found), service=found.service, requested=found.at,
        at=moment, recorded=moment, by=by.actor.name, setting=Setting.TELEPHONE,
        urgency=found.urgency, what=found.what,
    )]  # fmt: skip


def _ours(found: Request) -> bool:
    return found.service in current().services


def key_of(found: Request) -> str:
    """What the keys of its visits begin with: they are ours, whoever's the request is."""
    return found.key if found.source == SOURCE else f"{found.source}/{found.key}"


def _cause(found: Request) -> str:
    return found.key if found.source == SOURCE else key_elsewhere(found.source, found.key)


def _acts(steps: Iterable[Step]) -> list[str]:
    return [step.act for step in steps if not step.overtaken]


def _past(at: datetime | None) -> datetime | None:
    if at is not None and at > now() + timedelta(minutes=1):
        raise UserError("that time is not here yet", "Write when it was.")
    return at
