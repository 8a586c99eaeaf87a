"""Limits of individual values from their moving ranges (XmR). Pure.

The constants are those of NHS England's Making Data Count, as coded in NHSRplotthedots (0.2.2):
2.66 average moving ranges to a limit, two thirds of that to a near limit.
"""

import math

from onesystem.flow.spc.lines import Lines, Values, average_moving_range, level, mean

LIMIT = 2.66


def lines(
    values: Values,
    *,
    baseline: int | None = None,
    screen: bool = True,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Lines:
    """The lines of one group, worked out from all of it or from its first `baseline` points.

    No limit goes over what a value can be at all, `within`, as no limit of a share does.

    Where nothing varies, screening leaves no moving range, and there are no limits.
    """
    used = values if baseline is None else values[:baseline]
    centre = mean(used)
    spread = average_moving_range(used, screen=screen)
    sigma = None if spread is None else LIMIT / 3 * spread
    floor, ceiling = within
    return level(centre, sigma, len(values), floor=floor, ceiling=ceiling, spread=spread)
