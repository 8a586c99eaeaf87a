"""Who lives in an area: small areas by age and sex, with their deprivation.

English people are told by single year of age and small area, but by sex only for councils: the
share of women at an age is the country's, moved to what the council's census says at 16 to 64 and
at 65 to 74.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from onesystem.plan.areas.area import BANDS, DISTRICT, Area, Published
from onesystem.plan.areas.catalogue import DATA, rows
from onesystem.plan.population.nations import people_of as nation
from onesystem.twin.people.ageing import OLDEST, single
from onesystem.vocabulary.errors import UserError

ENGLAND = ("Office for National Statistics, mid-2020; Census 2021 for sex; English Indices of "
           "Deprivation 2025")  # fmt: skip
NEW_ZEALAND = "Health New Zealand, health service users 2022"
_LAST = BANDS[-1]
_WORDS = ("board", "place", "council")  # of a small area


@dataclass(frozen=True, kw_only=True)
class PeopleNow:
    """People of an area in a year.

    `ages` has women and men (rows) by single age to 100 and over; `counts` has small areas, sexes,
    and bands of five years to 90 and over. `reference` is the whole country that the area is a
    part of, by sex and age. A decile of 0 is one that is not known.
    """

    area: Area
    year: int
    source: str
    ages: np.ndarray
    codes: tuple[str, ...]
    names: tuple[str, ...]
    councils: tuple[str, ...]
    decile: np.ndarray
    counts: np.ndarray
    reference: np.ndarray
    known: Published | None = None  # what somebody brought, or None: what boards publish

    @property
    def total(self) -> float:
        """Everybody."""
        return float(self.ages.sum())


def people_of(area: Area) -> PeopleNow:
    """Who lives in an area that is shipped. Raises UserError where nobody is known of."""
    if area.kind == DISTRICT:
        return _new_zealand(area)
    return _england(area)


def _england(area: Area) -> PeopleNow:
    table = _small()
    mine = np.isin(table["board"], area.boards)
    if area.councils:
        mine &= np.isin(table["council"], area.councils)
    if area.places:
        mine &= np.isin(table["place"], area.places)
    if not mine.any():
        raise UserError(f"Nobody is known to live in {area.name}", "Name another area.")
    councils = table["council"][mine]
    both = table["counts"][mine].astype(float)
    women = {c: _share(c) for c in np.unique(councils)}
    middle = np.array([first + 2 if first < _LAST else 93 for first in BANDS])
    share = np.array([women[c][middle] for c in councils])
    counts = np.stack([both * share, both * (1 - share)], axis=1)
    return PeopleNow(
        area=area, year=2020, source=ENGLAND, ages=_single_ages(area, counts, women),
        codes=tuple(f"E{code:08d}" for code in table["area"][mine]), names=(),
        councils=tuple(councils), decile=table["decile"][mine], counts=counts,
        reference=reference("United Kingdom"),
    )  # fmt: skip


def _single_ages(area: Area, counts: np.ndarray, women: dict[str, np.ndarray]) -> np.ndarray:
    """Single ages of the area: its councils' ages, made to sum to its small areas in each band."""
    board, council, ages = _ages()
    mine = np.isin(board, area.boards) & np.isin(council, list(women))
    found = np.zeros((2, OLDEST + 1))
    for code, each in zip(council[mine], ages[mine], strict=True):
        longer = _to_oldest(each)
        found[0] += longer * women[code]
        found[1] += longer * (1 - women[code])
    return fitted(found, counts.sum(axis=0))


def fitted(ages: np.ndarray, bands: np.ndarray) -> np.ndarray:
    """Single ages by sex, scaled so that those of each band sum to what the band has."""
    starts = np.array(BANDS)
    have = np.add.reduceat(ages, starts, axis=1)
    factor = np.divide(bands, have, out=np.zeros_like(bands), where=have > 0)
    scaled: np.ndarray = ages * np.repeat(factor, np.diff([*starts, OLDEST + 1]), axis=1)
    return scaled


def _to_oldest(ages: np.ndarray) -> np.ndarray:
    """Ages to 90 and over, the last shared out to 100 and over as `twin.people` does."""
    last = np.array(single({0: 0.0, _LAST: float(ages[_LAST])}))
    return np.concatenate([ages[:_LAST], last[_LAST:]])


