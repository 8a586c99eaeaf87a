"""Exact numbers of the terms: shares as fractions, one way to round, one way to split. Pure.

Rounding happens at named points only, half away from zero: `rounded(1, 2)` is 1, `rounded(-1, 2)`
is -1, so that a gain and a loss of the same size round to the same size.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm

from onesystem.vocabulary.typed import fraction_of

ZERO, ONE = Fraction(0), Fraction(1)


def rounded(top: int, bottom: int = 1) -> int:
    """The whole number nearest to `top / bottom`; a half goes away from zero."""
    if bottom == 1:
        return top
    size = (2 * abs(top) + bottom) // (2 * bottom)
    return size if top >= 0 else -size


def share_of(text: str | float | Fraction) -> Fraction:
    """A share as people write it: "75%", "3/4", "0.75", 1.

    >>> share_of("2.5%"), share_of("3/4")
    (Fraction(1, 40), Fraction(3, 4))
    """
    if isinstance(text, float):
        return Fraction(str(text))
    if isinstance(text, str) and text.strip().endswith("%"):
        return fraction_of(text.strip()[:-1]) / 100
    return fraction_of(text) if isinstance(text, str) else Fraction(text)


@lru_cache(maxsize=4096)  # the same few shares stand in every settlement
def share_words(share: Fraction) -> str:
    """The same share back, shortest exact form: "75%", "2.5%", else "1/3".

    >>> share_words(Fraction(1, 40)), share_words(Fraction(1, 3))
    ('2.5%', '1/3')
    """
    hundred = share * 100 * 10_000
    if hundred.denominator != 1:
        return str(share)
    whole, part = divmod(abs(hundred.numerator), 10_000)
    tail = f".{part:04d}".rstrip("0") if part else ""
    return f"{'-' * (share < 0)}{whole}{tail}%"


def common(fractions: Sequence[Fraction]) -> int:
    """The smallest denominator that serves them all."""
    return lcm(*(each.denominator for each in fractions))


def largest_remainder(whole: int, weights: Sequence[Fraction]) -> list[tuple[int, int]]:
    """For each weight the part cut to whole units, and what rounding left over that it gets.

    The parts and the left-overs sum exactly to the whole, also where it is negative. A tie goes
    to the earlier part.

    >>> largest_remainder(100, [Fraction(1, 3)] * 3)
    [(33, 1), (33, 0), (33, 0)]
    """
    total = sum(weights, start=ZERO)
    if total <= 0 or min(weights) < 0:
        msg = "a split needs weights of zero or more, and one above zero"
        raise ValueError(msg)
    bottom = common(weights)
    tops = [weight.numerator * (bottom // weight.denominator) for weight in weights]
    every, sign = sum(tops), 1 if whole >= 0 else -1
    found = [divmod(abs(whole) * top, every) for top in tops]
    over = abs(whole) - sum(part for part, _ in found)
    order = sorted(range(len(found)), key=lambda at: -found[at][1])[:over] if over else ()
    return [(sign * part, sign * (at in order)) for at, (part, _) in enumerate(found)]
