"""The people of measures: what each person's identities say of them, as one answer.

Where identities differ, the one that was seen last counts, of those that say anything.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection

from onesystem.district import folder
from onesystem.flow.measures import store
from onesystem.flow.measures.days import iso_day
from onesystem.flow.measures.world import Somebody

_SQL = "SELECT id, person, birth_date, died, sex, practice, postcode, seen_at FROM people_identity"
Line = tuple[int, int, str, str, str, str, str, int]
_PORTION = 500
AREAS = "areas.csv"


def everybody() -> dict[int, Somebody]:
    """Each identity's person, of the whole district."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_SQL} ORDER BY person, seen_at DESC, id")
        return _made(cursor.fetchall())


def of_persons(persons: Iterable[int]) -> dict[int, Somebody]:
    """The identities of these persons, each with its person."""
    return _made(_lines("person", persons))


def of_identities(identities: Iterable[int]) -> dict[int, Somebody]:
    """The identities of the persons of these identities, each with its person."""
    return of_persons({line[1] for line in _lines("id", identities)})


def kept_of(identities: Iterable[int], persons: Iterable[int]) -> dict[int, Somebody]:
    """Identities as the cells know them: these, and those of these persons."""
    found: dict[int, Somebody] = {}
    for column, ids in (("identity", identities), ("person", persons)):
        for some in store.portions(sorted(set(ids))):
            sql = (
                "SELECT identity, person, born, died, sex, practice, area, deprivation"
                f" FROM flow_who WHERE {column} IN ({store.marks(some)})"
            )
            found.update((line[0], Somebody(*line[1:])) for line in store.rows(sql, some))
    return found


def as_kept() -> dict[int, Somebody]:
    """Each identity's person, of the whole district, as the cells know them."""
    sql = "SELECT identity, person, born, died, sex, practice, area, deprivation FROM flow_who"
    people: dict[int, Somebody] = {}
    found = {}
    for identity, person, *facts in store.rows(sql):
        found[identity] = people.setdefault(person, Somebody(person, *facts))
    return found


def _lines(column: str, ids: Iterable[int]) -> list[Line]:
    wanted, found = sorted(set(ids)), []
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), _PORTION):
            some = wanted[at : at + _PORTION]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"{_SQL} WHERE {column} IN ({marks}) ORDER BY person, seen_at DESC, id", some
            )
            found += cursor.fetchall()
    return found


def _made(lines: Sequence[Line]) -> dict[int, Somebody]:
    """Lines in order of person, the last seen first."""
    deprivation = _deprivation()
    found: dict[int, Somebody] = {}
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end][1] == lines[at][1]:
            end += 1
        somebody = _one(lines[at:end], deprivation)
        found.update((line[0], somebody) for line in lines[at:end])
        at = end
    return found


def _one(lines: Sequence[Line], deprivation: dict[str, str]) -> Somebody:
    birth, died, sex, practice, postcode = (
        next((str(line[i]) for line in lines if line[i]), "") for i in range(2, 7)
    )
    area = outward(postcode)
    return Somebody(
        person=lines[0][1],
        born=iso_day(birth),
        died=iso_day(died),
        sex=sex,
        practice=practice,
        area=area,
        deprivation=deprivation.get(postcode)
        or deprivation.get(postcode[:-2])
        or deprivation.get(area, ""),
    )


def outward(postcode: str) -> str:
    """The postcode district: the part before the space, or all of a code without one."""
    return postcode.split(" ", 1)[0] if postcode else ""


def councils() -> dict[str, str]:
    """The council of each postcode district that `areas.csv` names."""
    return _told("council")


def _deprivation() -> dict[str, str]:
    """The fifth of deprivation by postcode, its sector or its district, as `areas.csv` says."""
    return _told("deprivation")


def _told(column: str) -> dict[str, str]:
    path = folder() / AREAS
    return _areas(path, path.stat().st_mtime_ns, column) if path.exists() else {}


@lru_cache(maxsize=4)
def _areas(path: Path, _stamp: int, column: str) -> dict[str, str]:
    import csv

    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            str(row["postcode"]): str(row[column])
            for row in csv.DictReader(file)
            if row.get("postcode") and row.get(column)
        }


def as_rows(people: dict[int, Somebody]) -> list[tuple[Any, ...]]:
    """Rows for the engines, in the order of `frames.SOMEBODY`."""
    return [
        (i, s.person, s.born, s.died, s.sex, s.practice, s.area, s.deprivation)
        for i, s in people.items()
    ]
