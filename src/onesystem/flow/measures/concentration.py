"""How unevenly people have something: Gini's index, and the share of those who have most. Pure.

People are filed by size, so that what is kept does not grow with the people: a size holds
amounts within 4.4 % of each other. Sums and people of each size are exact; only within a size are
people taken as having the same, which takes a hundredth off the index at most (where all are of
one size), and less than a ten-thousandth in a district.
"""

from collections.abc import Mapping
from itertools import pairwise
from statistics import NormalDist

STEPS = 16  # sizes between an amount and twice as much

Sizes = Mapping[int, tuple[float, int]]  # of each size: what its people have together, and how many


def gini(sizes: Sizes, people: int) -> float | None:
    """Gini's index of all people, 0 where all have the same, up to 1 where one has everything.

    Twice the area between the curve of Lorenz and equality (C. Gini, Variabilita e mutabilita,
    1912; M. O. Lorenz, Publications of the American Statistical Association 9, 1905). Whoever is
    of no size has nothing. None where nobody has anything.
    """
    curve = _lorenz(sizes, people)
    if curve is None:
        return None
    under = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(curve))
    return 1 - 2 * under


def interval(sizes: Sizes, people: int, level: float = 0.95) -> tuple[float, float] | None:
    """How far chance alone would move the index, were these people drawn from many like them.

    By the jackknife: each person is left out in turn (B. Efron and C. Stein, The Annals of
    Statistics 9, 1981; for this index Y. G. Yitzhaki, Journal of Business and Economic Statistics
    9, 1991). Those of one size are alike, so that a size is left out once for all of its people.
    None where nobody has anything, or one person has all.
    """
    whole = gini(sizes, people)
    having = sum(count for _, count in sizes.values())
    everything = sum(amount for amount, _ in sizes.values())
    people = max(people, having)
    if whole is None or having < 2:
        return None
    groups = [(0.0, people - having), *(sizes[size] for size in sorted(sizes))]
    area = (1 - whole) / 2 * people * everything  # under Lorenz's curve, in people and amounts
    before, above, left = 0.0, people, []
    for amount, count in groups:
        above -= count
        if count:
            each = amount / count
            less = area - each * (above + count / 2) - (before + (amount - each) / 2)
            left.append((1 - 2 * less / ((people - 1) * (everything - each)), count))
        before += amount
    mean = sum(index * count for index, count in left) / people
    spread = sum(count * (index - mean) ** 2 for index, count in left) * (people - 1) / people
    wide = NormalDist().inv_cdf((1 + level) / 2) * spread**0.5
    return max(0.0, whole - wide), min(1.0, whole + wide)


def top(sizes: Sizes, people: int, share: float) -> float | None:
    """What the share of the people who have most have, of what all have: 0 to 1."""
    curve = _lorenz(sizes, people)
    if curve is None:
        return None
    below = 1 - share
    for (x1, y1), (x2, y2) in pairwise(curve):
        if x1 <= below <= x2:
            return 1 - (y1 + (y2 - y1) * ((below - x1) / (x2 - x1) if x2 > x1 else 0.0))
    return 0.0


def _lorenz(sizes: Sizes, people: int) -> list[tuple[float, float]] | None:
    """The curve: of the people who have least, so many have so much of all; from 0 to 1."""
    having = sum(count for _, count in sizes.values())
    everything = sum(amount for amount, _ in sizes.values())
    people = max(people, having)  # who has something is there, whether or not a register says so
    if not everything or not people:
        return None
    curve = [(0.0, 0.0), ((people - having) / people, 0.0)]
    count, amount = people - having, 0.0
    for size in sorted(sizes):
        count += sizes[size][1]
        amount += sizes[size][0]
        curve.append((count / people, amount / everything))
    return curve
