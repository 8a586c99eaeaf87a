"""The working of a capitation, line by line: each with its rule, source and figure. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `value` is exact; `unit` is people, weighted, share or minor (pence, cents)."""

    rule: str
    words: str
    value: Fraction
    unit: str
    source: str = ""

    @property
    def shown(self) -> str:
        """The figure with as many decimals as it has, five at most; money in units."""
        if self.unit == "minor":
            whole = round_half_up(self.value)
            return f"{'-' * (whole < 0)}{abs(whole) // 100:,}.{abs(whole) % 100:02d}"
        scaled = round_half_up(self.value * 100_000)
        text = f"{abs(scaled) // 100_000:,}.{abs(scaled) % 100_000:05d}".rstrip("0").rstrip(".")
        return f"{'-' * (scaled < 0)}{text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What came out: named results in whole minor units or exact figures, and the lines."""

    rule: str
    results: dict[str, Fraction]
    lines: Sequence[Line]
    notes: Sequence[str] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """As JSON: exact figures as text, `3/7` where they do not end."""
        return {
            "rule": self.rule,
            "results": {name: exact(value) for name, value in self.results.items()},
            "lines": [
                {"rule": each.rule, "words": each.words, "value": exact(each.value),
                 "unit": each.unit, "source": each.source}
                for each in self.lines
            ],
            "notes": list(self.notes),
        }  # fmt: skip


def exact(value: Fraction) -> str:
    """A number without loss: decimal where it ends, else a fraction.

    >>> exact(Fraction(11931, 500)), exact(Fraction(1, 3)), exact(Fraction(-5))
    ('23.862', '1/3', '-5')
    """
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    sign = "-" * (value < 0)
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def round_half_up(value: Fraction) -> int:
    """The nearest whole number, a half away from nothing."""
    whole = (abs(value) + Fraction(1, 2)).__floor__()
    return -whole if value < 0 else whole
