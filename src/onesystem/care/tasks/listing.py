"""The list of tasks as an address asks for it: whose, when, which; in the order of the round. Pure.

Visits with an hour come at their hour; the others follow the round, each to the place that is
nearest by postcode to the one before: the same unit, then sector, then district.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from onesystem.care.tasks.task import COMING, LIVE, OPEN, OVERDUE, PASSED, READY, STARTED, Task
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import say_each

WHOSE = say_each({"mine": "Mine", "team": "My teams'", "nobody": "Nobody's yet"})
WHEN = say_each(
    {"today": "Today", "overdue": "Overdue", "all": "All that is open", "closed": "Done"}
)
KINDS = say_each({"": "Visits and tasks", "visits": "Visits", "tasks": "Tasks"})
_KEYS = ("whose", "when", "kind", "team", "q")
_LONG = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an address asks for; what it says that cannot be is left out."""

    whose: str = "team"
    when: str = "today"
    kind: str = ""
    team: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From a query string."""
        said = {key: query.get(key, "").strip()[:_LONG] for key in _KEYS}
        return cls(
            whose=said["whose"] if said["whose"] in WHOSE else "team",
            when=said["when"] if said["when"] in WHEN else "today",
            kind=said["kind"] if said["kind"] in KINDS else "",
            team=said["team"], q=said["q"],
        )  # fmt: skip

    def link(self, **changes: str) -> str:
        """The address of the same, changed."""
        said = {key: getattr(self, key) for key in _KEYS} | changes
        return "?" + urlencode({key: value for key, value in said.items() if value})

    @property
    def words(self) -> str:
        """What it is narrowed to, for the trail: never what was searched for."""
        said = (self.whose, self.when, self.kind, self.team)
        return ", ".join(each for each in said if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A task on the list: how it stands, whose it is, and where the person lives."""

    task: Task
    standing: str
    passed: int
    person: int
    name: str = ""
    postcode: str = ""
    address: str = ""
    phone: str = ""


def fits(line: Line, wanted: Wanted, *, me: str, now: datetime, zone: str) -> bool:
    """Whether the list shows a task."""
    task = line.task
    return (
        _whose(task, wanted, me)
        and _when(line, wanted, now, zone)
        and wanted.kind in {"", "visits" if task.visit else "tasks"}
        and wanted.team in {"", task.team}
        and _matches(line, wanted.q)
    )


def _whose(task: Task, wanted: Wanted, me: str) -> bool:
    if wanted.whose == "mine":
        return task.owner == me
    return wanted.whose != "nobody" or not task.owner


def _when(line: Line, wanted: Wanted, now: datetime, zone: str) -> bool:
    match wanted.when:
        case "closed":
            return line.task.state not in LIVE or line.standing == PASSED
        case "overdue":
            return line.standing == OVERDUE
        case "all":
            return line.standing in {COMING, READY, OVERDUE, STARTED}
    if line.task.state == OPEN and line.standing == COMING:
        ends = to_local(now, zone).replace(hour=0, minute=0, second=0) + timedelta(days=1)
        return to_local(line.task.due, zone) <= ends and line.task.earliest <= ends
    return line.standing in {READY, OVERDUE, STARTED}


def _matches(line: Line, q: str) -> bool:
    where = f"{line.name} {line.task.words} {line.postcode} {line.task.owner}".casefold()
    return all(word in where for word in q.casefold().split())


def ordered(lines: Iterable[Line], zone: str) -> list[Line]:
    """The order of a round: what has an hour at its hour, then from place to place."""
    lines = list(lines)
    timed = sorted((x for x in lines if x.task.timed), key=lambda x: (x.task.due, x.task.key))
    by_day: dict[object, list[Line]] = {}
    rest = sorted((x for x in lines if not x.task.timed), key=lambda x: (x.task.due, x.task.key))
    for line in rest:
        by_day.setdefault(to_local(line.task.due, zone).date(), []).append(line)
    found: list[Line] = [*timed]
    for _, some in sorted(by_day.items(), key=lambda pair: str(pair[0])):
        found += walked(some, found[-1].postcode if found else "")
    return found


def walked(lines: Sequence[Line], begin: str) -> list[Line]:
    """From one place to the next: always the one that shares most of its postcode."""
    left, found = sorted(lines, key=lambda x: (x.postcode, x.task.key)), []
    here = begin
    while left:
        nearest = max(left, key=lambda x: shared(here, x.postcode))
        left.remove(nearest)
        found.append(nearest)
        here = nearest.postcode or here
    return found


def shared(one: str, other: str) -> int:
    """How much of their postcodes two places share.

    >>> shared("NR1 1AA", "NR1 1AB"), shared("NR1 1AA", "NR12 1AA"), shared("", "NR1 1AA")
    (3, 1, 0)
    """
    count = 0
    for a, b in zip(_parts(one), _parts(other), strict=False):
        if a != b:
            break
        count += 1
    return count


@lru_cache(maxsize=4096)  # each place is held against every other
def _parts(postcode: str) -> tuple[str, ...]:
    """The area, the district, the sector and the unit of a postcode; of any other its letters."""
    outer, _, inner = postcode.upper().partition(" ")
    area = outer.rstrip("0123456789")
    if not (outer and inner):
        return tuple(outer)
    return area, outer, outer + inner[:1], outer + inner
