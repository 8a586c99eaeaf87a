"""Many XmR charts at once, in arrays: what `xmr` and `rules` do, for every series in one go. Pure.

Rows are phases of series, columns points, nan a point that is not known; rows of different
lengths are filled up with nan on the right. A test holds it equal to the plain form.
"""

from dataclasses import dataclass
from typing import Any

from onesystem.flow.spc.lines import SCREEN
from onesystem.flow.spc.rules import SEVEN, TOUCHES, Cause
from onesystem.flow.spc.xmr import LIMIT

Array = Any  # numpy arrays; numpy is imported where it is used, so that page workers stay light


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """One line a row: centre and distance to a limit (nan where there is none); then for each
    point its cause and its way, as `rules.causes` gives them.
    """

    centre: Array
    limit: Array
    causes: Array
    ways: Array


def charts(values: Array, *, baseline: int | None = None, screen: bool = True) -> Many:
    """The charts of a (phases, points) array of doubles."""
    import numpy as np

    values = np.asarray(values, dtype=float)
    used = values if baseline is None else values[:, :baseline]
    centre = _mean(used)
    ranges = np.abs(np.diff(used, axis=1))
    spread = _mean(ranges)
    if screen:
        with np.errstate(invalid="ignore"):
            spread = _mean(np.where(ranges < SCREEN * spread[:, None], ranges, np.nan))
    limit = LIMIT * spread
    causes, ways = _causes(values, centre[:, None], limit[:, None])
    return Many(centre=centre, limit=limit, causes=causes, ways=ways)


def _mean(values: Array) -> Array:
    """The mean of each row over what is known; nan where nothing is."""
    import numpy as np

    known = ~np.isnan(values)
    many = known.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known, values, 0.0).sum(axis=1) / many


def _causes(values: Array, centre: Array, limit: Array) -> tuple[Array, Array]:
    import numpy as np

    distance = values - centre
    with np.errstate(invalid="ignore"):
        sides = _sign(distance, values, centre)
        outside = _further(values, centre, limit)
        close = np.where(outside == 0, _further(values, centre, limit * 2 / 3), 0)
    causes = np.zeros(values.shape, dtype=np.int8)
    ways = np.zeros(values.shape, dtype=np.int8)
    for cause, marked in (
        (Cause.RUN, _windows(sides, SEVEN)),
        (Cause.TWO_OF_THREE, _two_of_three(close != 0, sides)),
        (Cause.TREND, _trends(values)),
        (Cause.OUTSIDE, outside),
    ):
        np.copyto(causes, np.int8(cause), where=marked != 0)
        np.copyto(ways, marked, where=marked != 0)
    return causes, ways


def _sign(distance: Array, one: Array, other: Array) -> Array:
    """1 and -1 where they differ by more than the noise of doubles; 0 for nan."""
    import numpy as np

    noise = TOUCHES * (np.abs(one) + np.abs(other))
    return (distance > noise).astype(np.int8) - (distance < -noise).astype(np.int8)


def _further(values: Array, centre: Array, limit: Array) -> Array:
    """1 above centre + limit, -1 below centre - limit, else 0."""
    high, low = centre + limit, centre - limit
    above = _sign(values - high, values, high) > 0
    below = _sign(values - low, values, low) < 0
    return above.astype("int8") - below.astype("int8")


def _windows(signs: Array, size: int) -> Array:
    """The sign of every place that is within `size` neighbours of one sign, else 0."""
    import numpy as np

    out = np.zeros_like(signs)
    for sign in (1, -1):
        out += sign * _covered(signs == sign, size).astype(np.int8)
    return out


def _covered(true: Array, size: int) -> Array:
    """Where a place lies within `size` neighbours that are all true."""
    import numpy as np

    if true.shape[1] < size:
        return np.zeros_like(true)
    starts = true[:, : true.shape[1] - size + 1].copy()
    for offset in range(1, size):
        starts &= true[:, offset : true.shape[1] - size + 1 + offset]
    out = np.zeros_like(true)
    for offset in range(size):
        out[:, offset : offset + starts.shape[1]] |= starts
    return out


def _trends(values: Array) -> Array:
    import numpy as np

    with np.errstate(invalid="ignore"):
        steps = np.diff(values, axis=1)
        rising, falling = steps > 0, steps < 0
    up, down = (_points(_covered(each, SEVEN - 1)) for each in (rising, falling))
    # A peak that ends a rise and begins a fall, or the other way round, goes with what begins.
    begins_up = np.pad(rising, ((0, 0), (0, 1)))
    is_up = up & (~down | begins_up)
    return is_up.astype(np.int8) - (down & ~is_up).astype(np.int8)


def _points(steps: Array) -> Array:
    """Both ends of each marked step."""
    import numpy as np

    return np.pad(steps, ((0, 0), (0, 1))) | np.pad(steps, ((0, 0), (1, 0)))


def _two_of_three(close: Array, sides: Array) -> Array:
    import numpy as np

    out = np.zeros_like(sides)
    if sides.shape[1] < 3:
        return out
    one, two, three = sides[:, :-2], sides[:, 1:-1], sides[:, 2:]
    beyond = close[:, :-2].astype(np.int8) + close[:, 1:-1] + close[:, 2:]
    found = (one != 0) & (one == two) & (two == three) & (beyond >= 2)
    for offset in range(3):
        part = out[:, offset : offset + found.shape[1]]
        np.copyto(part, sides[:, offset : offset + found.shape[1]], where=found)
    return np.where(close, out, 0).astype(np.int8)
