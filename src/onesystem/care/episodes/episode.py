"""An episode of care at home: a fold over what was done, whatever order it arrives in. Pure.

What can be done:

proposed   a package was agreed for somebody: what it is, its cap, for how many days
checked    who asked about each criterion and red flag, and what they found
line       so many of a kind from a service, at a price; `ordered` by a request, or `stopped`
started    the person is at home under care
visited    one of a line was done
reviewed   the daily review; `escalated` and `settled`; `extended`; a day `delayed`
ended      with its outcome
undone     takes a gesture back; one that was taken back never was
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from onesystem.vocabulary.said import say, say_each

PLANNED, HOME, ENDED = "planned", say("at home"), "ended"
STATES = (PLANNED, HOME, ENDED)
OUTCOMES: Mapping[str, str] = say_each(
    {
        "stayed home": "Stayed at home",
        "admitted": "Admitted to hospital",
        "ED": "Went to the ED",
        "died": "Died",
        "other care": "Went on to other care",
        "declined": "The person did not want it any more",
        "not started": "Never started",
    }
)
VERBS = (
    "proposed", "checked", "line", "ordered", "started", "visited", "reviewed", "escalated",
    "settled", "extended", "delayed", "stopped", "ended", "undone",
)  # fmt: skip
UNDOABLE = frozenset(
    {"visited", "reviewed", "escalated", "settled", "extended", "delayed", "ended"}
)
_RANK = {verb: rank for rank, verb in enumerate(VERBS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """One act as it was said. Acts of one gesture share `act`."""

    verb: str
    act: str
    by: str
    at: datetime
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """So many of a kind from a service. `request` is the order that it became (0: none)."""

    number: int
    kind: str
    title: str
    unit: str
    service: str
    a_day: int
    days: int
    price: int
    by: str
    at: datetime
    request: int = 0
    stopped: str = ""
    beyond: int = 0  # the cap up to which somebody may go on, who allowed this line beyond it
    reason: str = ""

    @property
    def amount(self) -> int:
        """How many in all."""
        return self.a_day * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An episode as it stands. `steps` is how many acts it is made of."""

    key: str
    package: str
    since: date
    title: str
    purpose: str
    service: str
    cap: int
    days: int
    reviews: int
    by: str
    at: datetime
    steps: int
    state: str = PLANNED
    reason: str = ""
    stay: int = 0
    planned: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    outcome: str = ""
    outcome_words: str = ""
    lines: tuple[Line, ...] = ()
    checks: Mapping[str, Any] = field(default_factory=dict)
    visits: tuple[Did, ...] = ()
    done: Mapping[int, int] = field(default_factory=dict)  # by line, as the log had it at the end
    reviewed: tuple[Did, ...] = ()
    escalated: tuple[Did, ...] = ()
    settled: frozenset[str] = frozenset()
    delays: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)  # what services want to know of all
    last: Did | None = None

    @property
    def live(self) -> tuple[Line, ...]:
        """The lines that were not stopped."""
        return tuple(line for line in self.lines if not line.stopped)

    @property
    def allowed(self) -> int:
        """How much may be spent: the cap, or what a named role allowed beyond it."""
        return max([self.cap, *(line.beyond for line in self.lines)])

    @property
    def open_escalations(self) -> tuple[Did, ...]:
        """What was escalated and is not settled."""
        return tuple(each for each in self.escalated if each.act not in self.settled)

    @property
    def until(self) -> datetime | None:
        """When its time is over."""
        return self.started + timedelta(days=self.days) if self.started else None

    @property
    def next_review(self) -> datetime | None:
        """When it has to be looked at again; None unless the person is at home under it."""
        if self.state != HOME or self.started is None:
            return None
        last = max([self.started, *(each.at for each in self.reviewed)])
        return last + timedelta(hours=self.reviews)

    def line(self, number: int) -> Line | None:
        """The line of that number."""
        return next((line for line in self.lines if line.number == number), None)


