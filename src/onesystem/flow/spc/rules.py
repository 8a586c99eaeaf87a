"""The four rules of NHS England's Making Data Count, as NHSRplotthedots 0.2.2 codes them. Pure.

Each point gets one cause, the first that holds:

1. it lies outside a limit;
2. it is part of a trend: seven points, each above (or each below) the one before;
3. it is one of two of three: of three neighbours on one side of the mean, two or three lie
   between a near limit and the limit, and it is one of these;
4. it is part of a run: seven points on one side of the mean.

A point that is missing, or on the mean, or as high as the one before, breaks what it stands in.
A run or a trend is marked whole, from its first point on. A peak that ends a rise and begins a fall
belongs to the fall.
"""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import pairwise

from onesystem.flow.spc.lines import Lines, Values

SEVEN = 7
# Limits are sums and quotients of doubles: a value this close to a line lies on it.
TOUCHES = 5e-15


class Cause(IntEnum):
    """Why a point is marked; the number is its place in the order of the rules."""

    COMMON = 0
    OUTSIDE = 1
    TREND = 2
    TWO_OF_THREE = 3
    RUN = 4


def causes(values: Values, lines: Lines) -> tuple[tuple[Cause, ...], tuple[int, ...]]:
    """The cause of each point of a group, and its way: 1 high or rising, -1 low or falling."""
    sides, outside, close = _stand(values, lines)
    found = [Cause.COMMON] * len(values)
    ways = [0] * len(values)
    # From the last rule to the first, so that the first has the last word.
    for cause, marked in (
        (Cause.RUN, _runs(sides)),
        (Cause.TWO_OF_THREE, _two_of_three(close, sides)),
        (Cause.TREND, _trends(values)),
        (Cause.OUTSIDE, outside),
    ):
        for i, way in enumerate(marked):
            if way:
                found[i], ways[i] = cause, way
    return tuple(found), tuple(ways)


def _stand(values: Values, lines: Lines) -> tuple[list[int], list[int], list[int]]:
    """Of each point: its side of the centre, whether it lies strictly outside a limit, and whether
    strictly between a near limit and the limit; 1 above, -1 below, 0 neither.
    """
    sides, outside, close = [0] * len(values), [0] * len(values), [0] * len(values)
    for i, (value, centre) in enumerate(zip(values, lines.centre, strict=True)):
        if value is None or centre is None or not (side := _against(value, centre)):
            continue
        sides[i] = side
        limit = lines.upper[i] if side > 0 else lines.lower[i]
        near = lines.near_upper[i] if side > 0 else lines.near_lower[i]
        if limit is not None and _against(value, limit) == side:
            outside[i] = side
        elif near is not None and _against(value, near) == side:
            close[i] = side
    return sides, outside, close


def _against(value: float, line: float) -> int:
    """1 above the line, -1 below it, 0 on it."""
    distance = value - line
    if abs(distance) <= TOUCHES * (abs(value) + abs(line)):
        return 0
    return 1 if distance > 0 else -1


def _stretches(signs: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(sign, first, past the last) of each longest stretch of one sign; noughts are in none."""
    start = 0
    for i in range(1, len(signs) + 1):
        if i == len(signs) or signs[i] != signs[start]:
            if signs[start]:
                yield signs[start], start, i
            start = i


def _runs(sides: Sequence[int]) -> list[int]:
    marked = [0] * len(sides)
    for side, first, end in _stretches(sides):
        if end - first >= SEVEN:
            marked[first:end] = [side] * (end - first)
    return marked


def _trends(values: Values) -> list[int]:
    steps = [0 if a is None or b is None else (b > a) - (b < a) for a, b in pairwise(values)]
    marked = [0] * len(values)
    for way, first, end in _stretches(steps):
        if end - first >= SEVEN - 1:  # seven points are six steps
            marked[first : end + 1] = [way] * (end + 1 - first)
    return marked


def _two_of_three(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    marked = [0] * len(sides)
    for i in range(len(sides) - 2):
        window = range(i, i + 3)
        side = sides[i]
        if side and side == sides[i + 1] == sides[i + 2]:
            beyond = [j for j in window if close[j]]
            if len(beyond) >= 2:
                for j in beyond:
                    marked[j] = side
    return marked
