"""Charts of rare events: the time between them (t), and how much went well in between (g). Pure.

When an event is rare, counts a month are mostly nought, and no chart of counts tells anything.
The stretch from one event to the next does (L. P. Provost and S. K. Murray, The Health Care Data
Guide, chapter 7). A longer stretch is better where the event is harm.
"""

import math

from onesystem.flow.spc import xmr
from onesystem.flow.spc.lines import Column, Lines, Values, level, mean
from onesystem.vocabulary import BadInput

# L. S. Nelson, A control chart for parts-per-million nonconforming items, Journal of Quality
# Technology 26(3), 1994: times between events become nearly normal by this power.
POWER = 3.6


def times(values: Values, *, baseline: int | None = None, screen: bool = False) -> Lines:
    """The lines of times between events, all above nought: XmR of the 3.6th roots, carried back."""
    if any(value is not None and value <= 0 for value in values):
        raise BadInput(
            "two events stand at the same time, so that no time lies between them",
            rule="spc.no-time-between",
            cure="Give times in hours or minutes, or use a g chart",
        )
    roots = [None if value is None else value ** (1 / POWER) for value in values]
    made = xmr.lines(roots, baseline=baseline, screen=screen)
    return Lines(
        centre=_back(made.centre),
        lower=_back(made.lower),
        upper=_back(made.upper),
        near_lower=_back(made.near_lower),
        near_upper=_back(made.near_upper),
        spread=made.spread,
    )


def between(values: Values, *, baseline: int | None = None) -> Lines:
    """The lines of how many went well between events, from the geometric distribution.

    Limits lie three sigma of that distribution from its mean (J. C. Benneyan, Health Care
    Management Science 4, 2001, 305-318). The centre is the median, since half of the points of
    so skewed a distribution lie on either side of that one.
    """
    if any(value is not None and value < 0 for value in values):
        raise BadInput(
            "fewer than none cannot go well between two events",
            rule="spc.negative-count",
            cure="Give counts of nought or more",
        )
    used, many = values[:baseline], len(values)
    middle = mean(used)
    sigma = None if middle is None else math.sqrt(middle * (middle + 1))
    limits = level(middle, sigma, many, floor=0.0)
    return Lines(
        centre=(_median(used),) * many,
        lower=limits.lower,
        upper=limits.upper,
        near_lower=limits.near_lower,
        near_upper=limits.near_upper,
    )


def _back(line: Column) -> Column:
    """From roots to times; below nought there is no time."""
    return tuple(None if value is None else max(value, 0.0) ** POWER for value in line)


def _median(values: Values) -> float | None:
    known = sorted(value for value in values if value is not None)
    half = len(known) // 2
    if not known:
        return None
    return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
