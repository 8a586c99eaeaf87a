"""The board of care at home as an address asks for it: narrowed and in order. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from onesystem.care.episodes.episode import ENDED, HOME, PLANNED
from onesystem.care.episodes.packages import PURPOSES
from onesystem.care.episodes.row import Row
from onesystem.vocabulary.said import say, say_each

STATES = say_each(
    {
        "": "At home",
        "needs": "Needs somebody",
        "planned": "Expected home",
        "ended": "Ended lately",
        "all": "All",
    }
)
SORTS = say_each({"review": "Next review", "days": "Longest at home", "cap": "Most of the cap used",
         "started": "Newest", "title": "What for"})  # fmt: skip
_KEYS = ("state", "team", "purpose", "q", "sort")
_LONG = 200
NEARLY = 90  # per cent of the cap from which somebody should look


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out."""

    state: str = ""
    team: str = ""
    purpose: str = ""
    q: str = ""
    sort: str = "review"

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        said = {key: query.get(key, "").strip()[:_LONG] for key in _KEYS}
        return cls(
            state=said["state"] if said["state"] in STATES else "",
            team=said["team"],
            purpose=said["purpose"] if said["purpose"] in PURPOSES else "",
            q=said["q"],
            sort=said["sort"] if said["sort"] in SORTS else "review",
        )

    def link(self, **changes: str) -> str:
        """The address of the same, changed."""
        said = {key: getattr(self, key) for key in _KEYS} | changes
        if said["sort"] == "review":
            del said["sort"]
        return "?" + urlencode({key: value for key, value in said.items() if value})

    @property
    def narrows(self) -> bool:
        """Whether anything but the state is asked for."""
        return bool(self.team or self.purpose or self.q)

    @property
    def words(self) -> str:
        """What it is narrowed to, for the trail: never what was searched for."""
        named = {key: getattr(self, key) for key in ("state", "team", "purpose")}
        return ", ".join(f"{key} {value}" for key, value in named.items() if value)


def needs(row: Row, at: datetime) -> list[str]:
    """Why somebody should look at it now."""
    found = []
    if row.escalations:
        found.append("escalated")
    if row.state == HOME and row.review and row.review <= at:
        found.append(say("review overdue"))
    if row.state == HOME and row.until and row.until <= at:
        found.append(say("past its last day"))
    if row.state != ENDED and row.cap and 100 * row.total >= NEARLY * row.allowed:
        found.append(say("cap nearly used"))
    if row.returned:
        found.append(say("order returned"))
    if row.unexplained:
        found.append(say("no reason for a delay"))
    return found


def narrowed(rows: Iterable[Row], wanted: Wanted, at: datetime) -> list[Row]:
    """The rows that are asked for, in order."""
    some = [row for row in rows if _fits(row, wanted, at)]
    return sorted(some, key=lambda row: _place(row, wanted.sort))


def counts(rows: Sequence[Row], at: datetime) -> dict[str, int]:
    """How many there are under each tab."""
    return {state: sum(_in_state(row, state, at) for row in rows) for state in STATES}


def _fits(row: Row, wanted: Wanted, at: datetime) -> bool:
    sought = wanted.q.casefold().replace(" ", "")
    told = (row.name, row.title, row.reference, str(row.episode), str(row.person))
    return (
        _in_state(row, wanted.state, at)
        and (not wanted.team or wanted.team in row.services)
        and (not wanted.purpose or row.purpose == wanted.purpose)
        and (not sought or any(sought in each.casefold().replace(" ", "") for each in told))
    )


def _in_state(row: Row, state: str, at: datetime) -> bool:
    match state:
        case "":
            return row.state == HOME
        case "needs":
            return bool(needs(row, at))
        case "planned":
            return row.state == PLANNED
        case "ended":
            return row.state == ENDED
    return True


def _place(row: Row, sort: str) -> tuple[object, ...]:
    began = (row.started or row.at).timestamp()
    match sort:
        case "days":
            return began, row.episode
        case "cap":
            return -row.total / (row.cap or 1), row.episode
        case "started":
            return -began, row.episode
        case "title":
            return row.title, began, row.episode
    review = row.review.timestamp() if row.review else float("inf")
    return not row.escalations, review, -began, row.episode
