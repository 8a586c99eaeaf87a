"""The arithmetic of a schedule in whole numbers: made ready once, then the same for one distance
as for a thousand (`many.py` does it with columns).

A schedule is made ready to integers: slice bounds over one denominator, shares over another. What
lies in a slice times its share is a whole number over `bottom`, so nothing is lost before the one
rounding at the end.
"""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.terms.numbers import common
from onesystem.budget.terms.schedule import AMOUNT, Schedule, Slice


@dataclass(frozen=True, slots=True)
class Cut:
    """A slice in whole numbers: bounds times the baseline (or as they are), share on top."""

    start: int | None
    end: int | None
    share: int
    slice: Slice


@dataclass(frozen=True, slots=True)
class Ready:
    """A schedule in whole numbers."""

    cuts: tuple[Cut, ...]
    scale: int  # the distance is multiplied by it
    bottom: int  # of what a slice gives
    relative: bool  # bounds are shares of the baseline


def ready(schedule: Schedule) -> Ready:
    """The schedule made ready."""
    bounds = [b for each in schedule.slices for b in (each.start, each.end) if b is not None]
    scale = common(bounds)
    shares = common([each.share for each in schedule.slices])
    cuts = tuple(
        Cut(_top(each.start, scale), _top(each.end, scale), int(each.share * shares), each)
        for each in schedule.slices
    )
    return Ready(cuts, scale, scale * shares, schedule.unit != AMOUNT)


def _top(bound: Fraction | None, scale: int) -> int | None:
    return None if bound is None else int(bound * scale)


def inside(cut: Cut, times: int, *, first: int, last: int) -> int:
    """How much of the distance between two (scaled) points lies in the slice; `times` is what a
    bound of 1 is.
    """
    low = first if cut.start is None else max(first, cut.start * times)
    high = last if cut.end is None else min(last, cut.end * times)
    return max(0, high - low)
