"""The list as an address asks for it: filtered, searched, page by page. Pure but for the search."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from onesystem.flow.coordination.queries import Row
from onesystem.flow.coordination.steps import ASIDE, DONE, OPEN, TAKEN
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or

PER_PAGE = 50
WHOLE = 1000  # the most that one page shows, to be printed
STATES = say_each(
    {
        "": "To look at",
        "mine": "Mine",
        TAKEN: "Taken",
        "tasks": "With tasks",
        ASIDE: "Put aside",
        DONE: "Done",
        "all": "All",
    }
)
SORTS = say_each({
    "score": "Score", "age": "Age", "practice": "Practice", "organisations": "Organisations",
    "coc": "Least continuity", "home": "Fewest days at home", "stands": "How they stand",
})  # fmt: skip
_FIRST = "score"
_LEAST_FIRST = frozenset({"practice", "coc", "home", "stands"})  # else the greatest comes first
_KEYS = ("flag", "practice", "band", "area", "state", "q", "sort", "whole", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out."""

    flag: str = ""
    practice: str = ""
    band: str = ""
    area: str = ""
    state: str = ""
    q: str = ""
    sort: str = "score"  # with "-" before it the other way round
    whole: str = ""  # "1" for everybody on one page
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        said = {key: query.get(key, "").strip()[:200] for key in _KEYS}
        page = said.pop("page")
        if said["state"] not in STATES:
            said["state"] = ""
        if said["sort"].removeprefix("-") not in SORTS:
            said["sort"] = _FIRST
        said["whole"] = "1" if said["whole"] == "1" else ""
        number = whole_or(page, 1)
        return cls(**said, page=max(1, number))

    def link(self, **changes: Any) -> str:
        """The address of the same, changed; it begins with the first page again."""
        said = {key: getattr(self, key) for key in _KEYS if key != "page"} | changes
        if said["sort"] == _FIRST:
            del said["sort"]
        return "?" + urlencode({key: value for key, value in said.items() if value})

    @property
    def per_page(self) -> int:
        """How many a page shows."""
        return WHOLE if self.whole else PER_PAGE

    @property
    def orders(self) -> list[tuple[str, str]]:
        """The orders to choose from; the one that is turned round too, where it is asked for."""
        turned = self.sort.removeprefix("-") if self.sort.startswith("-") else ""
        more = [(self.sort, say("{sorts}, the other way", sorts=SORTS[turned]))] if turned else []
        return [*SORTS.items(), *more]

    def sorts(self, key: str) -> tuple[str, str]:
        """The address that sorts by a column, turned round where it does; how it is sorted now."""
        if key != self.sort.removeprefix("-"):
            return self.link(sort=key), ""
        turned = self.sort.startswith("-")
        up = (key in _LEAST_FIRST) != turned
        return self.link(sort=key if turned else f"-{key}"), "ascending" if up else "descending"

    @property
    def words(self) -> str:
        """What it is narrowed to, for the trail: never what was searched for."""
        named = {key: getattr(self, key) for key in ("flag", "practice", "band", "area", "state")}
        return ", ".join(f"{key} {value}" for key, value in named.items() if value)[:200]


def ordered(rows: Sequence[Row], sort: str) -> list[Row]:
    """The rows by a column; who has nothing there comes last either way, and ties stay by score."""
    key = sort.removeprefix("-")

    def value(row: Row) -> Any:
        if key in {"score", "age", "practice"}:
            return getattr(row, key)
        return row.standing.state if key == "stands" else row.indices.get(key)

    if sort == _FIRST:
        return list(rows)
    told = [(value(row), row) for row in rows]
    known = [pair for pair in told if pair[0] not in (None, "")]
    known.sort(key=lambda pair: pair[0], reverse=(key in _LEAST_FIRST) == sort.startswith("-"))
    return [row for _, row in known] + [row for at, row in told if at in (None, "")]


def narrowed(rows: Iterable[Row], wanted: Wanted, *, me: str, found: set[int] | None) -> list[Row]:
    """The rows that are asked for; `found` are the persons whom the search found."""
    return [
        row
        for row in rows
        if (not wanted.flag or wanted.flag in row.flags)
        and (not wanted.practice or row.practice == wanted.practice)
        and (not wanted.band or row.band == wanted.band)
        and (not wanted.area or row.area == wanted.area)
        and (found is None or row.person in found)
        and _stands(row, wanted.state, me)
    ]


def _stands(row: Row, state: str, me: str) -> bool:
    mine = row.standing.state == TAKEN and row.standing.by == me
    if state == "all":
        return True
    if state == "mine":
        return mine
    if state == "tasks":
        return bool(row.tasks)
    if not state:
        return row.standing.state in (OPEN, TAKEN)
    return row.standing.state == state


def choices(rows: Sequence[Row], key: str) -> list[tuple[str, int]]:
    """The values of a key among the rows with how many there are, the most common first."""
    held: Counter[str] = Counter()
    for row in rows:
        held.update(row.flags if key == "flag" else [getattr(row, key)])
    return sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
