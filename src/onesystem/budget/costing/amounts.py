"""What the lines of a priced rule come to for many contacts at once, exactly. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from onesystem.budget.costing.pricing import Priced

_LIMIT = 1 << 62
_TABLE = 50_000  # minutes up to which amounts are looked up rather than worked out
Array = Any
Counted = Mapping[str, Array]


def rounded(quantity: Array, price: Fraction) -> Array:
    """`quantity` times a price in whole minor units, half to even, as `round` does."""
    most = int(quantity.max()) if quantity.size else 0
    if most * price.numerator * 2 >= _LIMIT:
        return np.array([round(int(q) * price) for q in quantity], np.int64)
    times = quantity.astype(np.int64) * price.numerator
    down, rest = np.divmod(times, price.denominator)
    up = (2 * rest > price.denominator) | ((2 * rest == price.denominator) & (down & 1 == 1))
    return down + up


def of_lines(lines: Sequence[Priced], counted: Counted) -> list[tuple[Array, Array]]:
    """The quantity and the amount of each line."""
    made: list[tuple[Array, Array]] = []
    above: Array = 0
    for line in lines:
        if line.kind == "overhead":
            quantity, amount = above, rounded(np.asarray(above), line.percent / 100)
        else:
            quantity = counted[line.unit]
            if line.most:
                quantity = np.minimum(quantity, line.most)
            amount = rounded(quantity, line.price)
        made.append((quantity, amount))
        above = above + amount
    return made


def by_minutes(lines: Sequence[Priced], minutes: Array) -> list[tuple[Array, Array]]:
    """The same of contacts that count by themselves and by their minutes, of which there are few.

    Worked out once for each number of minutes, and looked up.
    """
    most = int(minutes.max()) if minutes.size else 0
    if most >= _TABLE or most > 4 * minutes.size:
        return of_lines(lines, {"contact": np.ones(minutes.size, np.int64), "minute": minutes})
    every = np.arange(most + 1)
    told = of_lines(lines, {"contact": np.ones(most + 1, np.int64), "minute": every})
    return [(quantity[minutes], amount[minutes]) for quantity, amount in told]
