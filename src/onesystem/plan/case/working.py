"""Lines by draw and year: today's use by age for the people to come, with what else moves it. Pure.

Besides people, growth that ageing does not explain and years of added life lived in good health
move a line. Both are assumptions with a spread, thrown for each draw together with the people's.
"""

from dataclasses import dataclass

import numpy as np

from onesystem.plan.areas.people import PeopleNow
from onesystem.plan.case import levels
from onesystem.plan.case.assuming import Assumed
from onesystem.plan.case.lines import Line, Lines
from onesystem.plan.population.nations import years_of
from onesystem.plan.population.projecting import HIGH, LOW, Projection


@dataclass(frozen=True)
class Drawn:
    """A line by draw and year, its middle course, and today's level."""

    line: Line
    draws: np.ndarray
    middle: np.ndarray
    level: levels.Level

    @property
    def used(self) -> float:
        """Today's use; of places in care homes, the people in them."""
        return levels.occupied(self.line, self.level.value)

    def range(self, factor: float = 1.0) -> np.ndarray:
        """Low, middle and high of it times a factor."""
        return ranged(self.draws * factor, self.middle * factor)


def ranged(draws: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Low, middle and high by year; the middle is never outside of them."""
    low, high = np.percentile(draws, (LOW, HIGH), axis=0)
    return np.stack([np.minimum(low, middle), middle, np.maximum(high, middle)])


class Work:
    """What a case is made from: people from the year of the published levels on, and throws."""

    def __init__(
        self, now: PeopleNow, whole: Projection, since: int, told: Lines, taken: Assumed, seed: int
    ) -> None:
        self.now, self.whole, self.told, self.taken = now, whole, told, taken
        self.first = whole.years.index(since)
        throws = (len(whole.luck), len(told.lines) + 2)
        luck = np.random.default_rng(seed + 1).standard_normal(throws)
        self.luck, self.healthy_luck, self.cost_luck = luck[:, :-2], luck[:, -1], luck[:, -2]
        self.bands = whole.bands.sum(axis=1)
        known = years_of(now.area.country)
        self.gained = np.array([known[y].e0 - known[whole.years[0]].e0 for y in whole.years])
        self.elapsed = np.arange(len(whole.years))
        self.drawn = {each.key: self._line(place, each) for place, each in enumerate(told.lines)}

    @property
    def after(self) -> np.ndarray:
        """Years since the first that is told."""
        return np.arange(len(self.whole.years) - self.first)

    @property
    def everybody(self) -> float:
        """People in the year of the published levels."""
        return float(self.bands[0].sum())

    def _line(self, place: int, line: Line) -> Drawn:
        healthy, sd = self.taken.healthy
        better = np.clip(healthy + sd * self.healthy_luck, 0, 1.2)
        growth, spread = self.taken.growth[line.key]
        more = growth + spread * self.luck[:, place]
        draws = self._use(line, self.whole.drawn, np.outer(better, self.gained))
        draws = draws * (1 + more[:, None] / 100) ** self.elapsed
        middle = self._use(line, self.bands, healthy * self.gained)
        middle = middle * (1 + growth / 100) ** self.elapsed
        level = self._level(line, float(middle[0]))
        scale = levels.occupied(line, level.value) / middle[0] if middle[0] else 0.0
        return Drawn(line, draws[:, self.first :] * scale, middle[self.first :] * scale, level)

    def _use(self, line: Line, bands: np.ndarray, younger: np.ndarray) -> np.ndarray:
        used: np.ndarray = (bands * levels.shape(line, younger)).sum(axis=-1)
        return used

    def _level(self, line: Line, used: float) -> levels.Level:
        if line.level and (found := levels.published(line.level, line, self.now)):
            return found
        rate = levels.rate_of_england(line) * levels.place_factor(line, self.now)
        return levels.Level(rate * used / levels.occupied(line, 1.0), published=False)
