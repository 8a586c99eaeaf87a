"""A task as it stands: a fold over what was said of it, and how it stands at a moment. Pure.

Whether it is ready or overdue is never kept; it is worked out when somebody looks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from onesystem.vocabulary import to_local, to_utc
from onesystem.vocabulary.said import say, say_each

# What a task is, as it is kept, and how it stands when somebody looks.
OPEN, STARTED, DONE, MISSED, CANCELLED = "open", "started", "done", say("not done"), "cancelled"
STATES = (OPEN, STARTED, DONE, MISSED, CANCELLED)
COMING, READY, OVERDUE, PASSED = "coming", "ready", "overdue", "passed"
LIVE = frozenset({OPEN, STARTED})
OUTCOMES: Mapping[str, str] = say_each(
    {
        "not-at-home": "Not at home",
        "declined": "Declined",
        "not-needed": "Not needed any more",
        "not-possible": "Could not be done",
    }
)
GRACE = timedelta(hours=1)  # a visit at nine is not late at one minute past


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be done. `due` is the moment by which; `timed` says that its hour matters.

    `repeats` makes it a series, whose days are worked out when asked; a day of one that something
    was done about is a task of its own, with `series` the key of the series and `day` its day.
    """

    key: str
    words: str
    team: str
    due: datetime
    earliest: datetime
    timed: bool = False
    owner: str = ""
    cause: str = ""
    visit: bool = False
    repeats: str = ""
    until: date | None = None
    series: str = ""
    day: date | None = None
    state: str = OPEN
    outcome: str = ""
    why: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    planned_by: str = ""
    planned_at: datetime | None = None
    by: str = ""  # who said the last thing of it
    at: datetime | None = None  # and when
    steps: int = 0
    announced: str = ""  # of a series: the task whose visit the log already expects

    @property
    def live(self) -> bool:
        """Whether something is still to be done."""
        return self.state in LIVE

    def standing(self, now: datetime) -> str:
        """How it stands at a moment: coming, ready, overdue, or what became of it."""
        if self.state != OPEN:
            return self.state
        if now < self.earliest:
            return COMING
        late = self.due + GRACE if self.visit and self.timed else self.due
        return OVERDUE if now > late else READY


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said of a task."""

    verb: str
    act: str
    by: str
    at: datetime
    said: Mapping[str, Any]


def fold(key: str, told: Iterable[Said]) -> Task | None:
    """The task that these make, in the order in which they were said; None before it is planned."""
    task: Task | None = None
    steps = 0
    for each in sorted(told, key=lambda s: (s.at, s.verb != "planned", s.act)):
        if each.verb == "planned" and task is None:
            task = planned(key, each)
        elif task is not None and each.verb in _VERBS:
            task = _VERBS[each.verb](task, each)
        else:
            continue
        if each.verb != "announced":
            steps += 1
            task = replace(task, by=each.by, at=each.at)
    return task and replace(task, steps=steps)


def planned(key: str, told: Said) -> Task:
    """A task as it was planned."""
    said = told.said
    return Task(
        key=key,
        words=said["words"],
        team=said["team"],
        due=datetime.fromisoformat(said["due"]),
        earliest=datetime.fromisoformat(said["earliest"]),
        timed=bool(said.get("timed")),
        owner=said.get("owner", ""),
        cause=said.get("cause", ""),
        visit=bool(said.get("visit")),
        repeats=said.get("repeats", ""),
        until=_day(said.get("until")),
        series=said.get("series", ""),
        day=_day(said.get("day")),
        planned_by=told.by,
        planned_at=told.at,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _changed(task: Task, told: Said) -> Task:
    if not task.live:
        return task
    said: Mapping[str, Any] = told.said
    more: dict[str, Any] = {n: said[n] for n in ("words", "team", "owner", "repeats") if n in said}
    more |= {n: datetime.fromisoformat(said[n]) for n in ("due", "earliest") if n in said}
    if "until" in said:
        more["until"] = _day(said["until"])
    if "timed" in said:
        more["timed"] = bool(said["timed"])
    return replace(task, **more)


def _started(task: Task, told: Said) -> Task:
    if task.state != OPEN:
        return task
    at = datetime.fromisoformat(told.said["at"])
    owner = task.owner or told.said.get("owner", "")
    return replace(task, state=STARTED, started=at, owner=owner)


def _ends(state: str) -> Any:
    def ended(task: Task, told: Said) -> Task:
        if not task.live:
            return task
        said = told.said
        begun = said.get("started")
        return replace(
            task, state=state, outcome=said.get("outcome", ""), why=said.get("why", ""),
            ended=datetime.fromisoformat(said["at"]) if said.get("at") else told.at,
            started=datetime.fromisoformat(begun) if begun else task.started,
        )  # fmt: skip

    return ended


def _reopened(task: Task, _told: Said) -> Task:
    begun = STARTED if task.visit and task.started else OPEN
    return replace(task, state=begun, outcome="", why="", ended=None)


def _announced(task: Task, told: Said) -> Task:
    return replace(task, announced=told.said.get("next", ""))


_VERBS: Mapping[str, Any] = {
    "changed": _changed,
    "started": _started,
    "done": _ends(DONE),
    "missed": _ends(MISSED),
    "cancelled": _ends(CANCELLED),
    "reopened": _reopened,
    "announced": _announced,
}


def turn(series: Task, day: date, zone: str) -> Task:
    """The task of one day of a series: the same hour by the clocks, nothing done about it yet."""
    first = first_day(series, zone)

    def on(moment: datetime) -> datetime:
        local = to_local(moment, zone)
        there = datetime.combine(day + (local.date() - first), local.time())
        return to_utc(there, zone)

    return replace(
        series, key=turn_key(series.key, day), due=on(series.due), earliest=on(series.earliest),
        series=series.key, day=day, repeats="", until=None, state=OPEN, steps=0, announced="",
    )  # fmt: skip


def first_day(series: Task, zone: str) -> date:
    """The day on which a task is due, by the district's clocks."""
    due = to_local(series.due, zone)
    return due.date() if series.timed else (due - timedelta(microseconds=1)).date()


def turn_key(series: str, day: date) -> str:
    """The key of one day of a series."""
    return f"{series}@{day.isoformat()}"


def series_of(key: str) -> tuple[str, date | None]:
    """The series of such a key and its day; the key itself and None where it is of no series."""
    series, mark, day = key.partition("@")
    try:
        return (series, date.fromisoformat(day)) if mark else (key, None)
    except ValueError:
        return key, None
