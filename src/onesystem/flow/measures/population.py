"""How many people there are, in the middle of each year, in the groups that rates ask for."""

from collections import defaultdict
from collections.abc import Mapping

from onesystem.flow.measures import days, store

_PARTS = ("practice", "age_band", "sex", "deprivation", "area")


class Counts:
    """People by group. What is no property of people (a service) leaves the whole population."""

    def __init__(
        self, by: tuple[str, ...], where: Mapping[str, frozenset[str]], from_age: int = 0
    ) -> None:
        self.by = by
        self.years: dict[int, dict[tuple[str, ...], dict[int, int]]] = {}
        mine = {name: wanted for name, wanted in where.items() if name in _PARTS}
        for year, band, sex, practice, area, deprivation, people in store.rows(
            "SELECT year, band, sex, practice, area, deprivation, people FROM flow_living"
        ):
            if from_age and band < from_age:
                continue
            told = {
                "practice": practice, "age_band": days.wide_band(band), "sex": sex,
                "deprivation": deprivation, "area": area,
            }  # fmt: skip
            if any(told[name] not in wanted for name, wanted in mine.items()):
                continue
            group = tuple(told.get(name, "") for name in by)
            into = self.years.setdefault(year, {}).setdefault(group, defaultdict(int))
            into[band] += people

    def bands_of(self, group: tuple[str, ...], period: int) -> Mapping[int, int]:
        """People by band of age in the year of a period, or the nearest that is known."""
        if not self.years:
            return {}
        year = days.date_of(period).year
        nearest = min(self.years, key=lambda known: (abs(known - year), known))
        mine = tuple(g if n in _PARTS else "" for n, g in zip(self.by, group, strict=True))
        return self.years[nearest].get(mine, {})

    def of(self, group: tuple[str, ...], period: int) -> int:
        """People in the year of a period."""
        return sum(self.bands_of(group, period).values())
