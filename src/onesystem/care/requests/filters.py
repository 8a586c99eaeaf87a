"""What an inbox is narrowed to, as its address has it. Pure.

    Wanted.of({"tab": "overdue", "q": "leg", "urgency": "urgent"}).link(tab="new")

A tab is a set of states; overdue is whatever is open and past its time. Pages go on from the last
row that was seen (`after`) or back before the first (`before`), never by counting rows: while one
reads, others work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    NEW,
    OPEN,
    RETURNED,
    REVOKED,
    URGENCIES,
)
from onesystem.vocabulary.said import say, say_each

PER_PAGE = 100
ENDED_DAYS = 30  # for so long what ended stays in its tab
TABS: Mapping[str, tuple[str, frozenset[str]]] = {
    "new": (say("New"), NEW),
    "more": (say("Needs more"), frozenset({NEEDS_MORE})),
    "accepted": (say("Accepted"), frozenset({ACCEPTED})),
    "booked": (say("Booked"), frozenset({BOOKED, IN_PROGRESS})),
    "overdue": (say("Overdue"), OPEN),
    "open": (say("All open"), OPEN),
    "done": (say("Done"), frozenset({DONE, RETURNED, REVOKED})),
}
SORTS: Mapping[str, str] = say_each(
    {"due": "What is due first", "oldest": "Oldest", "newest": "Newest"}
)
AGES: Mapping[str, tuple[str, int, int]] = {  # from, and up to but not with
    "0-17": (say("Under 18"), 0, 18),
    "18-64": ("18 to 64", 18, 65),
    "65-79": ("65 to 79", 65, 80),
    "80": ("80 and over", 80, 200),
}
KEYS = ("tab", "q", "urgency", "practice", "age", "sort")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out.

    `after` and `before` are where a page begins or ends: the value that it is sorted by, and the
    request.
    """

    tab: str = "new"
    q: str = ""
    urgency: str = ""
    practice: str = ""
    age: str = ""
    sort: str = "due"
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        said = {key: " ".join(query.get(key, "").split())[:200] for key in KEYS}
        return cls(
            tab=said["tab"] if said["tab"] in TABS else "new",
            q=said["q"],
            urgency=said["urgency"] if said["urgency"] in URGENCIES else "",
            practice=said["practice"],
            age=said["age"] if said["age"] in AGES else "",
            sort=said["sort"] if said["sort"] in SORTS else "due",
            after=_place(query.get("after", "")),
            before=_place(query.get("before", "")),
        )

    @property
    def query(self) -> str:
        """The query string without where the page begins: what is shared, and kept by name."""
        first = Wanted()
        said = {key: getattr(self, key) for key in KEYS}
        return urlencode({k: v for k, v in said.items() if v and v != getattr(first, k)})

    def link(self, **changes: Any) -> str:
        """The address of the same, changed; it begins at the beginning again."""
        said = {key: getattr(self, key) for key in KEYS}
        kept = {key: value for key, value in (said | changes).items() if key not in KEYS}
        query = Wanted.of({k: str(v) for k, v in (said | changes).items() if v}).query
        more = urlencode({key: value for key, value in kept.items() if value})
        return "?" + "&".join(part for part in (query, more) if part)

    def turned(self, *, after: tuple[int, int] | None, before: tuple[int, int] | None) -> str:
        """The address of the page after or before this one."""
        place = {"after": after, "before": before}
        return self.link(**{k: f"{v[0]}.{v[1]}" for k, v in place.items() if v})

    @property
    def narrow(self) -> bool:
        """Whether it shows fewer than the tab has."""
        return bool(self.q or self.urgency or self.practice or self.age)

    @property
    def states(self) -> frozenset[str]:
        """The states of the tab."""
        return TABS[self.tab][1]

    @property
    def words(self) -> str:
        """What it is narrowed to, for the trail: never what was searched for."""
        named = {key: getattr(self, key) for key in ("tab", "urgency", "practice", "age")}
        searched = ["words"] if self.q else []
        told = [f"{key} {value}" for key, value in named.items() if value]
        return ", ".join([*told, *searched])[:200]


def born(age: str, today: str) -> tuple[str, str]:
    """Between which birth dates (ISO; from, and up to but not with) people of an age band are.

    >>> born("18-64", "2026-11-23")
    ('1961-11-24', '2008-11-24')
    """
    _, youngest, oldest = AGES[age]
    return _next_day(_years_before(today, oldest)), _next_day(_years_before(today, youngest))


def _years_before(day: str, years: int) -> str:
    return f"{max(1, int(day[:4]) - years):04d}{day[4:]}"


def _next_day(day: str) -> str:
    """A day after, as text that is only compared: 31 becomes 32."""
    return f"{day[:8]}{int(day[8:]) + 1:02d}"


def _place(text: str) -> tuple[int, int] | None:
    value, _, request = text.partition(".")
    try:
        return (int(value), int(request)) if len(text) < 60 else None
    except ValueError:
        return None
