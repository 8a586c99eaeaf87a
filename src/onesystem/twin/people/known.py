"""What is known of people and of what years do to them: shipped by country, or from a file.

Rates are those of World Population Prospects (`data/LICENCE`). A district's own people are a CSV
with a line for each age (or first age of a band) and sex.
"""

import csv
import io
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from onesystem.twin.people.ageing import OLDEST, Rates, Sexes, single
from onesystem.vocabulary import BadConfig, nearest

COUNTRIES = ("New Zealand", "United Kingdom")
SEXES = ("female", "male")


def people_of(country: str) -> Sexes:
    """People of a country in the middle of 2025, in thousands. Raises BadConfig."""
    rows = [row for row in _rows("people.csv") if row["country"] == _known(country)]
    return {sex: single({int(row["age"]): float(row[sex]) for row in rows}) for sex in SEXES}


def rates_of(country: str) -> Callable[[int], Rates]:
    """The rates of a country in a year; of years that are not known, those nearest to them."""
    deaths: dict[int, dict[int, tuple[float, float]]] = {}
    for row in _rows("deaths.csv"):
        if row["country"] == _known(country):
            ages = deaths.setdefault(int(row["since"]), {})
            ages[int(row["age"])] = float(row["female"]), float(row["male"])
    known = {
        int(row["year"]): (float(row["births"]) / 1000, float(row["moves"]) / 1000)
        for row in _rows("years.csv") if row["country"] == country
    }  # fmt: skip

    @lru_cache
    def rates(year: int) -> Rates:
        births, moves = known[min(max(year, min(known)), max(known))]
        since = max((each for each in deaths if each <= year), default=min(deaths))
        return Rates(dict(zip(SEXES, _by_age(deaths[since]), strict=True)), births, moves)

    return rates


def _by_age(bands: dict[int, tuple[float, float]]) -> tuple[tuple[float, ...], ...]:
    """The rate of each single age, by sex: that of the band that the age is in."""
    each = [max(first for first in bands if first <= age) for age in range(OLDEST + 1)]
    return tuple(tuple(bands[first][sex] for first in each) for sex in range(len(SEXES)))


def people_from(text: str, name: str = "people") -> Sexes:
    """People from CSV with the columns age, sex (female, male) and people. Raises BadConfig.

    An age may be the first one of a band: ages that are not there belong to the one before.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    bands: dict[str, dict[int, float]] = {sex: {} for sex in SEXES}
    try:
        for row in rows:
            ages = bands[row["sex"].strip().lower()]
            age, people = int(row["age"]), float(row["people"])
            if age in ages or not _possible(age, people):
                raise KeyError(age)  # noqa: TRY301 - said below as the others are
            ages[age] = people
    except (KeyError, ValueError, TypeError, AttributeError):
        raise BadConfig(
            f"{name}, line {rows.line_num}: no age, sex and number of people, or one that is there "
            "before",
            "Give the columns age (whole years), sex (female or male) and people.",
        ) from None
    if not all(sum(ages.values()) > 0 for ages in bands.values()):
        raise BadConfig(f"{name} has nobody of one sex", "Give people of both sexes.")
    return {sex: single(ages) for sex, ages in bands.items()}


def _possible(age: int, people: float) -> bool:
    return 0 <= age <= OLDEST and 0 <= people < float("inf")


def _known(country: str) -> str:
    if country not in COUNTRIES:
        raise BadConfig(f"no rates are known of {country!r}", nearest(country, COUNTRIES))
    return country


def _rows(name: str) -> list[dict[str, str]]:
    path = files("onesystem.twin.people") / "data" / name
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
