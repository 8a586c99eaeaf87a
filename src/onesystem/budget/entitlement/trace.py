"""The working: lines in order, each with its rule, plain words, source and amount. Pure."""

from typing import Any, NamedTuple

# What a line is about; pages group by it.
NEED, COST, CAPITAL, INCOME, KEEP, SUM, PAYS, LATER = (
    "need", "cost", "capital", "income", "keep", "sum", "pays", "later",
)  # fmt: skip


class Line(NamedTuple):
    """One line. `amount` is whole pence; None where the line only says something."""

    rule: str
    words: str
    amount: int | None
    source: str
    about: str
    assumed: str = ""


class Charge(NamedTuple):
    """What came of it. The parts sum exactly to the cost."""

    rules: str
    day: str
    currency: str
    cost: int
    pays: int
    council: int
    nhs: int
    full: bool
    lines: tuple[Line, ...]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What had to be assumed, once each."""
        return tuple(dict.fromkeys(line.assumed for line in self.lines if line.assumed))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "rules": self.rules, "day": self.day, "currency": self.currency, "cost": self.cost,
            "pays": self.pays, "council": self.council, "nhs": self.nhs, "full_cost": self.full,
            "lines": [
                {"rule": x.rule, "words": x.words, "amount": x.amount, "source": x.source,
                 "about": x.about, **({"assumed": x.assumed} if x.assumed else {})}
                for x in self.lines
            ],
            "assumptions": list(self.assumptions),
        }  # fmt: skip
