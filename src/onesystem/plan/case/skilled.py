"""The skill of projections over all countries and all series, as a table. Pure but for tables."""

from typing import Any

import numpy as np

from onesystem.plan.areas import catalogue
from onesystem.plan.areas.area import BANDS
from onesystem.plan.case.building import case_of
from onesystem.plan.case.skill import MEASURES, of
from onesystem.plan.case.skill import skill as skill_of
from onesystem.plan.population import using
from onesystem.plan.population.nations import countries, people_of
from onesystem.plan.population.skill import GROUPS, tried
from onesystem.twin.people.ageing import OLDEST

# What Canterbury foresaw in 2007 for 2020 if nothing changed (King's Fund 2013, slides): 20 % more
# general practitioners, and 2,000 more care-home places, which was 40 %.
FORESEEN = (("gp", "General practitioners", 0.20), ("care home", "Care-home places", 0.40))
SINCE = (2000, 2005, 2010)
_BOARD = "QMM"


def nations() -> list[dict[str, Any]]:
    """The error of people by age, by jump-off year and age group, over all countries."""
    found = []
    for since in SINCE:
        tries = [each for country in countries() for each in tried(country, since)]
        for ages in GROUPS:
            mine = [each for each in tries if each.ages == ages]
            found.append({
                "since": since, "countries": len(mine),
                "ages": f"{ages[0]}+" if ages[1] == OLDEST else f"{ages[0]}-{ages[1]}",
                "here": float(np.mean([each.error("said") for each in mine])),
                "naive": float(np.mean([each.error("naive") for each in mine])),
                "still": float(np.mean([each.error("still") for each in mine])),
            })  # fmt: skip
    return found


def lists() -> list[dict[str, Any]]:
    """The error of series, by measure; a year's growth is that of a case that ends in 2024."""
    case = case_of(catalogue.by_code(_BOARD), since=2023, years=1, draws=2)
    found = []
    for measure in MEASURES:
        grown = case.of(of(measure)).middle
        each = skill_of(measure, float(grown[1] / grown[0] - 1))
        found.append({
            "measure": measure, "series": each.series, "months": each.months, "here": each.said,
            "naive": each.naive, "last": each.last,
        })  # fmt: skip
    return found


def canterbury() -> list[tuple[str, float, float]]:
    """What Canterbury foresaw, beside use by age laid on New Zealand's people of 2007 and 2020."""
    before, after = (_bands("New Zealand", year) for year in (2007, 2020))
    found = []
    for curve, name, foresaw in FORESEEN:
        used = using.at(curve, using.MIDDLE)
        found.append((name, foresaw, float(used @ after / (used @ before) - 1)))
    return found


def _bands(country: str, year: int) -> np.ndarray:
    """People by band in a year, between the fifth years that are known."""
    first = year // 5 * 5
    part = (year - first) / 5
    people = people_of(country, first) * (1 - part)
    if part:
        people = people + people_of(country, first + 5) * part
    bands: np.ndarray = np.add.reduceat(people.sum(axis=0), np.array(BANDS))
    return bands
