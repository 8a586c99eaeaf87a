"""Money: whole minor units (pence, cents) of one currency.

>>> Money(1050, "GBP") + Money(50, "GBP")
Money(minor=1100, currency='GBP')
>>> [part.minor for part in Money(100, "GBP").split([1, 1, 1])]
[34, 33, 33]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_SYMBOLS = {"GBP": "£", "NZD": "$", "EUR": "€"}


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units. Two currencies never add."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int) or isinstance(self.minor, bool):
            msg = f"money is counted in whole minor units, not {self.minor!r}"
            raise TypeError(msg)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            msg = f"{self.currency} and {other.currency} do not add"
            raise ValueError(msg)
        return other.minor

    def split(self, weights: Sequence[int | Fraction]) -> list["Money"]:
        """Parts in proportion to `weights` that sum exactly to the whole.

        What rounding leaves over goes, one unit each, to the largest remainders; a tie goes to
        the earlier part (Hamilton's method).
        """
        total = sum(weights, start=Fraction(0))
        if total <= 0 or min(weights) < 0:
            msg = "a split needs weights of zero or more, and one above zero"
            raise ValueError(msg)
        exact = [Fraction(self.minor) * Fraction(w) / total for w in weights]
        parts = [e.numerator // e.denominator for e in exact]
        by_remainder = sorted(range(len(exact)), key=lambda i: parts[i] - exact[i])
        for i in by_remainder[: self.minor - sum(parts)]:
            parts[i] += 1
        return [Money(part, self.currency) for part in parts]

    def __str__(self) -> str:
        sign, symbol = "-" * (self.minor < 0), _SYMBOLS.get(self.currency, f"{self.currency} ")
        return f"{sign}{symbol}{abs(self.minor) // 100:,}.{abs(self.minor) % 100:02d}"
