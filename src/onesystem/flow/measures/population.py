"""How many people there are, in the middle of each year, in the groups that rates ask for."""

from collections import defaultdict
from collections.abc import Mapping

from onesystem.flow.measures import days, store

_PARTS = ("practice", "age_band", "sex", "deprivation", "area")
_COLUMN = {"age_band": "band"}  # kept by narrower bands, which are told as wider ones


def latest() -> tuple[int, dict[str, dict[int, int]]] | None:
    """The last year that is counted, and its people by sex and band of age; None before any."""
    rows = store.rows(
        "SELECT year, sex, band, sum(people) FROM flow_living"
        " WHERE year = (SELECT max(year) FROM flow_living) AND band >= 0 GROUP BY year, sex, band"
    )
    found: dict[str, dict[int, int]] = {}
    for _, sex, band, people in rows:
        found.setdefault(sex, {})[band] = int(people)
    return (rows[0][0], found) if rows else None


class Counts:
    """People by group. What is no property of people (a service) leaves the whole population."""

    def __init__(
        self,
        by: tuple[str, ...],
        where: tuple[tuple[str, frozenset[str]], ...] = (),
        from_age: int = 0,
    ) -> None:
        self.by = by
        self.years: dict[int, dict[tuple[str, ...], dict[int, int]]] = {}
        wanted = {name: codes for name, codes in where if name in _PARTS}
        told = [name for name in _PARTS if name in by or name in wanted]
        columns = "".join(f", {_COLUMN.get(name, name)}" for name in told)
        for year, band, people, *codes in store.rows(
            f"SELECT year, band, sum(people){columns} FROM flow_living WHERE band >= %s"
            f" GROUP BY year, band{columns}",
            [from_age],
        ):
            mine = dict(zip(told, codes, strict=True))
            if "age_band" in mine:
                mine["age_band"] = days.wide_band(band)
            if any(mine[name] not in held for name, held in wanted.items()):
                continue
            group = tuple(mine.get(name, "") for name in by)
            into = self.years.setdefault(year, {}).setdefault(group, defaultdict(int))
            into[band] += int(people)

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
