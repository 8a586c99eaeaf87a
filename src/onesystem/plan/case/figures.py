"""The case for change as facts: each figure by year with its range, and where it is from. Pure."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from onesystem.plan.areas.area import Area
from onesystem.plan.population.places import places
from onesystem.plan.population.projecting import Projection
from onesystem.vocabulary.errors import BadConfig

PUBLISHED, DERIVED, ASSUMED = "published", "derived", "assumed"
GROUPS = {
    "people": "People", "activity": "What people need", "beds": "Hospital beds",
    "clinic": "Planned care", "places": "Care at home and in care homes", "staff": "Staff",
    "money": "Money",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure by year: low, middle and high (rows). `now` is what there is today.

    `kind` says of today's level whether it is published, derived or assumed. Money is in whole
    minor units of the area's currency, at the prices that the case names.
    """

    key: str
    name: str
    group: str
    unit: str
    values: np.ndarray
    kind: str
    source: str
    now: float | None = None
    setting: str = ""

    @property
    def low(self) -> np.ndarray:
        """The tenth of a hundred draws."""
        return self.values[0]  # type: ignore[no-any-return]

    @property
    def middle(self) -> np.ndarray:
        """The middle course."""
        return self.values[1]  # type: ignore[no-any-return]

    @property
    def high(self) -> np.ndarray:
        """The ninetieth of a hundred draws."""
        return self.values[2]  # type: ignore[no-any-return]

    @property
    def rise(self) -> float:
        """How much more at the end than at the beginning, as a part."""
        return float(self.middle[-1] / self.middle[0] - 1) if self.middle[0] else 0.0

    @property
    def today(self) -> float:
        """What there is today, or is needed today where nobody says what there is."""
        return float(self.middle[0]) if self.now is None else self.now


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """Something that was taken as given, and can be set."""

    key: str
    name: str
    value: float
    sd: float
    unit: str
    shipped: float
    source: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """What doing nothing leads to in an area. `figures` are by key, in the order of the report."""

    area: Area
    years: tuple[int, ...]
    prices: str
    projection: Projection | None  # None of one that was read back
    figures: dict[str, Figure]
    assumptions: tuple[Assumption, ...]
    level_year: int
    notes: tuple[str, ...] = field(default=())

    def of(self, key: str) -> Figure:
        """A figure by its key."""
        return self.figures[key]

    def at(self, key: str, year: int) -> float:
        """The middle of a figure in a year. Raises BadConfig for a year that is not there."""
        if year not in self.years:
            raise BadConfig(
                f"{year} is not in this case", f"It has {self.years[0]} to {self.years[-1]}."
            )
        return float(self.figures[key].middle[self.years.index(year)])

    def gap(self, key: str, year: int) -> float:
        """How much more is needed in a year than there is today."""
        return self.at(key, year) - self.figures[key].today

    def group(self, group: str) -> list[Figure]:
        """The figures of a group."""
        return [each for each in self.figures.values() if each.group == group]

    @cached_property
    def small(self) -> np.ndarray:
        """People by year of `small_years`, small area, sex and band."""
        if self.projection is None:
            raise BadConfig("Small areas are not kept with a case", "Work it out anew.")
        return places(self.projection, *self.small_years)

    @property
    def small_years(self) -> tuple[int, ...]:
        """The first year, every fifth after it, and the last."""
        return tuple(dict.fromkeys((*self.years[::5], self.years[-1])))
