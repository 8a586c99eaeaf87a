"""Fellegi-Sunter in Python: the weight of two records being one person, and why.

A weight is the base-2 logarithm of odds. It starts at the odds that two records drawn at random
are one person, and each field adds log2(m / u): how often the level is seen between records of one
person (m) against between records of two people (u). Where a counted value agrees, u is the value's
own frequency: two Featherstonehaughs say more than two Smiths (Splink's term frequency adjustment).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log2

from onesystem.people.compare import COMPARISONS, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What training found for one field: m and u by level, and how frequent each value is."""

    m: tuple[float, ...]
    u: tuple[float, ...]
    frequencies: Mapping[str, float] | None = None
    rare: float = 1e-5  # the frequency of a value that was never counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """A trained model. Pairs at or above `link` are linked, from `ask` on a person is asked."""

    prior: float  # the probability that two random records are of one person
    link: float
    ask: float
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence: what a field says, at which level, and what it adds."""

    says: str
    level: str
    weight: float


class Scorer:
    """Scores pairs with fixed weights. Make one and keep it: it works out its tables once."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.prior = log2(weights.prior / (1 - weights.prior))
        self.by_level = {
            name: (*(log2(m / u) for m, u in zip(field.m, field.u, strict=True)), 0.0)
            for name, field in weights.fields.items()
        }
        counted = {n: f for n, f in weights.fields.items() if f.frequencies is not None}
        # What agreeing on a value adds for how rare it is, and on one that was never counted.
        self.more = {
            name: {
                value: log2(f.u[0]) - log2(often) for value, often in (f.frequencies or {}).items()
            }
            for name, f in counted.items()
        }
        self.more_if_rare = {n: log2(f.u[0]) - log2(f.rare) for n, f in counted.items()}
        self._rules = tuple(
            (
                COMPARISONS[name].level,
                by_level,
                name if name in counted else "",
                self.more.get(name, {}),
                self.more_if_rare.get(name, 0.0),
            )
            for name, by_level in self.by_level.items()
        )

    def weight(self, left: Record, right: Record) -> float:
        """The match weight, in bits. Level -1 (nothing to compare) adds nothing."""
        total = self.prior
        for level_of, by_level, counted, more, rare in self._rules:
            level = level_of(left, right)
            total += by_level[level]
            if level == 0 and counted:
                total += more.get(left[counted], rare)
        return total

    def evidence(self, left: Record, right: Record) -> list[Line]:
        """The weight line by line; the lines add up to it."""
        lines = [Line("two records drawn at random", "", self.prior)]
        for name, rule in zip(self.weights.fields, self._rules, strict=True):
            comparison = COMPARISONS[name]
            level = rule[0](left, right)
            if level < 0:
                continue
            lines.append(Line(comparison.says, comparison.names[level], rule[1][level]))
            if level == 0 and rule[2]:
                field, more = self.weights.fields[name], rule[3].get(left[name], rule[4])
                often = (field.frequencies or {}).get(left[name], field.rare)
                lines.append(Line(comparison.says, f"1 in {1 / often:,.0f} have it", more))
        return lines
