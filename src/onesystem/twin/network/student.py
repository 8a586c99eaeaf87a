"""Student's distribution for whole degrees of freedom, by its finite sums. Pure.

Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4. A library for
it would take longer to load than a small model takes to run.
"""

import math
from functools import lru_cache

_STEPS = 80


@lru_cache(maxsize=1024)
def within(freedom: int, share: float = 0.95) -> float:
    """The value that a share of the distribution lies within, on both sides of 0."""
    low, high = 0.0, math.pi / 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _inside(freedom, middle) < share else (low, middle)
    return math.tan((low + high) / 2) * math.sqrt(freedom)


def _inside(freedom: int, angle: float) -> float:
    """The share within tan(angle) times the root of the degrees of freedom."""
    odd, cosine, sine = freedom % 2, math.cos(angle), math.sin(angle)
    term, total = (cosine if odd else 1.0), 0.0
    for nth in range(freedom // 2):
        total += term
        n = 2 * nth + 2 + odd
        term *= cosine * cosine * (n - 1) / n
    return (angle + sine * total) * 2 / math.pi if odd else sine * total
