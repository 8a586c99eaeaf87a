"""How well projections did: people by age against what was counted, series against what came.

The last years of each published series are held out; the method sees only what was known before
them, and its error stands beside that of a naive forecast. Death rates before the jump-off are of
the United Nations' later revision, which knew them better than anybody did at the time.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onesystem.plan.population.cohorts import Peculiar, Rates, step
from onesystem.plan.population.nations import deaths_of, people_of, years_of
from onesystem.twin.people.ageing import OLDEST

GROUPS = ((0, 14), (15, 64), (65, 79), (80, OLDEST))
_ENDS, _PAST = 2020, 5


@dataclass(frozen=True)
class Tried:
    """One group of one country from one year on: what came, and what was said before."""

    country: str
    since: int
    ages: tuple[int, int]
    came: float
    said: float
    naive: float  # growth of the five years before goes on
    still: float  # nothing changes

    def error(self, of: str) -> float:
        """The absolute error as a part of what came."""
        return abs(float(getattr(self, of)) - self.came) / self.came


def tried(country: str, since: int) -> Iterator[Tried]:
    """A country's people of 2020 by age, from a year before, beside the naive."""
    begin, before, end = (people_of(country, year) for year in (since, since - _PAST, _ENDS))
    said = ahead(country, since, _ENDS - since)
    for first, last in GROUPS:
        parts = [each[:, first : last + 1].sum() for each in (begin, before, end, said)]
        now, then, came, told = (float(each) for each in parts)
        naive = now * (now / then) ** ((_ENDS - since) / _PAST)
        yield Tried(country, since, (first, last), came, told, naive, now)


def ahead(country: str, since: int, years: int) -> np.ndarray:
    """People after so many years, by the rates of the five years before the first.

    Deaths go on falling as they fell over the ten years before; births and moves stay.
    """
    known = years_of(country)
    past = [known[year] for year in range(since - _PAST, since)]
    births, moves = (float(np.mean([getattr(y, n) for y in past])) for n in ("births", "moves"))
    last, earlier = deaths_of(country)[since - _PAST], deaths_of(country)[since - 2 * _PAST]
    falls = np.log(last / earlier) / _PAST
    people = people_of(country, since)[None]
    for year in range(years):
        deaths = last * np.exp(falls * (year + _PAST / 2))
        rates = Rates(deaths[None], np.array([births]), np.array([moves]))
        people = step(people, rates, Peculiar.none())
    then: np.ndarray = people[0]
    return then