def _share(council: str) -> np.ndarray:
    """Women's share of a council's people by age."""
    ages = nation("United Kingdom", 2020)
    share: np.ndarray = ages[0] / ages.sum(axis=0)
    said = _censused()[council]
    weight = ages.sum(axis=0)
    for part, told in ((slice(16, 65), said[0]), (slice(65, None), said[1])):
        known = slice(16, 65) if part.start == 16 else slice(65, 75)
        whole = float(np.average(share[known], weights=weight[known]))
        moved = np.log(told / (1 - told)) - np.log(whole / (1 - whole))
        odds = np.exp(np.log(share[part] / (1 - share[part])) + moved)
        share[part] = odds / (1 + odds)
    return share


def _new_zealand(area: Area) -> PeopleNow:
    ages = _district_ages(area.name)
    places = [row for row in rows("new_zealand_areas.csv") if row["district"] == area.name]
    size = np.array([float(row["people"]) for row in places])
    starts = np.array(BANDS)
    bands = np.add.reduceat(ages, starts, axis=1)
    return PeopleNow(
        area=area, year=2022, source=NEW_ZEALAND, ages=ages,
        codes=tuple(row["area"] for row in places), names=tuple(row["name"] for row in places),
        councils=(area.name,) * len(places), decile=np.zeros(len(places), dtype=int),
        counts=bands[None] * (size / size.sum())[:, None, None],
        reference=reference("New Zealand"),
    )  # fmt: skip


def _district_ages(district: str) -> np.ndarray:
    """Both sexes by single age; who is of neither is shared out between the two."""
    bands: list[dict[int, float]] = [{}, {}]
    for row in rows("new_zealand.csv"):
        if row["district"] == district:
            other = float(row["other"] or 0) / 2
            for sex, name in enumerate(("female", "male")):
                bands[sex][int(row["age"])] = float(row[name] or 0) + other
    return np.array([single(each) for each in bands])


@lru_cache(maxsize=2)
def reference(country: str) -> np.ndarray:
    """The country that shipped areas are parts of, by sex and single age."""
    if country == "New Zealand":
        names = dict.fromkeys(row["district"] for row in rows("new_zealand.csv"))
        whole: np.ndarray = np.sum([_district_ages(name) for name in names], axis=0)
        return whole
    ages = nation("United Kingdom", 2020)
    share = ages[0] / ages.sum(axis=0)
    both = _to_oldest(_ages()[2].sum(axis=0))
    return np.stack([both * share, both * (1 - share)])


@lru_cache(maxsize=1)
def deciles() -> dict[str, int]:
    """The decile of every English small area of 2011."""
    table = _small()
    return {
        f"E{code:08d}": int(decile)
        for code, decile in zip(table["area"], table["decile"], strict=True)
    }


@lru_cache(maxsize=1)
def _small() -> dict[str, np.ndarray]:
    table = _table("england.parquet", *_WORDS)
    names = [f"b{first}" for first in BANDS]
    kept = {name: table[name].to_numpy(zero_copy_only=False) for name in ("area", "decile")}
    kept |= {name: _repeated(table[name]) for name in _WORDS}
    return kept | {"counts": np.stack([table[name].to_numpy() for name in names], axis=1)}


@lru_cache(maxsize=1)
def _ages() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = _table("ages.parquet", "board", "council")
    counts = np.stack([table[f"a{age}"].to_numpy() for age in range(_LAST + 1)], axis=1)
    return _repeated(table["board"]), _repeated(table["council"]), counts.astype(float)


def _table(name: str, *words: str) -> Any:
    """A table that is shipped. `read_table` would load Arrow's data sets for it."""
    import pyarrow.parquet as pq

    return pq.ParquetFile(DATA / name, read_dictionary=list(words)).read(use_threads=False)


def _repeated(column: Any) -> np.ndarray:
    """Words that come again and again, each kept once: a process that grows is ended."""
    each = column.combine_chunks()
    words = np.array(each.dictionary.to_pylist(), dtype=object)
    found: np.ndarray = words[each.indices.to_numpy()]
    return found


@lru_cache(maxsize=1)
def _censused() -> dict[str, tuple[float, float]]:
    return {
        row["council"]: (float(row["working_age"]), float(row["older"]))
        for row in rows("councils.csv")
    }
