"""People that somebody brought: files with small areas, ages and sexes, and what is known of them.

people.csv   area, age, people, and sex where it is known; an age may be the first of a band
areas.csv    area, and name, deprivation (1 most to 10 least) where known
figures.csv  figure, value: what the district has in a year, such as beds or attendances
trusts.csv   trust, share (of its patients, those from here), beds, occupied: beds of the district
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from onesystem.plan.areas.area import BANDS, OWN, Area, Published
from onesystem.plan.areas.own_rows import Row, bad, counted, number, rows_of
from onesystem.plan.areas.people import PeopleNow, deciles, reference
from onesystem.plan.areas.renaming import newer, older, only_2011, only_2021
from onesystem.plan.areas.trusts import hospitals
from onesystem.plan.population.nations import people_of as nation
from onesystem.twin.people.ageing import OLDEST, single
from onesystem.vocabulary.errors import UserError, nearest

FILES = ("people.csv", "areas.csv", "figures.csv", "trusts.csv")
COUNTRIES = {"United Kingdom": ("GBP", 2020), "New Zealand": ("NZD", 2020)}
_FIGURES = tuple(each.name for each in fields(Published))
_SEXES = {"female": 0, "f": 0, "women": 0, "2": 0, "male": 1, "m": 1, "men": 1, "1": 1}
_BOTH = {"", "persons", "all", "both"}
_NAMED = 5  # codes that a message lists


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What was brought, named: the files' texts by name."""

    code: str
    name: str
    country: str
    year: int
    source: str
    files: Mapping[str, str]


def read(brought: Brought) -> PeopleNow:
    """The people of the files. Raises UserError naming the file, the line and the cure."""
    if brought.country not in COUNTRIES:
        raise UserError(
            f"no rates are known of {brought.country!r}", nearest(brought.country, COUNTRIES)
        )
    people = rows_of(brought.files, "people.csv", ("area", "age", "people"))
    codes = list(dict.fromkeys(row["area"] for row in people))
    notes = _codes(codes)
    bands = _bands(people, codes, brought.country)
    ages = np.stack([bands.sum(axis=0)[sex] for sex in (0, 1)])
    starts = np.array(BANDS)
    told = {row["area"]: row for row in _optional(brought.files, "areas.csv", ("area",))}
    area = Area(
        code=brought.code, name=brought.name, kind=OWN, country=brought.country,
        currency=COUNTRIES[brought.country][0], note=" ".join(notes),
    )  # fmt: skip
    return PeopleNow(
        area=area, year=brought.year, source=brought.source, ages=ages, codes=tuple(codes),
        names=tuple(told.get(code, {}).get("name", "") for code in codes),
        councils=("",) * len(codes), decile=_deciles(codes, told),
        counts=np.add.reduceat(bands, starts, axis=2),
        reference=reference(brought.country), known=_known(brought.files),
    )  # fmt: skip


def _codes(codes: list[str]) -> list[str]:
    """Notes on the codes of small areas. Raises UserError where an area is there twice."""
    there = set(codes)
    for code in codes:
        twice = [each for each in newer(code) if each in there and each != code]
        if only_2011(code) and twice:
            raise UserError(
                f"people.csv has {code} of 2011 and {twice[0]} of 2021, which is a part of it",
                "Give the small areas of one year: its people would be counted twice.",
            )
    old, new = sum(map(only_2011, codes)), sum(map(only_2021, codes))
    if old and new:
        return [f"Small areas of 2011 ({old}) and of 2021 ({new}) are mixed; none is there twice."]
    return []


def _deciles(codes: list[str], told: Mapping[str, Row]) -> np.ndarray:
    """As brought; else that of the English small area, or of those it is made of; else unknown."""
    shipped = deciles()
    found = []
    for code in codes:
        said = told.get(code, {}).get("deprivation", "")
        if said:
            decile = int(number(said, told[code], "areas.csv", "deprivation"))
            if not 1 <= decile <= 10:
                raise bad("areas.csv", told[code], f"a deprivation of {decile}",
                          "Give 1 (most deprived) to 10.")  # fmt: skip
            found.append(decile)
        else:
            known = [shipped[each] for each in older(code) if each in shipped]
            found.append(round(sum(known) / len(known)) if known else 0)
    unknown = [c for c, d in zip(codes, found, strict=True) if not d and c.startswith("E01")]
    if unknown:
        raise UserError(
            f"people.csv: {', '.join(unknown[:_NAMED])} is a small area of neither 2011 nor 2021",
            "Give codes of one of the two, as the Office for National Statistics publishes them.",
        )
    return np.array(found)


def _bands(people: list[Row], codes: list[str], country: str) -> np.ndarray:
    """People by small area, sex and single age, of ages or first ages of bands."""
    at = {code: place for place, code in enumerate(codes)}
    told: dict[tuple[int, str], dict[int, float]] = {}
    for row in people:
        age, count = counted(row)
        sex = row.get("sex", "").casefold()
        if sex not in _SEXES and sex not in _BOTH:
            raise bad("people.csv", row, f"the sex {row['sex']!r}",
                      "Give female or male, or leave it empty.")  # fmt: skip
        ages = told.setdefault((at[row["area"]], str(_SEXES.get(sex, ""))), {})
        if age in ages:
            raise bad("people.csv", row, f"age {age} of {row['area']} a second time",
                      "Give each area, sex and age once.")  # fmt: skip
        ages[age] = count
    share = nation(country, COUNTRIES[country][1])
    share = share / share.sum(axis=0)
    found = np.zeros((len(codes), 2, OLDEST + 1))
    for (place, sex), ages in told.items():
        each = np.array(single(ages))
        found[place] += share * each if sex == "" else np.eye(2)[int(sex)][:, None] * each
    if not (found.sum(axis=(0, 2)) > 0).all():
        raise UserError("people.csv has nobody of one sex", "Give people of both, or no sex.")
    return found


def _known(files: Mapping[str, str]) -> Published:
    """What the district says of itself; beds by its trusts, where they are told."""
    found: dict[str, float] = {}
    if trusts := _optional(files, "trusts.csv", ("trust", "share")):
        found |= hospitals(trusts)
    for row in _optional(files, "figures.csv", ("figure", "value")):
        if row["figure"] not in _FIGURES:
            raise bad("figures.csv", row, f"the figure {row['figure']!r}",
                      nearest(row["figure"], _FIGURES))  # fmt: skip
        found[row["figure"]] = number(row["value"], row, "figures.csv", "value")
    return Published(**found)


def _optional(files: Mapping[str, str], name: str, needed: tuple[str, ...]) -> list[Row]:
    return rows_of(files, name, needed) if files.get(name, "").strip() else []
