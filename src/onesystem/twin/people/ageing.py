"""People by age and sex, a year at a time: they grow older, are born, die, and move. Pure.

The cohort-component method (Preston, Heuveline and Guillot, Demography, 2001, section 6.3), with
expected numbers of people, so that a part of a person may die. What moves in or out on balance is
spread evenly over the ages at which most people move. Of each year, people at its end are those at
its beginning, and who was born and moved in, without who died.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import exp

OLDEST = 100  # and over
_BEARING = range(15, 50)
MOVING = range(18, 40)
_BOYS = 1.05 / 2.05  # of all born; World Population Prospects takes 1.05 boys a girl for Britain

Sexes = Mapping[str, tuple[float, ...]]  # "female", "male": people at each age from 0 to OLDEST


@dataclass(frozen=True)
class Rates:
    """What a year does, by sex and age.

    Deaths for each person at risk; births for each woman of 15 to 49; moves in less moves out for
    each person there.
    """

    deaths: Mapping[str, tuple[float, ...]]
    births: float
    moves: float


@dataclass(frozen=True)
class Year:
    """People at the beginning of a year, and what came of them in it (nothing in the last one)."""

    year: int
    people: Sexes
    born: float = 0.0
    died: float = 0.0
    moved: float = 0.0

    def between(self, first: int, last: int = OLDEST) -> float:
        """People from one age to another, both with it."""
        return sum(sum(ages[first : last + 1]) for ages in self.people.values())


def years(start: Sexes, begins: int, count: int, rates: Callable[[int], Rates]) -> Iterator[Year]:
    """The first year and `count` years after it, by the rates of each."""
    people = start
    for year in range(begins, begins + count):
        following, lived = _year(people, year, rates(year))
        yield lived
        people = following
    yield Year(begins + count, people)


def _year(people: Sexes, year: int, rates: Rates) -> tuple[Sexes, Year]:
    everybody = sum(map(sum, people.values()))
    each = rates.moves * everybody / len(MOVING) / len(people)
    born = births(people, rates)
    first = {"male": born * _BOYS, "female": born * (1 - _BOYS)}
    died = moved = 0.0
    following = {}
    for sex, ages in people.items():
        alive = [n * exp(-rate) for n, rate in zip(ages, rates.deaths[sex], strict=True)]
        died += sum(ages) - sum(alive)
        for age in MOVING:
            change = max(each, -alive[age])  # nobody moves out who is not there
            alive[age] += change
            moved += change
        older = [first[sex], *alive[:-1]]
        older[OLDEST] += alive[-1]
        following[sex] = tuple(older)
    return following, Year(year, people, born, died, moved)


def births(people: Sexes, rates: Rates) -> float:
    """Births of a year."""
    return rates.births * sum(people["female"][age] for age in _BEARING)


def single(bands: Mapping[int, float]) -> tuple[float, ...]:
    """People at each single age, of bands by their first age: spread evenly, the last to OLDEST.

    The last band halves with every five years, as the oldest do.
    """
    firsts = sorted(bands)
    ages = [0.0] * (OLDEST + 1)
    for first, last in zip(firsts, [*firsts[1:], OLDEST + 1], strict=True):
        span = range(first, min(last, OLDEST + 1))
        weights = [1.0 if last <= OLDEST else 0.5 ** ((age - first) / 5) for age in span]
        for age, weight in zip(span, weights, strict=True):
            ages[age] += bands[first] * weight / sum(weights)
    return tuple(ages)
