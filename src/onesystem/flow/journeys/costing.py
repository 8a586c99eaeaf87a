"""What contacts cost at average unit costs by setting, in whole minor units. Pure.

The same sum as the measure *cost per person*: the price of a contact of the setting, and the price
of a night there for each midnight of the district's clocks between start and end, at least one.
What was asked for and never started costs nothing; what goes on costs the nights up to now.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from onesystem.flow.journeys.steps import NOT_KNOWN, Small, Whole
from onesystem.flow.measures.days import DAY, Clock

_MILLI = 1000  # microseconds


def costs(
    setting: Small,
    names: Sequence[str],
    started: Whole,
    ended: Whole,
    *,
    now: int,
    clock: Clock,
    contact: Mapping[str, int],
    night: Mapping[str, int],
) -> Whole:
    """The cost of each contact. Times are microseconds since 1970 UTC, NOT_KNOWN where none is.

    `setting` is a place in `names`; `contact` and `night` are prices by the name of a setting, and
    a setting without a price costs nothing.
    """
    each = np.array([contact.get(name, 0) for name in names] or [0], np.int64)
    stay = np.array([night.get(name, 0) for name in names] or [0], np.int64)
    known = started != NOT_KNOWN
    until = np.where(ended == NOT_KNOWN, np.maximum(now, started), ended)
    nights = np.zeros(len(started), np.int64)
    nights[known] = _days(until[known], clock) - _days(started[known], clock)
    made = each[setting] + stay[setting] * np.maximum(nights, 1)
    return np.where(known, made, 0)


def _days(moments: Whole, clock: Clock) -> Whole:
    """The day of the district's clocks that each moment lies in."""
    milli = moments // _MILLI
    offsets = np.array(clock.offsets, np.int64)
    place = np.searchsorted(np.array(clock.changes, np.int64), milli, side="right")
    return np.asarray((milli + offsets[place]) // DAY)


def each(total: int, count: int) -> int:
    """The mean in whole minor units, halves up; 0 of none."""
    return (2 * total + count) // (2 * count) if count else 0
