"""Local times to UTC, a million at a time.

The rule of `vocabulary.time`: of an hour that happens twice the first is meant, and a time inside
an hour that never was counts on from before the gap. DuckDB's own conversion takes the second of
the two hours and costs ten times as much, so each zone's changes are laid out once as an array.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from onesystem.vocabulary import zone

_FIRST, _LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1900, 2300))
_WEEK = 7 * 24 * 3600
_Changes = tuple[np.ndarray, np.ndarray]


@lru_cache(maxsize=16)
def changes(name: str) -> _Changes:
    """Local microseconds from which an offset holds, and the offsets (one more, the first)."""
    tz = zone(name)

    def offset(second: int) -> timedelta:  # whole seconds: a moment of Python's costs four times it
        return datetime.fromtimestamp(second, tz).utcoffset() or timedelta()

    starts, offsets = [], [_us(offset(_FIRST))]
    now, before = _FIRST, offset(_FIRST)
    while now < _LAST:
        after = offset(now + _WEEK)
        if after != before:
            low, high = now, now + _WEEK  # the change lies between; halve down to the second
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            # Forward: the gap's own times still count on from before. Back: so does the first
            # of the two hours. Both mean that the new offset starts at the later wall time.
            starts.append(high * 1_000_000 + max(_us(before), _us(after)))
            offsets.append(_us(after))
        now, before = now + _WEEK, after
    return np.array(starts, dtype="int64"), np.array(offsets, dtype="int64")


def to_utc_us(local: np.ndarray, name: str) -> np.ndarray:
    """Microseconds since 1970 on the clocks of a zone, as microseconds since 1970 in UTC."""
    starts, offsets = changes(name)
    return local - offsets[np.searchsorted(starts, local, side="right")]


def _us(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
