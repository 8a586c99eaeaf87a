"""Limits of counts: p, u and c, and Laney's p' and u'. Pure.

The limits of p, u and c follow from chance alone (D. C. Montgomery, Introduction to Statistical
Quality Control, chapter 7). Where denominators are large, chance is the least of what varies, and
nearly every point lies outside. Laney widens the limits by how much the points vary from one to
the next (D. B. Laney, Improved control charts for attributes, Quality Engineering 14(4), 2002).
"""

import math

from onesystem.flow.spc.lines import Lines, Values, around, average_moving_range, level, mean

RANGE_TO_SIGMA = 1.128  # the mean range of two values of a normal distribution, in sigmas
LARGE = 1000  # a mean denominator from which chance is no longer what varies most
OVERDISPERSED = 1.3  # Laney's sigma of z from which limits by chance are plainly too tight


def share(
    above: Values,
    below: Values,
    *,
    prime: bool,
    baseline: int | None = None,
    screen: bool = False,
) -> Lines:
    """The lines of a share of those counted: p, or with `prime` p'."""
    centre = _overall(above, below, baseline)
    spread = 0.0 if centre is None else math.sqrt(centre * (1 - centre))
    return _counted(above, below, centre, spread, prime, baseline, screen, ceiling=1.0)


def rate(
    above: Values,
    below: Values,
    *,
    prime: bool,
    baseline: int | None = None,
    screen: bool = False,
) -> Lines:
    """The lines of a rate over what it is counted in: u, or with `prime` u'."""
    centre = _overall(above, below, baseline)
    spread = 0.0 if centre is None else math.sqrt(centre)
    return _counted(above, below, centre, spread, prime, baseline, screen, ceiling=math.inf)


def count(values: Values, *, baseline: int | None = None) -> Lines:
    """The lines of a count where as much could happen in each period: c."""
    centre = mean(values[:baseline])
    sigma = None if centre is None else math.sqrt(centre)
    return level(centre, sigma, len(values), floor=0.0)


def _counted(
    above: Values,
    below: Values,
    centre: float | None,
    spread: float,
    prime: bool,
    baseline: int | None,
    screen: bool,
    ceiling: float,
) -> Lines:
    chance = [spread / math.sqrt(n) if n else None for n in below]
    wider = _sigma_of_z(above, below, centre, chance, baseline, screen)
    factor = wider if prime and wider is not None else 1.0
    sigma = [None if s is None or centre is None else s * factor for s in chance]
    return around([centre] * len(below), sigma, floor=0.0, ceiling=ceiling, spread=wider)


def _sigma_of_z(
    above: Values,
    below: Values,
    centre: float | None,
    chance: Values,
    baseline: int | None,
    screen: bool,
) -> float | None:
    """How much more the points vary from one to the next than by chance, which is 1.

    None where fewer than two neighbours can tell.
    """
    scores = [
        (a / n - centre) / s if a is not None and n and s and centre is not None else None
        for a, n, s in zip(above, below, chance, strict=True)
    ]
    moving = average_moving_range(scores[:baseline], screen=screen)
    return None if moving is None else moving / RANGE_TO_SIGMA


def _overall(above: Values, below: Values, baseline: int | None) -> float | None:
    """All that happened over all in which it could, where both are known."""
    pairs = [
        (a, n)
        for a, n in zip(above[:baseline], below[:baseline], strict=True)
        if a is not None and n
    ]
    if not pairs:
        return None
    return math.fsum(a for a, _ in pairs) / math.fsum(n for _, n in pairs)
