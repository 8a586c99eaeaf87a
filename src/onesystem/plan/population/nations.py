"""What is known of countries: their people by age, and rates of each year with their bounds.

Death rates and rates of years to come are those of `twin.people`; past years, and how far the
United Nations' bounds lie apart, are shipped here (`data/LICENCE`).
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from onesystem.twin.people.ageing import OLDEST, single

_DATA = Path(__file__).parent / "data"
SEXES = ("female", "male")
_BOUND = 1.2816  # standard deviations from the middle to the 80 per cent bounds


@dataclass(frozen=True)
class Year:
    """A year of a country: births a woman of 15 to 49, moves a person, life expectancy."""

    people: float
    births: float
    moves: float
    e0: float
    births_sd: float = 0.0  # of the middle, as a part of it
    e0_sd: float = 0.0  # years


@lru_cache(maxsize=64)
def people_of(country: str, year: int) -> np.ndarray:
    """People by sex and single age in a year that the revision of 2019 has (every fifth)."""
    found: list[dict[int, float]] = [{}, {}]
    for row in _rows("people.csv"):
        if row["country"] == country and int(row["year"]) == year:
            for sex, name in enumerate(SEXES):
                found[sex][int(row["age"])] = float(row[name]) * 1000
    if not found[0]:
        msg = f"no people of {country} in {year} are shipped"
        raise KeyError(msg)
    return np.array([single(each) for each in found])


@lru_cache(maxsize=64)
def years_of(country: str) -> dict[int, Year]:
    """Every year of a country that is known."""
    return {
        int(row["year"]): Year(
            people=float(row["people"]) * 1000, births=float(row["births"]) / 1000,
            moves=float(row["moves"]) / 1000, e0=float(row["e0"]),
            births_sd=_apart(row, "tfr") / float(row["tfr"]) if row["tfr"] else 0.0,
            e0_sd=_apart(row, "e0") if row["e0_low"] else 0.0,
        )
        for row in _rows("years.csv") if row["country"] == country
    }  # fmt: skip


@lru_cache(maxsize=64)
def deaths_of(country: str) -> dict[int, np.ndarray]:
    """Death rates by sex and single age, by the year from which on they hold."""
    bands: dict[int, dict[int, tuple[float, float]]] = {}
    for row in _rows("deaths.csv"):
        if row["country"] == country:
            rates = float(row["female"]), float(row["male"])
            bands.setdefault(int(row["since"]), {})[int(row["age"])] = rates
    return {since: _single(each) for since, each in bands.items()}


def countries() -> list[str]:
    """Those whose past is shipped."""
    return list(dict.fromkeys(row["country"] for row in _rows("people.csv")))


def bounds(country: str, year: int) -> tuple[float, float]:
    """The United Nations' 80 per cent bounds of a country's people."""
    row = next(r for r in _rows("years.csv") if r["country"] == country and int(r["year"]) == year)
    return float(row["people_low"]) * 1000, float(row["people_high"]) * 1000


def moves_sd(country: str, since: int = 1990, until: int = 2023) -> float:
    """How much moves in less moves out varied from year to year, a person."""
    known = years_of(country)
    return float(np.std([known[year].moves for year in range(since, until + 1)], ddof=1))


def _apart(row: dict[str, str], name: str) -> float:
    return (float(row[f"{name}_high"]) - float(row[f"{name}_low"])) / 2 / _BOUND


def _single(bands: dict[int, tuple[float, float]]) -> np.ndarray:
    firsts = sorted(bands)
    each = [max(f for f in firsts if f <= age) for age in range(OLDEST + 1)]
    return np.array([[bands[f][sex] for f in each] for sex in range(len(SEXES))])


@lru_cache(maxsize=4)
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
