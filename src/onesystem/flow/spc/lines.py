"""The lines of a chart: centre, limits and near limits, one value for each point. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Values = Sequence[float | None]
Column = tuple[float | None, ...]
SCREEN = 3.267  # a range of two that lies further out is no common cause (its D4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Where each point of a group is held against; None where there is no such line.

    `spread` is what made the limits: of XmR the average moving range, of primed charts Laney's
    sigma of z.
    """

    centre: Column
    lower: Column
    upper: Column
    near_lower: Column
    near_upper: Column
    spread: float | None = None


def around(
    centre: Values,
    sigma: Values,
    *,
    floor: float = -math.inf,
    ceiling: float = math.inf,
    spread: float | None = None,
) -> Lines:
    """Limits three sigma away from the centre and near limits at two, within floor and ceiling."""

    def line(times: float) -> Column:
        return tuple(
            None if c is None or s is None else min(max(c + times * s, floor), ceiling)
            for c, s in zip(centre, sigma, strict=True)
        )

    return Lines(
        centre=tuple(centre),
        lower=line(-3),
        upper=line(3),
        near_lower=line(-2),
        near_upper=line(2),
        spread=spread,
    )


def level(
    centre: float | None,
    sigma: float | None,
    many: int,
    *,
    floor: float = -math.inf,
    ceiling: float = math.inf,
    spread: float | None = None,
) -> Lines:
    """The same for `many` points that all have one centre and one sigma."""
    one = around([centre], [sigma], floor=floor, ceiling=ceiling, spread=spread)
    return Lines(
        centre=one.centre * many,
        lower=one.lower * many,
        upper=one.upper * many,
        near_lower=one.near_lower * many,
        near_upper=one.near_upper * many,
        spread=one.spread,
    )


def mean(values: Values) -> float | None:
    """The mean of what is known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None


def average_moving_range(values: Values, *, screen: bool) -> float | None:
    """The mean of the steps between neighbours that are both known.

    With `screen`, ranges that are not below 3.267 times the mean are dropped, once, and the rest
    is averaged again (Nelson 1982, Journal of Quality Technology 14(3), 172-173).
    """
    ranges = [
        abs(after - before)
        for before, after in pairwise(values)
        if before is not None and after is not None
    ]
    first = mean(ranges)
    if not screen or first is None:
        return first
    return mean([r for r in ranges if r < SCREEN * first])
