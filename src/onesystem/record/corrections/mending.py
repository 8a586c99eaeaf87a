"""Marking a decision for a second look, and putting right again what a whole file said."""

import json
from collections.abc import Mapping
from datetime import datetime

from onesystem import contacts, people
from onesystem.contacts import store
from onesystem.people import redescribing
from onesystem.people.mapping import views
from onesystem.record import stamps
from onesystem.record.corrections import applying, facts
from onesystem.record.corrections.facts import Again
from onesystem.record.corrections.rows import ACCEPTED, Correction
from onesystem.record.corrections.things import contact_of, of_contact
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import to_micros


def say_again(ruling: Correction, told: Mapping[str, str], of: Mapping[str, str]) -> None:
    """Mark it where the source says something that nobody has looked at yet."""
    said = json.dumps({name: told.get(name, "") for name in of}, sort_keys=True)
    if ruling.again_said == said:
        return
    ruling.again_said, ruling.again_by, ruling.again_note = said, "", ""
    ruling.again_at = to_micros(_now())
    ruling.save(update_fields=["again_said", "again_by", "again_note", "again_at"])
    stamps.change_all([ruling.identity])  # a page that was kept does not show it


def _now() -> datetime:
    from onesystem.district import now

    return now()


def after_file(source: str, message: int, known_at: datetime) -> None:
    """A file was taken in bulk: what it said wrongly again of people and contacts is put right."""
    standing = Correction.objects.filter(
        source=source, holds=True, state=ACCEPTED, about__in=["person", "contact"]
    )
    for row in standing.order_by("decided_at", "id"):
        was, now = json.loads(row.was), json.loads(row.change)["now"]
        if row.about == "person":
            _person(row, was, now, known_at)
        else:
            _contact(row, was, now, message, known_at)


def _person(row: Correction, was: dict[str, str], now: dict[str, str], known_at: datetime) -> None:
    redescribing.put_right(row.identity, was, now, at=to_micros(known_at))
    for view in views([row.identity]):
        told = {name: str(getattr(view, name)) for name in now}
        if facts.compared(told, was, now) is Again.NEW:
            say_again(row, told, now)


def _contact(
    row: Correction, was: dict[str, str], now: dict[str, str], message: int, known_at: datetime
) -> None:
    person = people.person_of([row.identity]).get(row.identity, row.identity)
    try:
        found, visit = contact_of(row.item, people.identity_ids_of(person))
    except NotFound:
        return
    told = of_contact(found)
    if all(told[name] == value for name, value in now.items()):
        return
    if any(told[name] not in {was.get(name, ""), value} for name, value in now.items()):
        say_again(row, told, now)
        return
    event = applying.event_for(row, found, now, single=len(visit) == 1, at=known_at)
    store.lock([found.contact])
    contacts.take([(row.source, found.identity, message, event)], known_at=known_at)
