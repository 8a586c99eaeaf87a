"""The list of services as it is asked for: by words, setting, place, kind, room, hours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onesystem.care.services.entry import Entry
from onesystem.care.services.presenters import (
    confirmed_words,
    open_words,
    places_words,
    room_words,
    run_by,
    short_wait,
)
from onesystem.care.services.room import Room
from onesystem.care.services.search import found
from onesystem.care.services.waits import Wait
from onesystem.district import District
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column

COLUMNS = (
    Column("name", "Service"),
    Column("setting", "Setting"),
    Column("by", "Run by"),
    Column("place", "Place"),
    Column("takes", "Takes"),
    Column("open", "Open"),
    Column("room", "Room this week"),
    Column("wait", "Half began within"),
    Column("confirmed", "Confirmed"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked for."""

    q: str = ""
    setting: str = ""
    place: str = ""
    takes: str = ""
    by: str = ""
    open: bool = False
    room: bool = False

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Asked":
        """As the address says."""
        return cls(
            q=said.get("q", "").strip()[:200], setting=said.get("setting", ""),
            place=said.get("place", ""), takes=said.get("takes", ""), by=said.get("by", ""),
            open=said.get("open") == "1", room=said.get("room") == "1",
        )  # fmt: skip

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self != Asked()


def fitting(entries: Sequence[Entry], asked: Asked, local: datetime) -> list[Entry]:
    """Those that fit, but for their room: the best first where words were asked for."""
    return [
        entry
        for entry in found(entries, asked.q)
        if (not asked.setting or entry.setting == asked.setting)
        and (not asked.place or asked.place in entry.places)
        and (not asked.takes or asked.takes in entry.accepts)
        and (not asked.by or asked.by == entry.organisation)
        and (not asked.open or entry.open_at(local))
    ]


def with_room(entries: Sequence[Entry], rooms: Mapping[str, Room]) -> list[Entry]:
    """Those that are known to have room this week."""
    return [entry for entry in entries if (rooms[entry.service].free or 0) > 0]


def row(
    entry: Entry, room: Room, wait: Wait | None, here: District, local: datetime, *, exact: bool
) -> list[Any]:
    """A service as a line of the list: a cell a column."""
    opens, has = open_words(entry, local), room_words(room, exact=exact, below=here.suppress_below)
    sure = confirmed_words(entry, local.date())
    median = wait.all.median if wait else None
    places = [p["name"] for p in places_words(entry, here)]
    return [
        Cell(entry.name, href=f"/services/{entry.service}/",
             note=say("listed only") if entry.listed else ""),
        entry.setting,
        run_by(entry, here),
        ", ".join(places),
        ", ".join(entry.accepts),
        Cell(opens[0], tag=opens[1]),
        Cell(has[0], tag=has[1], value=_amount(room, has[0])),
        Cell(short_wait(wait, exact=exact, below=here.suppress_below),
             value=median.total_seconds() / 3600 if median and exact else None),
        Cell(sure[0], tag=sure[1]),
    ]  # fmt: skip


class Rows(Sequence[Sequence[Any]]):
    """Lines that are worked out when they are shown: of thousands, a page shows a hundred."""

    def __init__(self, entries: Sequence[Entry], made: Callable[[Entry], list[Any]]) -> None:
        self._entries, self._made = entries, made

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._made(entry) for entry in self._entries[at]]
        return self._made(self._entries[at])


def _amount(room: Room, words: str) -> Any:
    return room.free if words[:1].isdecimal() else words
