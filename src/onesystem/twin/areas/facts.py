"""What is published of England's areas and hospital trusts, as it is shipped. Pure.

`data/LICENCE` says where each table is from; `tools/cut_area_data.py` cuts them.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from onesystem.vocabulary.errors import NotFound, UserError, nearest

_DATA = Path(__file__).parent / "data"
WAYS = ("home", "help at home", "rehabilitation", "care home")


@dataclass(frozen=True)
class Area:
    """An integrated care board of 2022 with its people of mid-2020 by ages."""

    code: str
    short: str
    name: str
    people: dict[str, int]

    @property
    def plain(self) -> str:
        """Its name without what all of them are called."""
        return self.name.removeprefix("NHS ").removesuffix(" Integrated Care Board")


@dataclass(frozen=True, kw_only=True)
class Trust:
    """An acute trust in the year to August 2024: people a day, shares, and beds."""

    code: str
    name: str
    attendances: float
    over_four_hours: float
    admissions: float
    waited_four_hours_for_a_bed: float
    beds: float
    occupied: float
    ready: float
    discharges: float
    delays: dict[str, float]  # of those who stay though ready, by their way on
    unsaid: float  # those whose reason names no way on

    @property
    def plain(self) -> str:
        """Its name without what all of them are called."""
        return re.sub(r",? (NHS|National Health Service)( Foundation)? Trust$", "", self.name)


def areas() -> dict[str, Area]:
    """All areas by their code."""
    return _areas()


def area_of(name: str) -> Area:
    """The area with that code (`E54000022`, `QMM`), or whose name has these words.

    Errors: NotFound with the nearest names; UserError where several have them.
    """
    known = areas().values()
    for each in known:
        if name.upper() in {each.code, each.short}:
            return each
    found = [each for each in known if name.casefold() in each.name.casefold()]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"{each.short} ({each.name})" for each in found)
        raise UserError(f"Several areas are called {name!r}", f"Name one by its code: {names}.")
    words = {word.strip(",") for each in known for word in each.name.split()[1:-3]}
    codes = {each.short for each in known}
    cure = nearest(name.title(), words) if len(name) > len(max(codes)) else nearest(name, codes)
    raise NotFound(f"No area of England is called {name!r}", cure)


def trusts_of(area: Area, *, least: float) -> list[tuple[Trust, float]]:
    """The trusts of whose patients at least that part come from the area, with that part."""
    shares = {
        row["trust"]: float(row["share"]) for row in _rows("shares") if row["area"] == area.code
    }
    return [(t, shares[t.code]) for t in _trusts() if shares.get(t.code, 0.0) >= least]


def ways_of(trust: Trust) -> dict[str, float]:
    """The parts of a trust's people who stay though ready, by their way on; they sum to one.

    Reasons that name no way on are of all who need something arranged, as the named ones are.
    """
    arranged = sum(trust.delays[way] for way in WAYS[1:])
    more = 1 + (trust.unsaid / arranged if arranged else 0.0)
    told = {way: count * (1 if way == "home" else more) for way, count in trust.delays.items()}
    whole = sum(told.values())
    return {way: count / whole for way, count in told.items()}


@lru_cache(maxsize=1)
def _areas() -> dict[str, Area]:
    return {
        row["code"]: Area(
            row["code"], row["short"], row["name"],
            {
                key.removeprefix("people_").replace("_", "-"): int(count)
                for key, count in row.items() if key.startswith("people_")
            },
        )
        for row in _rows("areas")
    }  # fmt: skip


@lru_cache(maxsize=1)
def _trusts() -> tuple[Trust, ...]:
    delays = {row["trust"]: row for row in _rows("delays")}
    return tuple(
        Trust(
            code=row["trust"],
            name=row["name"],
            **{
                key: float(value or 0) for key, value in row.items() if key not in {"trust", "name"}
            },
            delays={way: float(of.get(way.replace(" ", "_")) or 0) for way in WAYS},
            unsaid=float(of.get("unsaid") or 0),
        )
        for row in _rows("trusts")
        for of in (delays.get(row["trust"], {}),)
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
