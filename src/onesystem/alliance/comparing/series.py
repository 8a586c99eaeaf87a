"""Published series of places: read once, summed by place, month and year. No store."""

import csv
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from onesystem.vocabulary.errors import NotFound, nearest
from onesystem.vocabulary.said import say, say_each

_DATA = Path(__file__).parent / "data"
MONTHS = 12  # of each place's own last months, that stand beside each other
UNITS = {"percent": (100, "%"), "per 10,000 people": (10_000, ""),
         "per 10,000 patients": (10_000, "")}  # fmt: skip
KINDS = say_each(
    {"board": "boards", "council": "councils", "district": "districts", "country": "countries"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A figure: how it is defined, where places differ in it, and where it comes from."""

    code: str
    name: str
    unit: str
    direction: str
    words: str
    differs: str
    source: str
    limits: bool = True  # whether chance says how far places may lie apart: not of ages

    @property
    def shares(self) -> bool:
        """Whether it is a part of a whole."""
        return self.unit == "percent"


@dataclass(frozen=True, slots=True)
class Place:
    """A board, council, district or country."""

    code: str
    name: str
    country: str
    kind: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place's figure of a month, as what was counted and what it was counted out of."""

    month: date
    above: float
    below: float


@lru_cache(maxsize=1)
def indicators() -> dict[str, Indicator]:
    """All figures, by code."""
    said = tomllib.loads((_DATA / "indicators.toml").read_text(encoding="utf-8"))
    return {each["code"]: Indicator(**each) for each in said["indicator"]}


def indicator(code: str) -> Indicator:
    """A figure by its code. Raises NotFound."""
    try:
        return indicators()[code]
    except KeyError:
        raise NotFound(
            say("there is no figure {code}", code=repr(code)), nearest(code, indicators())
        ) from None


@lru_cache(maxsize=1)
def places() -> dict[str, Place]:
    """All places, by code."""
    with (_DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["place"]: Place(row["place"], row["name"], row["country"], row["kind"])
            for row in csv.DictReader(file)
        }


@lru_cache(maxsize=8)
def points(code: str) -> dict[str, tuple[Point, ...]]:
    """The points of a figure by place, the oldest first."""
    import pyarrow.parquet as pq

    table = pq.read_table(_DATA / "series.parquet", filters=[("series", "=", code)])
    made: dict[str, list[Point]] = {}
    for row in table.to_pylist():
        made.setdefault(row["place"], []).append(Point(row["month"], row["above"], row["below"]))
    return {place: tuple(sorted(each, key=lambda p: p.month)) for place, each in made.items()}


def latest(code: str, kinds: Iterable[str], countries: Iterable[str] = ()) -> dict[str, Point]:
    """Each place's last twelve months in one point; of countries the last year that is no forecast.

    Months are the place's own last ones: services publish at different times.
    """
    wanted, asked, known = set(kinds), set(countries), places()
    return {
        place: _sum(each)
        for place, each in points(code).items()
        if known[place].kind in wanted and (not asked or known[place].country in asked)
    }


def _sum(every: tuple[Point, ...]) -> Point:
    past = [p for p in every if p.month.year <= LAST_ESTIMATE] or list(every)
    last = past[-1].month
    year = [p for p in past if _months(p.month, last) < MONTHS]
    return Point(last, sum(p.above for p in year), sum(p.below for p in year))


LAST_ESTIMATE = 2024


def _months(one: date, other: date) -> int:
    return (other.year - one.year) * 12 + other.month - one.month


def kinds_of(code: str) -> list[str]:
    """Which kinds of places have a figure, those with most places first."""
    known = places()
    found = [known[place].kind for place in points(code)]
    return sorted(set(found), key=lambda kind: (kind == "country", -found.count(kind)))


def countries_of(code: str) -> list[str]:
    """The countries whose parts have a figure."""
    known = places()
    return sorted({known[p].country for p in points(code) if known[p].kind != "country"})