def standing(acts: Iterable[Did]) -> list[Did]:
    """The acts that were not taken back, in order, without the taking back."""
    every = sorted(acts, key=_order)
    gone: set[str] = set()
    for each in reversed(every):
        if each.verb == "undone" and each.act not in gone:
            gone.add(str(each.said.get("act", "")))
    return [each for each in every if each.act not in gone and each.verb != "undone"]


def fold(key: str, acts: Iterable[Did]) -> Episode | None:
    """The episode as it stands; None while nobody has heard what was proposed."""
    told = list(acts)
    stand = standing(told)
    proposed = next((each for each in stand if each.verb == "proposed"), None)
    if proposed is None:
        return None
    of: dict[str, list[Did]] = {verb: [] for verb in VERBS}
    for each in stand:
        of.setdefault(each.verb, []).append(each)
    said = proposed.said
    started = _first(of["started"])
    ended = _first(of["ended"])
    return Episode(
        key=key, package=said["package"], since=date.fromisoformat(said["since"]),
        title=said["title"], purpose=said["purpose"], service=said["service"], cap=said["cap"],
        days=said["days"] + sum(each.said["days"] for each in of["extended"]),
        reviews=said["reviews"], by=proposed.by, at=proposed.at, steps=len(told),
        state=ENDED if ended else HOME if started else PLANNED,
        reason=said.get("reason", ""), stay=said.get("stay", 0),
        planned=_moment(said.get("planned")), started=_when(started), ended=_when(ended),
        outcome=ended.said["outcome"] if ended else "",
        outcome_words=ended.said.get("words", "") if ended else "",
        lines=_lines(of), checks=of["checked"][-1].said if of["checked"] else {},
        visits=tuple(of["visited"]),
        done={int(k): v for k, v in ended.said.get("done", {}).items()} if ended else {},
        reviewed=tuple(of["reviewed"]),
        escalated=tuple(of["escalated"]),
        settled=frozenset(str(each.said["escalation"]) for each in of["settled"]),
        delays={each.said["day"]: each.said["reason"] for each in of["delayed"]},
        form=said.get("form", {}),
        last=max(stand, key=_order),
    )  # fmt: skip


def undoable(acts: Iterable[Did], by: str) -> Did | None:
    """The last thing done, where it was theirs and can be taken back."""
    last = next(reversed(standing(acts)), None)
    return last if last is not None and last.by == by and last.verb in UNDOABLE else None


def day_of(episode: Episode, at: datetime) -> tuple[int, int]:
    """Which day it is, of how many."""
    if episode.started is None:
        return 0, episode.days
    until = min(at, episode.ended) if episode.ended else at
    return max(1, (until - episode.started).days + 1), episode.days


def _order(each: Did) -> tuple[datetime, int, str, str]:
    return each.at, _RANK.get(each.verb, 0), each.act, repr(sorted(each.said.items()))


def _lines(of: Mapping[str, list[Did]]) -> tuple[Line, ...]:
    ordered = {each.said["line"]: each.said["request"] for each in of["ordered"]}
    stopped = {each.said["line"]: each.said["reason"] for each in of["stopped"]}
    made = {}
    for each in of["line"]:
        said = each.said
        if said["line"] not in made:  # a number is given once: under a lock, by who adds
            made[said["line"]] = Line(
                number=said["line"], kind=said["kind"], title=said["title"], unit=said["unit"],
                service=said["service"], a_day=said["a_day"], days=said["days"],
                price=said["price"], by=each.by, at=each.at,
                request=ordered.get(said["line"], 0), stopped=stopped.get(said["line"], ""),
                beyond=said.get("beyond", 0), reason=said.get("reason", ""),
            )  # fmt: skip
    return tuple(made[number] for number in sorted(made))


def _first(acts: list[Did]) -> Did | None:
    return acts[0] if acts else None


def _when(did: Did | None) -> datetime | None:
    return None if did is None else _moment(did.said.get("at")) or did.at


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
