"""Today's level of each line in an area: what boards publish of it, or what an average person has.

A board's figure goes to a part of it by what its people would use, by age and deprivation.
"""

import csv
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from onesystem.plan.areas import catalogue, people
from onesystem.plan.areas.area import BANDS, OWN, Area
from onesystem.plan.areas.people import PeopleNow
from onesystem.plan.case.lines import Line
from onesystem.plan.population import using
from onesystem.plan.population.nations import people_of as nation

_DATA = Path(__file__).parent / "data"
_IN_USE = 0.85  # of places in care homes
_GROUPS = {"Under 18": (0, 18), "18-24": (18, 25), "25-39": (25, 40), "40-64": (40, 65),
           "65-74": (65, 75), "75 plus": (75, 101)}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """What an area has of something in a year, and whether it is published for the area."""

    value: float
    published: bool


def shape(line: Line, years: np.ndarray) -> np.ndarray:
    """Relative use by band, of people who are as well as so many years younger."""
    return using.younger(line.curve, years) * (_attending() if line.curve == "ed" else 1.0)


def weight(line: Line, now: PeopleNow) -> float:
    """What people would use of a line by age and place, in people of average use."""
    here = using.place(line.curve, now.decile) / _average_place(line.curve)
    return float((now.counts.sum(axis=1) * here[:, None] * shape(line, np.zeros(1))[0]).sum())


def place_factor(line: Line, now: PeopleNow) -> float:
    """How much more people of the area use than others of their ages."""
    plain = float((now.counts.sum(axis=(0, 1)) * shape(line, np.zeros(1))[0]).sum())
    return weight(line, now) / plain if plain else 1.0


def rate_of_england(line: Line) -> float:
    """Use of somebody of weight one, where an average person of England has the line's rate."""
    bands = np.add.reduceat(people.reference("United Kingdom").sum(axis=0), np.array(BANDS))
    return line.rate * float(bands.sum()) / float((bands * shape(line, np.zeros(1))[0]).sum())


def published(name: str, line: Line, now: PeopleNow) -> Level | None:
    """What is published of the area's boards, as much of it as goes to the area by the line."""
    if now.known is not None:
        own = getattr(now.known, name, None)
        return None if own is None else Level(float(own), published=True)
    if now.area.kind == OWN or not now.area.boards:
        return None
    found = 0.0
    for board in now.area.boards:
        value = _homes(board, line) if name == "care_home_places" else getattr(
            catalogue.published(board), name
        )  # fmt: skip
        if value is None:
            return None
        found += value * share(line, now.area, board)
    return Level(found, published=now.area.whole and name != "care_home_places")


def ratio(name: str, now: PeopleNow) -> float | None:
    """A published ratio to beds, of several boards by their beds."""
    if now.known is not None:
        own: float | None = getattr(now.known, name)
        return own
    known = [catalogue.published(board) for board in now.area.boards]
    told = [(getattr(each, name), each.beds or 0.0) for each in known if getattr(each, name)]
    if not told:
        return None
    return float(np.average([r for r, _ in told], weights=[beds for _, beds in told]))


@lru_cache(maxsize=512)
def share(line: Line, area: Area, board: str) -> float:
    """The part of what a board's people use that people of the area do."""
    if area.whole:
        return 1.0
    part = replace(area, boards=(board,))
    return weight(line, people.people_of(part)) / _of_board(line, board)


@lru_cache(maxsize=512)
def england(line: Line) -> float:
    """How much of a line England has: the sum of its boards, or its people at the rate."""
    if line.level == "care_home_places":
        return sum(_homes_by_region().values()) * _IN_USE
    if line.level:
        boards = catalogue.areas("board")
        return sum(getattr(catalogue.published(b.code), line.level) or 0.0 for b in boards)
    return line.rate * float(people.reference("United Kingdom").sum())


def occupied(line: Line, level: float) -> float:
    """People in care homes, of places; any other figure as it is."""
    return level * _IN_USE if line.level == "care_home_places" else level


@lru_cache(maxsize=512)
def _of_board(line: Line, board: str) -> float:
    return weight(line, people.people_of(catalogue.by_code(board)))


def _homes(board: str, line: Line) -> float:
    """Places in care homes of a board: its region's, by what its people would use."""
    region = catalogue.by_code(board).region
    boards = [each.code for each in catalogue.areas("board") if each.region == region]
    whole = sum(_of_board(line, each) for each in boards)
    return _homes_by_region()[region] * _of_board(line, board) / whole


@lru_cache(maxsize=1)
def _homes_by_region() -> dict[str, float]:
    with (_DATA / "care_homes.csv").open(encoding="utf-8", newline="") as file:
        return {row["region"]: float(row["beds"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=16)
def _average_place(curve: str) -> float:
    return float(using.place(curve, np.arange(1, 11)).mean())


@lru_cache(maxsize=1)
def _attending() -> np.ndarray:
    """Factors by band that give Scotland's attendances by age group."""
    with (_DATA / "scotland_ages.csv").open(encoding="utf-8", newline="") as file:
        came = {row["age"]: float(row["attendances"]) for row in csv.DictReader(file)}
    ages = nation("United Kingdom", 2020).sum(axis=0)
    plain = ages * using.at("ed", np.arange(len(ages)))
    factor = np.ones(len(ages))
    for name, (first, last) in _GROUPS.items():
        expected = plain[first:last].sum() / plain.sum()
        factor[first:last] = came[name] / sum(came.values()) / expected
    by_band: np.ndarray = np.add.reduceat(plain * factor, np.array(BANDS)) / np.add.reduceat(
        plain, np.array(BANDS)
    )
    return by_band
