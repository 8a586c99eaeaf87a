"""Who will live in an area, year by year, with the range that its country's rates leave. Pure.

The middle course takes the United Nations' medium rates. Three more courses take births, deaths
and moves one standard deviation off; a draw adds the three up by three throws of its own, which
keeps a thousand draws of twenty years as cheap as four courses. Low and high are the tenth and the
ninetieth of a hundred draws.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onesystem.plan.areas.area import BANDS
from onesystem.plan.areas.people import PeopleNow
from onesystem.plan.population.cohorts import Peculiar, Rates, life_expectancy, peculiar, step
from onesystem.plan.population.nations import deaths_of, moves_sd, years_of
from onesystem.twin.people.ageing import OLDEST
from onesystem.twin.people.known import rates_of
from onesystem.vocabulary.errors import BadConfig

MOST = 40
LOW, HIGH = 10, 90
COURSES = ("middle", "births", "deaths", "moves")
DRAWS, SEED = 1000, 2026


@dataclass(frozen=True, kw_only=True)
class Projection:
    """People of an area by year, sex and single age.

    `courses` has the middle and, one standard deviation off, births, deaths and moves; `luck` has
    a row of three throws for each draw.
    """

    now: PeopleNow
    years: tuple[int, ...]
    courses: np.ndarray  # courses, years, sexes, ages
    luck: np.ndarray  # draws, three
    own: Peculiar

    @property
    def middle(self) -> np.ndarray:
        """People by year, sex and single age."""
        middle: np.ndarray = self.courses[0]
        return middle

    @cached_property
    def bands(self) -> np.ndarray:
        """People of the middle course by year, sex and band of five years."""
        return np.add.reduceat(self.middle, np.array(BANDS), axis=2)

    @cached_property
    def drawn(self) -> np.ndarray:
        """People by draw, year and band, both sexes together."""
        both = np.add.reduceat(self.courses.sum(axis=2), np.array(BANDS), axis=2)
        off = both[1:] - both[0]
        drawn: np.ndarray = np.maximum(both[0] + np.tensordot(self.luck, off, axes=1), 0)
        return drawn

    def between(self, first: int, last: int = OLDEST) -> np.ndarray:
        """Low, middle and high (rows) number of people of some ages, by year."""
        group = self.courses[:, :, :, first : last + 1].sum(axis=(2, 3))
        drawn = np.maximum(group[0] + self.luck @ (group[1:] - group[0]), 0)
        low, high = np.percentile(drawn, (LOW, HIGH), axis=0)
        return np.stack([np.minimum(low, group[0]), group[0], np.maximum(high, group[0])])

    def at(self, year: int) -> int:
        """Where a year is. Raises BadConfig for one that is not there."""
        if year not in self.years:
            raise BadConfig(
                f"{year} is not in this projection", f"It has {self.years[0]} to {self.years[-1]}."
            )
        return self.years.index(year)


def project(
    people: PeopleNow, *, years: int = 20, since: int | None = None, draws: int = DRAWS,
    seed: int = SEED, own: Peculiar | None = None,
) -> Projection:  # fmt: skip
    """The year `since` (that of the people where it is not told) and so many after it.

    Raises BadConfig for too many years, or for a beginning before the people's year.

    >>> from onesystem.plan.areas.catalogue import find
    >>> from onesystem.plan.areas.people import people_of
    >>> told = project(people_of(find("Norfolk and Waveney")), years=10, draws=100)
    >>> over_85 = told.middle[:, :, 85:].sum(axis=(1, 2))
    >>> round(float(over_85[-1] / over_85[0]), 1)
    1.3
    """
    begins = people.year if since is None else since
    if not 1 <= years <= MOST:
        raise BadConfig(f"{years} years are asked for", f"Give 1 to {MOST} years.")
    if begins < people.year:
        raise BadConfig(
            f"the projection is to begin in {begins}", f"People are known from {people.year} on."
        )
    if own is None:
        weights = people.counts.sum(axis=(1, 2))
        own = peculiar(people.ages, people.reference, people.decile, weights)
    courses = [np.repeat(people.ages[None], len(COURSES), axis=0)]
    for year in range(people.year, begins + years):
        courses.append(step(courses[-1], rates(people.area.country, year), own))
    kept = np.stack(courses[begins - people.year :], axis=1)
    luck = np.random.default_rng(seed).standard_normal((draws, 3))
    span = tuple(range(begins, begins + years + 1))
    return Projection(now=people, years=span, courses=kept, luck=luck, own=own)


def rates(country: str, year: int) -> Rates:
    """The rates of a year in every course."""
    known = years_of(country)[year]
    deaths = _deaths(country, year)
    more = np.exp(-known.e0_sd / _years_lost(deaths))
    spread = moves_sd(country) if known.e0_sd else 0.0  # years that are over have no range
    return Rates(
        deaths=np.stack([deaths, deaths, deaths * more, deaths]),
        births=known.births * np.array([1, 1 + known.births_sd, 1, 1]),
        moves=known.moves + spread * np.array([0, 0, 0, 1]),
    )


def _deaths(country: str, year: int) -> np.ndarray:
    since = max(deaths_of(country))
    if year < since:
        return deaths_of(country)[max(each for each in deaths_of(country) if each <= year)]
    told = rates_of(country)(year).deaths
    return np.array([told["female"], told["male"]])


def _years_lost(deaths: np.ndarray) -> float:
    """Years of life that deaths made more by a factor of e would cost, by the slope here."""
    here, more = life_expectancy(deaths).mean(), life_expectancy(deaths * np.exp(0.05)).mean()
    return float((here - more) / 0.05)
