"""Time: stored in UTC, shown in the district's zone; intervals are half open.

A clock that goes back shows an hour twice, and two things that happened in it an hour apart stay
an hour apart: `to_utc` takes the offset when the source gives one and otherwise the first of the
two hours. A clock that goes forward skips an hour; a local time inside it never was, and is read
as the moment the same number of minutes after the gap began.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` up to but not including `end`; no end means that it still goes on."""

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            msg = f"an interval cannot end ({self.end}) before it starts ({self.start})"
            raise ValueError(msg)

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def meets(self, other: "Interval") -> bool:
        """Whether some moment lies in both."""
        return (self.end is None or other.start < self.end) and (
            other.end is None or self.start < other.end
        )

    def length(self, *, now: datetime) -> timedelta:
        """How long it has lasted by `now`, or lasted in all."""
        return (self.end or max(now, self.start)) - self.start


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name."""
    return ZoneInfo(name)


def to_utc(moment: datetime, zone_name: str) -> datetime:
    """A source's time in UTC. One without an offset is read as local to `zone_name`.

    >>> to_utc(datetime(2026, 7, 1, 9, 30), "Europe/London").isoformat()
    '2026-07-01T08:30:00+00:00'
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(zone_name))
    return moment.astimezone(UTC)


def to_local(moment: datetime, zone_name: str) -> datetime:
    """A UTC time as the district's clocks showed it.

    >>> to_local(datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "Europe/London").isoformat()
    '2026-07-01T09:30:00+01:00'
    """
    return moment.astimezone(zone(zone_name))
