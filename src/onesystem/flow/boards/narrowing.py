"""The people of a board as an address asks for them: one place, how they stand, a word. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from onesystem.flow.boards.layout import Layout
from onesystem.flow.presenters import row_id
from onesystem.flow.stays.lines import Line
from onesystem.flow.stays.presenting import HERE, READY, WAITS, PersonRow, said_of, state_of
from onesystem.vocabulary.said import say_each

SHOWN = 150  # rows of a board that is not narrowed: those who ask for somebody, then the longest
STATES = say_each({
    "": "Everybody", "asks": "Ask for somebody", "ready": "Ready to go", "here": "Here",
    "waiting": "Waiting",
})  # fmt: skip
Counts = Mapping[str, int]  # of each of STATES
_OF = {"ready": READY, "here": HERE, "waiting": WAITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out."""

    place: str = ""
    state: str = ""
    find: str = ""
    all: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        state = query.get("state", "")
        return cls(
            place=query.get("place", "").strip()[:200],
            state=state if state in STATES else "",
            find=query.get("find", "").strip()[:100],
            all=query.get("all") == "1",
        )

    @property
    def narrows(self) -> bool:
        """Whether it shows less than everybody."""
        return bool(self.place or self.state or self.find)

    def link(self, **changes: str) -> str:
        """The address of the same, changed."""
        said = {"place": self.place, "state": self.state, "find": self.find} | changes
        return f"?{urlencode({key: value for key, value in said.items() if value})}#part-people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The lines that are shown, how many there are of that kind, and how many of each kind.

    `places` counts all who are in a place, shown or not.
    """

    wanted: Wanted
    lines: tuple[Line, ...]
    of: int
    counts: Counts
    places: Mapping[str, Counts]


def chosen(every: Sequence[Line], wanted: Wanted, layout: Layout, *, at: datetime) -> Chosen:
    """Those of a board's people who are asked for, in their order; few enough for a page."""
    kinds = {line.contact: _kinds(line, at) for line in every}
    found = [
        line for line in every if (not wanted.place or line.service == wanted.place)
        and (not wanted.find or _holds(line, wanted.find, layout))
    ]  # fmt: skip
    some = [line for line in found if not wanted.state or wanted.state in kinds[line.contact]]
    by_place: dict[str, list[Line]] = {}
    for line in every:
        by_place.setdefault(line.service, []).append(line)
    return Chosen(
        wanted=wanted, of=len(some), counts=_counts(found, kinds),
        lines=tuple(some if wanted.all or wanted.narrows else _first(some, kinds)),
        places={code: _counts(there, kinds) for code, there in by_place.items()},
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The people of one place that are shown; `counts` are of all who are there."""

    place: str
    name: str
    rows: tuple[PersonRow, ...]
    counts: Counts

    @property
    def id(self) -> str:
        """What the page calls it: codes of places that are not mapped hold any character."""
        return row_id(self.place)

    @property
    def everybody(self) -> int:
        """How many there are, shown or not."""
        return self.counts[""]


def groups(rows: Iterable[PersonRow], some: Chosen, order: Sequence[str]) -> list[Group]:
    """The rows by place, in the order of the board's places."""
    by_place: dict[str, list[PersonRow]] = {}
    for row in rows:
        by_place.setdefault(row.service, []).append(row)
    return [
        Group(place=code, name=by_place[code][0].place, rows=tuple(by_place[code]),
              counts=some.places[code])
        for code in order if code in by_place
    ]  # fmt: skip


def _kinds(line: Line, at: datetime) -> frozenset[str]:
    """How somebody stands; they ask for somebody where ready and not gone, late, or disputed."""
    state = state_of(line)
    late = line.leaves is not None and line.leaves < at
    asks = state == READY or late or bool(line.conflicts)
    kinds = {"", *(name for name, each in _OF.items() if each == state)}
    return frozenset(kinds | {"asks"} if asks else kinds)


def _holds(line: Line, text: str, layout: Layout) -> bool:
    """Whether a line says that, in whatever case: who, where, what next, why not gone."""
    return text.casefold() in "\n".join(said_of(line, layout)).casefold()


def _first(some: list[Line], kinds: Mapping[int, frozenset[str]]) -> list[Line]:
    """Those who ask for somebody, then the others as they come."""
    first = sorted(some, key=lambda line: "asks" not in kinds[line.contact])[:SHOWN]
    kept = {line.contact for line in first}
    return [line for line in some if line.contact in kept]


def _counts(some: Iterable[Line], kinds: Mapping[int, frozenset[str]]) -> Counts:
    return Counter(kind for line in some for kind in kinds[line.contact])
