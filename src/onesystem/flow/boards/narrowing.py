"""The people of a board as an address asks for them: one place, how they stand, a word. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from onesystem.flow.presenters import row_id
from onesystem.flow.stays.presenting import HERE, READY, WAITS, PersonRow

SHOWN = 150  # rows of a board that is not narrowed: those who ask for somebody, then the longest
STATES = {
    "": "Everybody", "asks": "Ask for somebody", "ready": "Ready to go", "here": "Here",
    "waiting": "Waiting",
}  # fmt: skip
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
class Group:
    """The people of one place that are shown; `counts` are of all who are there."""

    place: str
    name: str
    rows: tuple[PersonRow, ...]
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What the page calls it: codes of places that are not mapped hold any character."""
        return row_id(self.place)

    @property
    def everybody(self) -> int:
        """How many there are, shown or not."""
        return sum(self.counts.get(state, 0) for state in _OF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What is shown of the people of a board, and how many there are of each kind."""

    wanted: Wanted
    groups: tuple[Group, ...]
    shown: int
    of: int
    counts: Mapping[str, int]


def narrowed(rows: Iterable[PersonRow], wanted: Wanted, order: Sequence[str]) -> Narrowed:
    """The rows that are asked for by place, in the order of the board's places."""
    every = list(rows)
    found = [
        row for row in every if (not wanted.place or row.service == wanted.place)
        and _holds(row, wanted.find)
    ]  # fmt: skip
    some = [row for row in found if not wanted.state or _stands(row, wanted.state)]
    shown = some if wanted.all or wanted.narrows else _first(some)
    by_place: dict[str, list[PersonRow]] = {}
    for row in shown:
        by_place.setdefault(row.service, []).append(row)
    return Narrowed(
        wanted=wanted, shown=len(shown), of=len(some), counts=_counts(found),
        groups=tuple(
            Group(
                place=code, name=by_place[code][0].place, rows=tuple(by_place[code]),
                counts=_counts(row for row in every if row.service == code),
            )
            for code in order if code in by_place
        ),
    )  # fmt: skip


def asks(row: PersonRow) -> bool:
    """Whether somebody should look: ready and not gone, late, or two words on a fact."""
    return row.state == READY or row.late or bool(row.against)


def _stands(row: PersonRow, state: str) -> bool:
    return asks(row) if state == "asks" else row.state == _OF[state]


def _holds(row: PersonRow, text: str) -> bool:
    """Whether a row says that, in whatever case: who, where, what next, what was said."""
    said = (row.label, row.bed, row.place, row.reason, *(s.words for s in row.steps),
            *(s.owner for s in row.steps), row.delay.text if row.delay else "")  # fmt: skip
    return text.casefold() in "\n".join(said).casefold()


def _first(rows: list[PersonRow]) -> list[PersonRow]:
    first = sorted(rows, key=lambda row: not asks(row))[:SHOWN]
    kept = {row.contact for row in first}
    return [row for row in rows if row.contact in kept]


def _counts(rows: Iterable[PersonRow]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[""] += 1
        counts.update(state for state in (*_OF, "asks") if _stands(row, state))
    return counts
