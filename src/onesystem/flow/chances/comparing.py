"""What practices would have at the district's rate, and how much above it chance alone gives. Pure.

Indirect standardisation: the district's rate of each band of age, on the practice's own people.
Above it by chance: of a practice that is like the district, admissions come as a Poisson number,
and of many such practices some lie above their expectation. `E max(0, X - m)` is closed
(Crow, Biometrika 1958; half of the mean deviation of the Poisson distribution).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, floor, lgamma, log, sqrt

Bands = Mapping[int, int]
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A practice: what it had, and what it would have had at the district's rates."""

    practice: str
    people: int
    observed: int
    expected: float

    @property
    def ratio(self) -> float:
        """Observed over expected; 1 is the district."""
        return self.observed / self.expected if self.expected else 0.0

    @property
    def excess(self) -> float:
        """Above the district's rate; 0 where it is at it or below."""
        return max(0.0, self.observed - self.expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoidable:
    """Of many practices: how much lies above the district's rate, and how much is no chance.

    `share` is the part of each practice's excess that counts. `low` and `high` are 95 % limits of
    `number`, for the counts' own chance alone. `best` is what would be fewer if every practice
    were at the rate of those that do best and have a quarter of what is expected.
    """

    number: float
    low: float
    high: float
    above: float
    by_chance: float
    share: float
    best: float
    best_ratio: float


def compared(observed: Mapping[str, Bands], people: Mapping[str, Bands]) -> list[Compared]:
    """Each practice that has people, by name. Expected numbers sum to the observed ones."""
    whole = _summed(people.values())
    had = _summed(observed[each] for each in observed if each in people)
    rates = {band: had.get(band, 0) / count for band, count in whole.items() if count}
    raw = {name: sum(rates[b] * n for b, n in bands.items() if b in rates)
           for name, bands in people.items()}  # fmt: skip
    scale = sum(had.values()) / sum(raw.values()) if sum(raw.values()) else 0.0
    return [
        Compared(
            practice=name,
            people=sum(people[name].values()),
            observed=sum(observed.get(name, {}).values()),
            expected=raw[name] * scale,
        )
        for name in sorted(people)
    ]


def avoidable(practices: Sequence[Compared]) -> Avoidable:
    """How much practices above the district's rate have more than at it, less what is chance."""
    above = sum(each.excess for each in practices)
    chance = min(above, sum(by_chance(each.expected) for each in practices))
    number = above - chance
    spread = _Z * sqrt(sum(each.observed for each in practices if each.excess))
    ratio = best_ratio(practices)
    return Avoidable(
        number=number,
        low=max(0.0, number - spread),
        high=number + spread if above else 0.0,
        above=above,
        by_chance=chance,
        share=number / above if above else 0.0,
        best=sum(max(0.0, each.observed - ratio * each.expected) for each in practices),
        best_ratio=ratio,
    )


def by_chance(expected: float) -> float:
    """By how much a Poisson number of this mean lies above it, on average (0 where it is below)."""
    if expected <= 0:
        return 0.0
    whole = floor(expected)
    return exp(-expected + (whole + 1) * log(expected) - lgamma(whole + 1))


def best_ratio(practices: Sequence[Compared]) -> float:
    """Observed over expected of the practices with the lowest, up to a quarter of the expected."""
    wanted = sum(each.expected for each in practices) / 4
    had = expected = 0.0
    for each in sorted(practices, key=lambda one: (one.ratio, one.practice)):
        if expected >= wanted:
            break
        had, expected = had + each.observed, expected + each.expected
    return had / expected if expected else 1.0


def _summed(every: Iterable[Bands]) -> dict[int, int]:
    made: dict[int, int] = {}
    for bands in every:
        for band, count in bands.items():
            made[band] = made.get(band, 0) + count
    return made
