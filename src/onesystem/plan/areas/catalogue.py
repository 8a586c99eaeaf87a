"""Every area that is shipped, and finding one by any of its codes or by its name.

Three styles of board code are in use (E54000022, QMM, and names), some were given anew, and
clinical commissioning groups live on in places' codes; all of them lead to the area of today.
"""

import csv
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from onesystem.plan.areas.area import BOARD, COUNCIL, DISTRICT, ECONOMY, PLACE, Area, Published
from onesystem.plan.areas.renaming import successors
from onesystem.vocabulary.errors import NotFound, UserError, nearest
from onesystem.vocabulary.said import say

DATA = Path(__file__).parent / "data"
_KNOWN = ("attendances", "admissions", "referred", "treated", "waiting", "beds", "occupied",
          "ready", "discharges_a_day", "nurses_a_bed", "doctors_a_bed", "practice_doctors",
          "patients")  # fmt: skip
_MOST = 8  # names that a message lists


def areas(*kinds: str) -> list[Area]:
    """All areas of some kinds: boards, districts and economies where none is named."""
    wanted = kinds or (BOARD, DISTRICT, ECONOMY)
    return [each for each in _all().values() if each.kind in wanted]


def find(text: str) -> Area:
    """The area with that code or name. Raises NotFound with the nearest, or UserError where
    several have it.
    """
    wanted = " ".join(text.split())
    if not wanted:
        raise UserError("No area is named", "Give a code, such as QMM, or a name.")
    known = _all()
    if by_code := _by_code().get(wanted.upper()):
        return known[by_code]
    plain = _plain(wanted)
    same = [each for each in known.values() if _plain(each.name) == plain]
    if same:
        return same[0]
    like = [each for each in areas() if plain in _plain(each.name)]
    found = like or [each for each in known.values() if plain in _plain(each.name)]
    if len(found) == 1:
        return found[0]
    if found:
        names = "; ".join(f"{each.code} ({each.name})" for each in found[:_MOST])
        more = " ..." if len(found) > _MOST else ""
        raise UserError(
            say("Several areas are called {text}", text=repr(text)),
            say("Name one by code: {names}{more}.", names=names, more=more),
        )
    return _replaced(wanted)


def by_code(code: str) -> Area:
    """The area that was found before. Raises NotFound."""
    found = _all().get(code)
    if found is None:
        raise NotFound(say("no area has the code {code}", code=repr(code)), nearest(code, _all()))
    return found


def published(board: str) -> Published:
    """What is published of a board."""
    return _published()[board]


def _replaced(code: str) -> Area:
    """The area that took over an old code; the cure where nothing is like it."""
    now = {found for each in successors(code.upper()) if (found := _by_code().get(each))}
    if len(now) == 1:
        return _all()[now.pop()]
    if now:
        names = ", ".join(sorted(now))
        raise UserError(
            say("{code} was shared out", code=code),
            say("It is a part of each of these now: {names}.", names=names),
        )
    if trusts := successors(code.upper()):
        raise NotFound(
            say(
                "{code} is the code of a trust, which is {trusts} today",
                code=code,
                trusts=", ".join(trusts),
            ),
            "A plan is for where people live: name the board or the council.",
        )
    raise NotFound(say("No area is called {code}", code=repr(code)), _cure(code))


def _cure(name: str) -> str:
    """The nearest name or word of one, or the nearest code."""
    codes = {each.code for each in areas(BOARD)}
    if len(name) <= max(map(len, codes)):
        return nearest(name.upper(), codes)
    words = {word.strip(",") for each in areas() for word in each.name.split() if len(word) > 3}
    return nearest(name.title(), {each.name for each in areas()} | words)


def _plain(name: str) -> str:
    words = name.casefold().replace("&", "and").replace(",", " ").replace("-", " ")
    words = words.removeprefix("nhs ").removesuffix(" integrated care board")
    return " ".join(words.removesuffix(" icb").split())


@lru_cache(maxsize=1)
def _all() -> dict[str, Area]:
    made = (*_boards(), *_districts(), *_economies(), *_councils(), *_places())
    return {each.code: each for each in made}


@lru_cache(maxsize=1)
def _by_code() -> dict[str, str]:
    found: dict[str, str] = {}
    for each in _all().values():
        for code in (each.code, *each.codes):
            found.setdefault(code.upper(), each.code)
    return found


def _boards() -> Iterator[Area]:
    regions = {row["board"]: row["region"] for row in rows("regions.csv")}
    for row in rows("boards.csv"):
        name = row["name"].removeprefix("NHS ").removesuffix(" Integrated Care Board")
        yield Area(
            code=row["board"], name=name, kind=BOARD, region=regions[row["board"]],
            codes=tuple(dict.fromkeys((row["code"], row["code_2024"]))), boards=(row["board"],),
        )  # fmt: skip


def _districts() -> Iterator[Area]:
    for name in dict.fromkeys(row["district"] for row in rows("new_zealand.csv")):
        code = "NZ-" + name.upper().replace(" ", "-").replace("'", "")
        yield Area(code=code, name=name, kind=DISTRICT, country=say("New Zealand"), currency="NZD",
                   codes=(name,))  # fmt: skip


def _economies() -> Iterator[Area]:
    regions = {row["board"]: row["region"] for row in rows("regions.csv")}
    for key, each in _toml("economies.toml").items():
        yield Area(
            code=f"2014-{key}", name=each["name"], kind=ECONOMY, boards=tuple(each["boards"]),
            councils=tuple(each.get("councils", ())), region=regions[each["boards"][0]],
            note=each["note"],
        )  # fmt: skip


def _councils() -> Iterator[Area]:
    regions = {row["board"]: row["region"] for row in rows("regions.csv")}
    for row in rows("councils.csv"):
        held = tuple(row["boards"].split())
        if held:
            yield Area(
                code=row["council"], name=row["name"], kind=COUNCIL, boards=held,
                councils=(row["council"],), region=regions[held[0]],
            )  # fmt: skip


def _places() -> Iterator[Area]:
    regions = {row["board"]: row["region"] for row in rows("regions.csv")}
    names = {row["board"]: row["name"] for row in rows("boards.csv")}
    for row in rows("places.csv"):
        board = names[row["board"]].removeprefix("NHS ").removesuffix(" Integrated Care Board")
        yield Area(
            code=row["place"],
            name=say("{board}, place {place}", board=board, place=row["place"]),
            kind=PLACE,
            codes=(row["code"],),
            boards=(row["board"],),
            places=(row["place"],),
            region=regions[row["board"]],
        )


@lru_cache(maxsize=1)
def _published() -> dict[str, Published]:
    return {
        row["board"]: Published(**{k: float(row[k]) if row[k] else None for k in _KNOWN})
        for row in rows("boards.csv")
    }


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table that is shipped."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
