"""Occupancy weighted by time: bed-time used, as a share of bed-time that was open. Pure.

A bed that was empty all morning counts half a day empty, whatever a count at midnight says. Times
are whole microseconds since 1970 in UTC, so a day whose clock goes back has 25 hours and each
counts. A place with no open bed has no occupancy, whoever is there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from onesystem.district.shape import Service
from onesystem.vocabulary.kept import from_micros, to_micros

DAY = 24 * 3600 * 1_000_000


class Step(NamedTuple):
    """So many beds were open from a moment on, until another."""

    since: int
    until: int
    beds: int


@dataclass(frozen=True, slots=True)
class Beds:
    """Bed-time open in the last 24 hours and since the district's last midnight, to a moment."""

    midnight: int
    today: int
    day: int


def used(stays: Iterable[tuple[int, int | None]], *, since: int, until: int) -> int:
    """Bed-time that stays (from, to or still there) took between two moments."""
    taken = 0
    for began, ended in stays:
        last = until if ended is None or ended > until else ended
        taken += max(0, last - max(began, since))
    return taken


def share(taken: int, open_: int) -> float | None:
    """Used as a share of open; None where nothing was open."""
    return taken / open_ if open_ > 0 else None


def open_time(steps: Sequence[Step], *, since: int, until: int) -> int:
    """Bed-time that was open between two moments."""
    return sum(
        step.beds * max(0, min(step.until, until) - max(step.since, since)) for step in steps
    )


def midnight(at: datetime, zone: str) -> datetime:
    """The last midnight by the district's clocks."""
    return at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def beds(service: Service, at: datetime, zone: str) -> Beds:
    """The bed-time of a service up to a moment."""
    now, day = to_micros(at), midnight(at, zone)
    since = to_micros(day)
    first = min(since, now - DAY)
    steps = _steps(service, zone, (day - timedelta(days=2)).date().isoformat())
    return Beds(
        midnight=since,
        today=open_time(steps, since=since, until=now),
        day=open_time(steps, since=max(first, now - DAY), until=now),
    )


@lru_cache(maxsize=2048)
def _steps(service: Service, zone: str, day: str) -> tuple[Step, ...]:
    """How many beds a service opens over four days: asked only where that can change."""
    place, start = ZoneInfo(zone), datetime.fromisoformat(day)
    moments = set()
    for number in range(5):
        clock = start + timedelta(days=number)
        moments.add(clock)
        for line in service.capacity:
            moments |= {datetime.combine(clock.date(), t) for t in (line.opens, line.closes)}
    # A clock time that happens twice may open a bed twice: both are asked.
    instants = sorted(
        {to_micros(m.replace(tzinfo=place, fold=fold)) for m in moments for fold in (0, 1)}
    )
    return tuple(
        Step(a, b, service.capacity_at(from_micros(a), zone) or 0) for a, b in pairwise(instants)
    )
