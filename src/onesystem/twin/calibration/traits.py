"""What is known of people beside their age, as numbers by identity: for shares, of nobody alone.

Sex, deprivation and where people live (the council, where `areas.csv` names it, else the postcode
district) are as the measures of the district know them; conditions, COPD and frailty as its records
do. A trait of which only one level is known of anybody tells nothing, and is left out. The last
level of each is that of people of whom it is not known.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from onesystem.twin.calibration.district import Trait

HOME, DEPRIVED, COPD = "lives in", "deprivation", "COPD"
ELSEWHERE = "other places"
_COPD_CODE = "13645005"  # of SNOMED CT: chronic obstructive lung disease
_KNOWN = ("known", "none known")
_MOST_PLACES = 12
JOB = "calibrating the twin"
_NOT_KNOWN = "not known"
_MANY = ("one", "two", "three or more", "none known")
_FRAIL = ("mild", "moderate", "severe", "none known")


def traits_of(ids: Any, persons: Any) -> dict[str, Trait]:
    """The traits that are known of people; `ids` are all identities in order, with their person."""
    from onesystem import access
    from onesystem.flow.measures import who
    from onesystem.record import burden

    access.record(
        by=access.Actor.job(JOB), act="records.summed", purpose=JOB,
        what="conditions and frailty of everybody, as shares of who comes",
    )  # fmt: skip
    people = who.as_kept() or who.everybody()
    said = {
        "sex": {each: somebody.sex for each, somebody in people.items()},
        DEPRIVED: {each: somebody.deprivation for each, somebody in people.items()},
        HOME: homes({each: somebody.area for each, somebody in people.items()}, who.councils()),
    }
    conditions = of_person(burden.conditions(), ids, persons, sum)
    frailty = of_person(burden.frailty(), ids, persons, max)
    copd = of_person(dict.fromkeys(burden.living_with(_COPD_CODE), 1), ids, persons, max)
    found = {name: _worded(ids, words) for name, words in said.items()}
    found |= {
        name: (levels, (ids, np.array([_level(each.get(n, 0)) for n in ids.tolist()], np.int64)))
        for name, levels, each in (("conditions", _MANY, conditions), ("frailty", _FRAIL, frailty))
    }
    found[COPD] = (_KNOWN, (ids, np.array([int(n not in copd) for n in ids.tolist()], np.int64)))
    return {name: trait for name, trait in found.items() if _tells(trait)}


def homes(areas: Mapping[int, str], councils: Mapping[str, str]) -> dict[int, str]:
    """Where each lives, by council where one is known; the places with the fewest are one."""
    where = {each: councils.get(area, area) for each, area in areas.items()}
    many = Counter(place for place in where.values() if place)
    kept = {place for place, _ in many.most_common(_MOST_PLACES)}
    return {
        each: place if place in kept or not place else ELSEWHERE for each, place in where.items()
    }


def of_person(
    by: Mapping[int, int], ids: Any, persons: Any, together: Callable[[Iterator[int]], int]
) -> dict[int, int]:
    """Numbers by identity, as those of the whole person: what any of their sources says."""
    person = dict(zip(ids.tolist(), persons.tolist(), strict=True))
    said: dict[int, list[int]] = {}
    for identity, number in by.items():
        said.setdefault(person.get(identity, -identity), []).append(number)
    whole = {who: together(iter(numbers)) for who, numbers in said.items()}
    return {each: whole[who] for each, who in person.items() if who in whole}


def _worded(ids: Any, words: Mapping[int, str]) -> Trait:
    levels = (*sorted({word for word in words.values() if word}), _NOT_KNOWN)
    number = {word: n for n, word in enumerate(levels)}
    last = len(levels) - 1
    return levels, (
        ids, np.array([number.get(words.get(n, ""), last) for n in ids.tolist()], np.int64)
    )  # fmt: skip


def _level(number: int) -> int:
    """One, two, or three and more, from 0 on; none is the last level."""
    return min(number, 3) - 1 if number else 3


def _tells(trait: Trait) -> bool:
    """Whether it tells some people from others."""
    levels, (_, codes) = trait
    return int((np.bincount(codes, minlength=len(levels)) > 0).sum()) > 1
