"""The list of personal budgets as an address asks for it: narrowed and in order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.standing import AGREED, ENDED, INDICATIVE, LIVE, PAUSED
from onesystem.vocabulary.said import say, say_each

TABS: Mapping[str, str] = say_each(
    {
        "": "Waits for an answer",
        "late": "Late",
        "made": "Being made",
        "live": "In use",
        "attention": "Needs somebody",
        "ended": "Ended",
        "all": "All",
    }
)
SORTS: Mapping[str, str] = say_each({
    "due": "Next answer due", "left": "Least left", "ends": "Ends first", "newest": "Newest",
})  # fmt: skip
_STATES: Mapping[str, frozenset[str]] = {
    "made": frozenset({INDICATIVE, AGREED}),
    "live": frozenset({LIVE, PAUSED}),
    "ended": frozenset({ENDED}),
}
_KEYS = ("state", "cohort", "owner", "q", "sort")
_LONG = 200
_SOON = timedelta(days=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that was asked, with its clock and its answer."""

    ask: int
    kind: str
    title: str
    item: str
    amount: int
    words: str
    asked: datetime
    by: str
    due: datetime
    owner: str
    state: str
    reason: str
    answer: str
    answered_by: str
    answered: datetime | None
    about: int

    @property
    def waiting(self) -> bool:
        """Whether nobody has answered."""
        return self.state == "waiting"

    def late(self, at: datetime) -> bool:
        """Whether the answer is later than was promised, or came later."""
        return (self.answered or at) > self.due and self.state != "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A budget as one line. `name` is empty where who asks does not look after the person."""

    budget: int
    person: int
    name: str
    state: str
    programme: str
    cohort: str
    owner: str
    starts: date
    ends: date
    review: date | None
    agreed: int
    left: int
    waits: tuple[Wait, ...]
    died: str

    @property
    def reference(self) -> str:
        """Its number as people read it out."""
        return reference(self.budget)

    @property
    def due(self) -> datetime | None:
        """When the next answer is due."""
        return min((each.due for each in self.waits), default=None)

    @property
    def share(self) -> int:
        """How much of it is spent, in whole per cent."""
        return round(100 * (self.agreed - self.left) / self.agreed) if self.agreed else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out."""

    state: str = ""
    cohort: str = ""
    owner: str = ""
    q: str = ""
    sort: str = "due"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        said = {key: query.get(key, "").strip()[:_LONG] for key in _KEYS}
        return cls(
            state=said["state"] if said["state"] in TABS else "",
            cohort=said["cohort"], owner=said["owner"], q=said["q"],
            sort=said["sort"] if said["sort"] in SORTS else "due",
        )  # fmt: skip

    def link(self, **changes: str) -> str:
        """The address of the same, changed."""
        said = {key: getattr(self, key) for key in _KEYS} | changes
        if said["sort"] == "due":
            del said["sort"]
        return "?" + urlencode({key: value for key, value in said.items() if value})

    @property
    def narrows(self) -> bool:
        """Whether anything but the tab is asked for."""
        return bool(self.cohort or self.owner or self.q)


def needs(row: Row, today: date, at: datetime) -> list[str]:
    """Why somebody should look at it now."""
    found = []
    if row.state != ENDED and row.died:
        found.append(say("the person died"))
    if any(each.late(at) for each in row.waits):
        found.append(say("an answer is late"))
    if row.state in {LIVE, PAUSED} and row.ends < today:
        found.append(say("its year is over"))
    elif row.state == LIVE and row.ends - today <= _SOON:
        found.append(say("ends soon"))
    if row.state == LIVE and row.review and row.review < today <= row.ends:
        found.append(say("review overdue"))
    if row.state == LIVE and row.agreed and not row.left:
        found.append(say("nothing is left"))
    return found


def narrowed(rows: Iterable[Row], wanted: Wanted, today: date, at: datetime) -> list[Row]:
    """The rows that are asked for, in order."""
    some = [row for row in rows if _fits(row, wanted, today, at)]
    return sorted(some, key=lambda row: _place(row, wanted.sort))


def counts(rows: Sequence[Row], today: date, at: datetime) -> dict[str, int]:
    """How many there are under each tab."""
    return {tab: sum(_under(row, tab, today, at) for row in rows) for tab in TABS}


def _fits(row: Row, wanted: Wanted, today: date, at: datetime) -> bool:
    sought = wanted.q.casefold().replace(" ", "")
    told = (row.name, row.reference, str(row.budget), str(row.person))
    return (
        _under(row, wanted.state, today, at)
        and (not wanted.cohort or row.cohort == wanted.cohort)
        and (not wanted.owner or wanted.owner in {row.owner, *(w.owner for w in row.waits)})
        and (not sought or any(sought in each.casefold().replace(" ", "") for each in told))
    )


def _under(row: Row, tab: str, today: date, at: datetime) -> bool:
    states = _STATES.get(tab)
    if states is not None:
        return row.state in states
    match tab:
        case "":
            return bool(row.waits)
        case "late":
            return any(each.late(at) for each in row.waits)
        case "attention":
            return bool(needs(row, today, at))
    return True


def _place(row: Row, sort: str) -> tuple[object, ...]:
    match sort:
        case "left":
            return row.state == ENDED, row.left, row.budget
        case "ends":
            return row.state == ENDED, row.ends, row.budget
        case "newest":
            return (-row.budget,)
    due = row.due
    return due.timestamp() if due else float("inf"), -row.budget
