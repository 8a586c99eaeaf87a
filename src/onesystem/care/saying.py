"""Doing something for a person: one gesture, one message, one row in the trail.

Everything happens in one transaction: the message is landed, read like any other, and whatever it
says of requests, contacts, the record and the parts of this room stands when it is over.

    say(person=7, by=asker, act="request.sent", readings=[RequestSeen(subject="", ...), ...])
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from onesystem import access, people
from onesystem.access import Asker
from onesystem.care.message import FORMAT, SOURCE, Owned, Said, packed
from onesystem.district import current
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival
from onesystem.vocabulary import NotFound, UserError


@dataclass(frozen=True, slots=True)
class Whose:
    """How a source names a person: what the readings of an act are said of."""

    source: str
    subject: str
    identity: int


def whose(person: int) -> Whose:
    """The founding identity of a person. Raises NotFound."""
    known = people.identities_of(person)
    if not known:
        raise NotFound("nobody is known by this number", "Search for the person again.")
    return Whose(known[0].source, known[0].subject, known[0].identity)


def say(
    *,
    person: int,
    by: Asker,
    act: str,
    readings: Sequence[Said | Owned],
    what: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Land what was done for a person and take it in, at once and whole.

    Readings may leave their `subject` empty: it is the person's. One that is of another source's
    thing (a request of a practice) comes as `Owned(reading, owner)`. `act` and `what` are what
    the trail says; `detail` never holds a name or a note. Raises NotPermitted where `by` may not
    open the person, UserError where what was said cannot be read.
    """
    access.require_open(by, person)
    known = whose(person)
    owned = [each if isinstance(each, Owned) else Owned(reading=each) for each in readings]
    told = [
        replace(each, reading=replace(each.reading, subject=known.subject)) for each in owned
    ]  # every reading of the room has a subject
    data = packed(whose=known.source, by=by.actor.name, readings=told)
    pipeline = pipeline_of(current()).refreshed()
    with transaction.atomic():
        [landed] = pipeline.landing.land(
            [Arrival(source=SOURCE, data=data, name=act, format=FORMAT)]
        )
        read, _ = pipeline.write_one(landed)
        if read.refusal is not None:
            raise UserError(read.refusal.what, read.refusal.cure)
        access.record(
            by=by.actor, act=act, what=what, person=person, purpose=by.purpose,
            detail=dict(detail or {}),
        )  # fmt: skip
