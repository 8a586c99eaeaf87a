"""Stays as the store has them: one for an act, and all of some services for a board."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from onesystem import people
from onesystem.flow.stays.facts import Now
from onesystem.people.mapping import views
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One contact as a board's gesture needs it. `whose` is the source that names its person."""

    contact: int
    visit: int
    key: str
    visit_key: str
    source: str
    whose: str
    subject: str
    identity: int
    person: int
    service: str
    bed: str
    started: datetime | None
    ready: datetime | None
    ended: datetime | None

    def as_now(self) -> Now:
        """Its part that a board can put right."""
        return Now(
            contact=self.contact, service=self.service, bed=self.bed, ready=bool(self.ready),
            ended=bool(self.ended),
        )  # fmt: skip


def stay(contact: int) -> Stay:
    """One contact of the operational store. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT visit, key, source, identity, service, bed, started, ready, ended"
            " FROM contacts_contact WHERE contact = %s AND NOT cancelled",
            [contact],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("this stay is not on a board any more", "Look at the board again.")
    visit, key, source, identity, service, bed, *times = row
    started, ready, ended = map(_maybe, times)
    seen = views([identity])
    if not seen:  # never of a feed's own: everybody who is told of has an identity
        raise NotFound("nobody is known by this stay", "Replay the messages of its source.")
    return Stay(
        contact=contact, visit=visit, key=key, source=source, identity=identity,
        # The first stretch has the visit's own key, each later one a number after it.
        visit_key=key if contact == visit else key.rpartition("/")[0],
        whose=seen[0].source, subject=seen[0].subject,
        person=people.person_of([identity]).get(identity, identity),
        service=service, bed=bed, started=started, ready=ready, ended=ended,
    )  # fmt: skip


class Open(NamedTuple):
    """A contact that is open in a place, as the store has it; times in microseconds."""

    contact: int
    visit: int
    source: str
    identity: int
    service: str
    setting: str
    requested: int | None
    started: int | None
    ready: int | None
    planned: int | None
    ended: int | None
    bed: str
    mode: str
    urgency: str
    reason: str
    known_at: int


_OPEN = (
    "contact, visit, source, identity, service, setting, requested, started, ready, planned,"
    " ended, bed, mode, urgency, reason, known_at"
)


def open_in(services: Collection[str], *, at: int, limit: int = 2000) -> list[Open]:
    """Who is in these services or waits for them, the longest here first."""
    if not services:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_OPEN} FROM contacts_contact"
            f" WHERE service IN ({', '.join(['%s'] * len(services))}) AND NOT cancelled"
            " AND (ended IS NULL OR ended > %s) AND coalesce(started, requested) <= %s"
            " ORDER BY started IS NULL, started, requested LIMIT %s",
            [*services, at, at, limit],
        )
        return [Open(*row) for row in cursor.fetchall()]


def contact(number: int) -> Open:
    """One contact, open or ended. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_OPEN} FROM contacts_contact WHERE contact = %s AND NOT cancelled", [number]
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound("this stay is not on a board any more", "Look at the board again.")
    return Open(*row)


def waiting_of(identities: Iterable[int], *, at: int) -> list[Open]:
    """What has been asked for these people, has not begun and has not ended."""
    found: list[Open] = []
    for values, among in _chunks(identities):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_OPEN} FROM contacts_contact WHERE identity {among}"
                " AND started IS NULL AND ended IS NULL AND NOT cancelled AND requested <= %s",
                [*values, at],
            )
            found += [Open(*row) for row in cursor.fetchall()]
    return found


def persons(identities: Iterable[int]) -> dict[int, int]:
    """Every identity of the persons behind these, with its person: two statements."""
    among = set(people.person_of(identities).values())
    found: dict[int, int] = {}
    for values, marks in _chunks(among):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, person FROM people_identity WHERE person {marks}", values)
            found |= dict(cursor.fetchall())
    return found


def _chunks(ids: Iterable[int]) -> Iterable[tuple[list[Any], str]]:
    from onesystem.contacts.store import chunks

    return chunks(ids)


def _maybe(count: int | None) -> datetime | None:
    return None if count is None else from_micros(count)
