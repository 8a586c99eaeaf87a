"""Whether services have room this week: by their slots, or by who is there against capacity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db import connection

from onesystem.care.services.entry import Entry
from onesystem.care.services.reading import entries
from onesystem.district import Service, current, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import to_micros

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Free, of how many, in the seven days from now; None where nobody has said.

    `how` is `slots` where they are counted, `people` where those who are there are set against
    capacity, and empty where neither is known.
    """

    service: str
    free: int | None = None
    of: int | None = None
    how: str = ""
    at: datetime

    @property
    def full(self) -> bool:
        """Whether it is known to have none left."""
        return self.free is not None and self.free <= 0


def capacity(code: str) -> Room:
    """The room that one service has this week. Raises nothing: an unknown one has told nothing."""
    return capacities([code])[code]


def capacities(codes: Iterable[str]) -> dict[str, Room]:
    """The room that services have this week, in two looks at the store however many they are."""
    wanted, at = list(codes), now()
    slots, here, said = _slots(at), _here(at), entries()
    return {
        code: _room(code, said.get(code), slots.get(code), here.get(code, 0), at) for code in wanted
    }


def _room(
    code: str, entry: Entry | None, counted: tuple[int, int] | None, here: int, at: datetime
) -> Room:
    if counted is not None:
        return Room(service=code, free=counted[0], of=counted[1], how="slots", at=at)
    holds = _said(entry, at)
    if holds is None and code in current().services:
        holds = _holds(current().services[code], at)
    if holds is None:
        return Room(service=code, at=at)
    return Room(service=code, free=max(0, holds - here), of=holds, how="people", at=at)


def _said(entry: Entry | None, at: datetime) -> int | None:
    """How many its coordinator says that it takes at once, in the place of the district's file."""
    if entry is None or not entry.amounts:
        return None
    return entry.amount_on(to_local(at, current().zone).date())


def _holds(service: Service, at: datetime) -> int | None:
    """The most people it can hold at once in this week; None where nobody has said."""
    return _most(service, at.replace(minute=0, second=0, microsecond=0), current().zone)


@lru_cache(maxsize=4096)  # hour by hour, and the same for every page of an hour
def _most(service: Service, hour: datetime, zone: str) -> int | None:
    if not service.capacity:
        return None
    if len(service.capacity) == 1 and service.capacity[0].on(hour.date()):
        return service.capacity[0].amount
    told = (service.capacity_at(hour + n * timedelta(hours=1), zone) for n in range(7 * 24))
    return max((each for each in told if each is not None), default=0)


def _slots(at: datetime) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT service, sum(CASE WHEN state = 'free' THEN 1 ELSE 0 END), count(*)"
            " FROM care_slot WHERE starts >= %s AND starts < %s AND state IN ('free', 'booked')"
            " GROUP BY service",
            [to_micros(at), to_micros(at + WEEK)],
        )
        return {service: (int(free), int(of)) for service, free, of in cursor.fetchall()}


def _here(at: datetime) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT service, count(*) FROM contacts_contact WHERE ended IS NULL AND NOT cancelled"
            " AND started <= %s GROUP BY service",
            [to_micros(at)],
        )
        return {service: int(many) for service, many in cursor.fetchall()}
