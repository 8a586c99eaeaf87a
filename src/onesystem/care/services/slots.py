"""The slots of services as they stand, and the booking of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from onesystem.access import Actor
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

_NAMES = "id, service, key, starts, ends, state, request, words, schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A stretch of time at a service for one person."""

    id: int
    service: str
    key: str
    starts: datetime
    ends: datetime
    state: str  # free, booked, blocked, gone
    request: int  # whose it is; 0 for unknown
    words: str
    schedule: int


def slots(
    service: str,
    start: datetime,
    end: datetime,
    *,
    states: Sequence[str] = ("free", "booked", "blocked"),
) -> list[Slot]:
    """The slots of a service that begin from one moment up to another, oldest first."""
    marks = ", ".join(["%s"] * len(states))
    return _select(
        f"service = %s AND starts >= %s AND starts < %s AND state IN ({marks}) ORDER BY starts, id",
        [service, to_micros(start), to_micros(end), *states],
    )


def free_slots(service: str, start: datetime, end: datetime) -> list[Slot]:
    """Those that nobody has yet."""
    return slots(service, start, end, states=("free",))


def weeks_ahead(service: str, monday: datetime, weeks: int) -> dict[int, tuple[int, int]]:
    """Slots that are free and ahead, and of how many, by the week after a Monday (0: its own)."""
    first, week = to_micros(monday), 7 * 86_400_000_000
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (starts - %s) / %s,"
            " sum(CASE WHEN state = 'free' AND starts > %s THEN 1 ELSE 0 END), count(*)"
            " FROM care_slot WHERE service = %s AND starts >= %s AND starts < %s"
            " AND state IN ('free', 'booked') GROUP BY 1",
            [first, week, to_micros(now()), service, first, first + weeks * week],
        )
        return {int(nth): (int(free), int(of)) for nth, free, of in cursor.fetchall()}


def slot(number: int) -> Slot:
    """One slot. Raises NotFound."""
    found = _select("id = %s", [number])
    if not found:
        raise NotFound("there is no such slot", "Look at the service's slots again.")
    return found[0]


def slots_of(request: int) -> list[Slot]:
    """The slots that are booked for a request."""
    return _select("request = %s AND state = 'booked' ORDER BY starts, id", [request])


@transaction.atomic
def book_slot(*, slot: int, request: int, by: Actor) -> Slot:
    """Book a slot for a request, in the caller's transaction. Raises UserError where it is gone.

    Of two who book the last one, the store lets the first through, and tells the other.
    """
    change(slot, "free", "booked", request=request, by=by)
    return _one(slot)


@transaction.atomic
def free_slot(*, slot: int, request: int, by: Actor, why: str = "") -> Slot:
    """Give a slot back that a request had. Raises UserError where the request has it no more."""
    found = _one(slot)
    if found.state == "booked" and found.request != request:
        raise UserError("that slot is another's", "Look at the service's slots again.")
    change(slot, "booked", "free", by=by, why=why)
    return _one(slot)


@transaction.atomic
def free_slots_of(*, request: int, by: Actor, why: str = "") -> int:
    """Give back all slots of a request that have not begun: when it is revoked or returned."""
    found = [each for each in slots_of(request) if each.starts > now()]
    for each in found:
        change(each.id, "booked", "free", by=by, why=why)
    return len(found)


_one = slot
_TOLD = {
    "booked": say("that slot was booked by {by} at {at}"),
    "blocked": say("that slot was blocked by {by} at {at}"),
    "free": say("that slot is free already"),
    "gone": say("that slot was taken away by {by} at {at}"),
}


def change(
    number: int, before: str, state: str, *, by: Actor, request: int = 0, why: str = ""
) -> None:
    """Change how a slot stands. Raises UserError where it does not stand as it did."""
    at = to_micros(now())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE care_slot SET state = %s, request = %s WHERE id = %s AND state = %s",
            [state, request, number, before],
        )
        if not cursor.rowcount:
            raise _refused(number)
        cursor.execute(
            'INSERT INTO care_slot_step (slot, state, request, at, "by", why)'
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [number, state, request, at, by.name, why[:200]],
        )


def _refused(number: int) -> UserError:
    from onesystem.district import current
    from onesystem.vocabulary import to_local

    found = _one(number)
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT "by", at FROM care_slot_step WHERE slot = %s ORDER BY id DESC LIMIT 1', [number]
        )
        by, at = cursor.fetchone() or (say("the service"), to_micros(now()))
    local = to_local(from_micros(at), current().zone)
    told = _TOLD[found.state].format(by=by, at=f"{local:%H:%M on %-d %B}")
    return UserError(told, say("Choose another slot."))


def forget(identities: Sequence[int]) -> int:
    """Forget whose slots were, once their requests are destroyed; the slots stay taken."""
    if not identities:
        return 0
    gone = "request <> 0 AND request NOT IN (SELECT request FROM care_request)"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE care_slot_step SET request = 0 WHERE {gone}")
        cursor.execute(f"UPDATE care_slot SET request = 0 WHERE {gone}")
        return int(cursor.rowcount)


def _select(where: str, values: Sequence[Any]) -> list[Slot]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_NAMES} FROM care_slot WHERE {where}", list(values))
        return [
            Slot(
                id=number, service=service, key=key, starts=from_micros(starts),
                ends=from_micros(ends), state=state, request=request, words=words,
                schedule=schedule,
            )
            for number, service, key, starts, ends, state, request, words, schedule in
            cursor.fetchall()
        ]  # fmt: skip
