"""When things happen: days by season and weekday, minutes by hour, local time to UTC."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from onesystem.demo.seconds import HOUR

_FLAT = np.ones(12)
WEEKDAYS = np.array([1.1, 1.03, 1.0, 1.0, 0.97, 0, 0])
ALL_WEEK = np.ones(7)
OFFICE = np.array([0] * 8 + [8, 12, 12, 10, 5, 7, 10, 10, 9, 5, 1] + [0] * 5, dtype=float)


@lru_cache(maxsize=4)
def _changes(zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Local seconds from which each offset holds, and the offsets, from 2015 to 2050."""
    tz = ZoneInfo(zone)
    start, last = [-(1 << 60)], _offset(datetime(2015, 1, 1, tzinfo=UTC), tz)
    offsets = [last]
    hours = [datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(0, 306_600, 24)]
    for day in hours:
        if _offset(day, tz) == last:
            continue
        first = day - timedelta(hours=24)
        inside = [first + timedelta(hours=h) for h in range(25)]
        at = inside[bisect_right(inside, 0, key=lambda t: _offset(t, tz) != last)]
        last = _offset(at, tz)
        start.append(int(at.timestamp()) + last)
        offsets.append(last)
    return np.array(start), np.array(offsets)


def _offset(moment: datetime, tz: ZoneInfo) -> int:
    offset = moment.astimezone(tz).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def to_utc(local: np.ndarray, zone: str) -> np.ndarray:
    """Local wall-clock seconds as UTC seconds."""
    start, offsets = _changes(zone)
    return local - offsets[np.searchsorted(start, local, side="right") - 1]  # type: ignore[no-any-return]


def to_local(utc: np.ndarray, zone: str) -> np.ndarray:
    """UTC seconds as local wall-clock seconds."""
    start, offsets = _changes(zone)
    index = np.searchsorted(start[1:] - offsets[1:], utc, side="right")
    return utc + offsets[index]  # type: ignore[no-any-return]


def months(days: np.ndarray) -> np.ndarray:
    """Calendar month, 0 for January, of days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12


def weekday(days: np.ndarray) -> np.ndarray:
    """0 for Monday, of days since 1970."""
    return (days + 3) % 7


def draw_days(
    count: int,
    span: tuple[int, int],
    rng: np.random.Generator,
    *,
    week: np.ndarray = ALL_WEEK,
    season: np.ndarray = _FLAT,
) -> np.ndarray:
    """Days from span[0] up to, not including, span[1]."""
    days = np.arange(*span)
    edges = np.cumsum(week[weekday(days)] * season[months(days)])
    if not edges[-1]:
        return np.full(count, span[0])
    return days[np.searchsorted(edges[:-1], rng.random(count) * edges[-1], side="right")]  # type: ignore[no-any-return]


def draw_clock(count: int, by_hour: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Seconds since midnight, by weights of the 24 hours."""
    edges = np.cumsum(by_hour)
    hour = np.searchsorted(edges[:-1], rng.random(count) * edges[-1], side="right")
    return hour * HOUR + rng.integers(0, HOUR, count)  # type: ignore[no-any-return]


def on_weekday(days: np.ndarray) -> np.ndarray:
    """The same day, or the Monday after a weekend."""
    late = weekday(days)
    return days + np.where(late >= 5, 7 - late, 0)
