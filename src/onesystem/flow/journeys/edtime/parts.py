"""ED stays cut into parts that follow one another and add up to the whole. Pure.

Of each stay the log says when it started and ended, when the person was ready (decided to admit,
or free to go), which tests they had meanwhile, when the ambulance that brought them stood at the
door and had handed over, and when the ward that they went to began. What was not said makes no
part: its time goes to the part that it would have cut in two. So the parts of a stay always add up,
and so do their means.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onesystem.flow.journeys.steps import NOT_KNOWN, Whole
from onesystem.flow.measures.days import Clock, begin

Table = NDArray[np.int64]
PARTS = ("door", "to_test", "tests", "no_test", "after", "ready", "ward")
_SECOND, _HOUR = 1_000_000, 3600
_TARGET = 4 * _HOUR
_WAY_TO_WARD = 24 * _HOUR  # a ward that begins later was not gone to from the ED


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """ED stays in columns of one length; microseconds since 1970 UTC, NOT_KNOWN where not said.

    `door` is when the ambulance arrived and `handed` when it had handed over, `first` and `last`
    the start of the first and the end of the last test within the stay, `ward` when the ward that
    the stay led to began.
    """

    started: Whole
    ready: Whole
    ended: Whole
    door: Whole
    handed: Whole
    first: Whole
    last: Whole
    ward: Whole
    admitted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.started)


def split(stays: Stays) -> Table:
    """Whole seconds of each part (columns as in PARTS) of each stay that has ended (rows).

    Marks outside the stay are drawn to its edges; a test after the decision is part of waiting.
    """
    start, end = stays.started, np.maximum(stays.ended, stays.started)
    decided = np.where(stays.ready == NOT_KNOWN, end, np.clip(stays.ready, start, end))
    tested = stays.first != NOT_KNOWN
    handed = np.where(stays.handed == NOT_KNOWN, start, np.clip(stays.handed, start, decided))
    first = np.clip(np.where(tested, stays.first, decided), handed, decided)
    last = np.clip(np.where(tested, stays.last, decided), first, decided)
    before = np.where(stays.door == NOT_KNOWN, start, np.minimum(stays.door, start))
    beyond = np.where(stays.ward == NOT_KNOWN, end, np.maximum(stays.ward, end))
    beyond = np.where(beyond - end > _WAY_TO_WARD * _SECOND, end, beyond)
    none = np.zeros(len(start), np.int64)
    cuts = (
        handed - before,
        np.where(tested, first - handed, none),
        np.where(tested, last - first, none),
        np.where(tested, none, decided - handed),
        np.where(tested, decided - last, none),
        end - decided,
        beyond - end,
    )
    return np.stack([_seconds(cut) for cut in cuts], axis=1)


def buckets(moments: Whole, every: str, clock: Clock) -> Whole:
    """Where each moment is counted: the first day of its day or week, or its hour of the day."""
    milli = moments // 1000
    offsets = np.array(clock.offsets, np.int64)
    place = np.searchsorted(np.array(clock.changes, np.int64), milli, side="right")
    local = milli + offsets[place]
    day = local // 86_400_000
    if every == "hour":
        return np.asarray(local // 3_600_000 % 24)
    if every == "week":
        return np.asarray(day - (day + 3) % 7)
    return np.asarray(day)


def told(stays: Stays, keys: Whole) -> dict[int, dict[str, object]]:
    """By bucket: attendances, seconds of each part in all, how many within four hours, admitted."""
    parts = split(stays)
    whole = (stays.ended - stays.started) // _SECOND
    made: dict[int, dict[str, object]] = {}
    for key in np.unique(keys):
        mine = keys == key
        made[int(key)] = {
            "attendances": int(mine.sum()),
            "parts": [int(total) for total in parts[mine].sum(axis=0)],
            "within": int((whole[mine] <= _TARGET).sum()),
            "admitted": int(stays.admitted[mine].sum()),
            "median": float(np.median(whole[mine])),
        }
    return made


def counted(keys: Whole, waits: Whole | None = None) -> Mapping[int, tuple[int, int]]:
    """By bucket: how many, and the seconds that they waited in all."""
    found, place, many = np.unique(keys, return_inverse=True, return_counts=True)
    total = np.zeros(len(found), np.int64)
    if waits is not None:
        np.add.at(total, place, waits)
    return {int(k): (int(n), int(t)) for k, n, t in zip(found, many, total, strict=True)}


def every_bucket(first: int, last: int, every: str) -> list[int]:
    """All buckets from the day `first` to the day before `last`, busy or not."""
    if every == "hour":
        return list(range(24))
    return sorted({begin(day, every) for day in range(first, last)})


def _seconds(micros: Whole) -> Whole:
    return np.asarray(micros // _SECOND)
