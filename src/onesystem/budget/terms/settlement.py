"""The worked sharing of a period: lines, and what each party has in the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

POT = "pot:"  # a pot is a party for as long as it is not divided


class Line(NamedTuple):
    """One step of the working, in minor units.

    A line with a `party` moves money to it from `against` (back, where it is negative). A line
    without one is a figure on the way.
    """

    rule: str
    words: str
    source: str
    amount: int
    party: str = ""
    against: str = ""


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What `settle` gives back. The same terms and facts give the same lines for ever."""

    contract: str
    version: int
    engine: str
    currency: str
    months: tuple[date, ...]
    lines: tuple[Line, ...]

    @cached_property
    def by_party(self) -> Mapping[str, int]:
        """What each party has, and what the payer paid as a negative: they sum to zero."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.party:
                found[line.party] = found.get(line.party, 0) + line.amount
                found[line.against] = found.get(line.against, 0) - line.amount
        return {code: sum_ for code, sum_ in found.items() if not code.startswith(POT)}

    def received(self, party: str) -> int:
        """What came to a party, before what it passed on."""
        return sum(line.amount for line in self.lines if line.party == party)

    def passed(self, party: str) -> int:
        """What a party passed on to others."""
        return sum(line.amount for line in self.lines if line.party and line.against == party)

    def under(self, *rules: str) -> int:
        """What moved under some rules, whoever had it."""
        return sum(line.amount for line in self.lines if line.party and line.rule in rules)

    def as_dict(self) -> dict[str, Any]:
        """As `settle --json` prints it."""
        return {
            "contract": self.contract,
            "version": self.version,
            "engine": self.engine,
            "currency": self.currency,
            "months": [f"{each:%Y-%m}" for each in self.months],
            "lines": [line._asdict() for line in self.lines],
            "by_party": dict(self.by_party),
        }
