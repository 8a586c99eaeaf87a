"""Days, periods and ages of columns of moments."""

from functools import lru_cache
from math import gcd

import numpy as np

from onesystem.flow.measures import days
from onesystem.flow.measures.columns.values import Array
from onesystem.flow.measures.days import DAY, Clock

_FROM, _TO = -60_000, 60_000  # 1805 to 2134: days that are looked up instead of worked out
_HOUR, _SHORTEST = 3_600_000, 900_000  # milliseconds
_BAND_UNKNOWN, _OLDEST = -1, 90


@lru_cache(maxsize=8)
def _changes(clock: Clock) -> tuple[Array, Array]:
    return np.array(clock.changes, np.int64), np.array(clock.offsets, np.int64)


@lru_cache(maxsize=8)
def _slots(clock: Clock) -> tuple[int, Array]:
    """A length of time of which no part lies in two days, and the day of each since 1970.

    An hour in most zones. Nothing where clocks change at moments that have no such length.
    """
    unit = gcd(_HOUR, *clock.changes, *clock.offsets)
    if unit < _SHORTEST or not clock.changes:
        return 0, np.zeros(0, np.int32)
    starts = np.arange(0, clock.changes[-1], unit, dtype=np.int64)
    return unit, _days(clock, starts).astype(np.int32)


def day(clock: Clock, moments: Array) -> Array:
    """The days that moments lie in."""
    unit, slots = _slots(clock)
    if unit and moments.size:
        slot = moments // unit
        if slot.min() >= 0 and slot.max() < len(slots):
            return np.asarray(slots[slot].astype(np.int64))
    return _days(clock, moments)


def _days(clock: Clock, moments: Array) -> Array:
    changes, offsets = _changes(clock)
    return np.asarray((moments + offsets[np.searchsorted(changes, moments, "right")]) // DAY)


def midnight(clock: Clock, on: Array) -> Array:
    """The moments at which days begin; of a midnight that comes twice, the first."""
    place = on - _FROM
    if place.size and (place.min() < 0 or place.max() >= _TO - _FROM):
        return _midnights(clock, on)
    return np.asarray(_every_midnight(clock)[place])


@lru_cache(maxsize=8)
def _every_midnight(clock: Clock) -> Array:
    return _midnights(clock, np.arange(_FROM, _TO, dtype=np.int64))


def _midnights(clock: Clock, on: Array) -> Array:
    changes, offsets = _changes(clock)
    local = on * DAY
    if not len(changes):
        return np.asarray(local - offsets[0])
    # The first change after which the clocks show this midnight or have skipped it.
    shown = changes + np.maximum(offsets[:-1], offsets[1:])
    at = np.searchsorted(shown, local, "right")
    plain = local - offsets[at]
    change = changes[np.minimum(at, len(changes) - 1)]
    return np.where((at < len(changes)) & (plain >= change), change, plain)


@lru_cache(maxsize=8)
def begins(period: str) -> Array:
    """The first day of the period of each day that is looked up; `at` tells a day's place."""
    every = np.arange(_FROM, _TO, dtype=np.int64)
    if period == "day":
        return every
    if period == "week":
        return np.asarray(every - (every + 3) % 7)
    dates = every.astype("datetime64[D]")
    months = dates.astype("datetime64[M]").astype(np.int64)
    months -= months % {"month": 1, "quarter": 3, "year": 12}[period]
    return np.asarray(months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))


def at(on: Array) -> Array:
    """The places of days among those that are looked up."""
    return np.asarray(np.clip(on - _FROM, 0, _TO - _FROM - 1))


def begin(on: Array, period: str) -> Array:
    """The first days of the periods that days lie in."""
    return np.asarray(begins(period)[at(on)])


def after(first: Array, period: str) -> Array:
    """The first days of the next periods, from the first days of some."""
    longest = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}[period]
    return begin(first + longest, period)


@lru_cache(maxsize=1)
def _told() -> Array:
    dates = np.arange(_FROM, _TO, dtype=np.int64).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    of_month = (dates - months).astype(np.int64) + 1
    count = months.astype(np.int64)
    return np.asarray((count // 12 + 1970) * 10_000 + (count % 12 + 1) * 100 + of_month)


def ymd(on: Array) -> Array:
    """Days as numbers like 20261122."""
    return np.asarray(_told()[at(on)])


def years(born: Array, on: Array) -> Array:
    """Whole years from one day to another."""
    return np.asarray((ymd(on) - ymd(born)) // 10_000)


def bands(born: Array, known: Array | None, on: Array) -> Array:
    """The first years of the five-year bands of people's ages on days; -1 for unknown."""
    age = years(born, on)
    band = np.minimum(age // 5 * 5, _OLDEST)
    unknown = age < 0 if known is None else (age < 0) | ~known
    return np.where(unknown, _BAND_UNKNOWN, band)


assert max(days.BANDS) == _OLDEST  # noqa: S101 - the two are told in two places
