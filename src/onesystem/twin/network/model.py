"""A network of services as frozen data: who comes, where they queue, how long, where next. Pure.

Times are numbers in the model's `unit`, counted from its start. Names are the keys of mappings, so
that two versions of a model can be compared line by line. `checks.checked` says whether it holds
together; `tables.tables_of` makes of it what the kernel runs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from onesystem.twin.network.distributions import Distribution

OUT = "out"
CLASS = "class"
LIVED_IN = "home"  # the setting of a node where people live: it is no service
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}

WORDS = {
    "full": ("block", "lose"),
    "discipline": ("first", "last", "random"),
    "preempt": ("", "resume", "restart", "resample", "bump"),
    "shift": ("finish", "interrupt"),
}

T = TypeVar("T")


@dataclass(frozen=True)
class By(Generic[T]):
    """Depends on the person: on their class or another attribute; `other` for levels not named."""

    attribute: str
    options: Mapping[str, T]
    other: T | None = None


@dataclass(frozen=True)
class Dated(Generic[T]):
    """Changes at dates: each `(time, what)` holds from its time on; the first time is 0.

    A stay, a route or a gap is the one that holds when it is drawn. A schedule is the one that
    holds at that time; its own times are counted from the start of the model, not from the change.
    """

    changes: tuple[tuple[float, T], ...]


def options(choice: Any) -> Iterator[Any]:
    """Each of what a choice by person or by date may come to; what is no choice, itself."""
    match choice:
        case By():
            yield from choice.options.values()
            if choice.other is not None:
                yield choice.other
        case Dated():
            yield from (each for _, each in choice.changes)
        case _:
            yield choice


@dataclass(frozen=True)
class Schedule:
    """How many there are over time: from each time on, a number; again after `every`."""

    changes: tuple[tuple[float, int], ...]
    every: float | None = None

    @property
    def most(self) -> int:
        """The highest number at any time."""
        return max(number for _, number in self.changes)

    @property
    def mean(self) -> float:
        """The mean over a cycle; without a cycle, the last number, which holds from then on."""
        if self.every is None:
            return float(self.changes[-1][1])
        ends = [at for at, _ in self.changes[1:]] + [self.every]
        spans = ((end - at) * number for (at, number), end in zip(self.changes, ends, strict=True))
        return sum(spans) / self.every


Staffing = Schedule | Dated[Schedule]
Stay = Distribution | By["Stay"] | Dated["Stay"]


def most(staffing: Staffing) -> int:
    """The highest number that there ever is."""
    each: Iterator[Schedule] = options(staffing)
    return max(schedule.most for schedule in each)


@dataclass(frozen=True)
class Chances:
    """To one of several, each with its probability."""

    shares: tuple[tuple["Route", float], ...]


@dataclass(frozen=True)
class Shortest:
    """To the one with the fewest people in it, waiting or served; the first named among equals."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Pathway:
    """To the next step of the pathway of the person's class."""


@dataclass(frozen=True)
class When:
    """One way while more than `over` people are waiting at (or inside) a node, else another."""

    node: str
    over: int
    then: "Route"
    otherwise: "Route"
    inside: bool = False


@dataclass(frozen=True)
class Clock:
    """One way with a chance that goes by the clock, else another: chances divide `every` evenly."""

    chances: tuple[float, ...]
    every: float
    then: "Route"
    otherwise: "Route"


Route = str | Chances | Shortest | Pathway | When | Clock | By["Route"] | Dated["Route"]


@dataclass(frozen=True, kw_only=True)
class Node:
    """A service: people wait for a server (a bed, a clinician, a visit), are served, and go on.

    `servers` None is as many as it takes. `waiting_room` None has no end; 0 is none. A person who
    is finished and whose next node is full keeps the server until there is room (blocking after
    service), unless that node's `full` says "lose". Staff of `uses` are held while somebody is
    served, not while they are blocked. `shift` says what happens to those whom fewer servers leave
    over: they are finished, or interrupted and put first in the queue. `place` and `setting` say
    where and what it is; they change nothing of a run.
    """

    service: Stay
    servers: Staffing | None = None
    next: Route = OUT
    waiting_room: int | None = None
    full: str = "block"
    discipline: str = "first"
    priority: Mapping[str, int] = field(default_factory=dict)
    preempt: str = ""
    bump_to: str = ""
    patience: Stay | None = None
    leave_to: Route = OUT
    balk: tuple[float, ...] = ()
    place: str = ""
    setting: str = ""
    overflow: tuple[str, ...] = ()
    uses: Mapping[str, int] = field(default_factory=dict)
    shift: str = "finish"
    becomes: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Poisson:
    """At random at a rate a unit of time; several rates divide `every` evenly, again and again.

    Without `every`, each rate holds for one unit of time and they come once.
    """

    rates: tuple[float, ...]
    every: float | None = None


@dataclass(frozen=True)
class Gaps:
    """With independent gaps between one and the next."""

    gaps: Distribution


@dataclass(frozen=True)
class Times:
    """At these times."""

    times: tuple[float, ...]


@dataclass(frozen=True)
class Closed:
    """A fixed number of people, all there at the start."""

    people: int


Process = Poisson | Gaps | Times | Closed


@dataclass(frozen=True, kw_only=True)
class Inflow:
    """Arrivals from outside at a node, of one or several classes, one by one or in batches."""

    node: str
    process: Process | Dated[Process]
    classes: Mapping[str, float]
    batch: Distribution | None = None
    begins: float = 0.0
    ends: float | None = None
    attributes: Mapping[str, "Shares"] = field(default_factory=dict)


Shares = Mapping[str, float] | By[Mapping[str, float]]


@dataclass(frozen=True)
class Attribute:
    """Something about a person that has levels; `shares` are the chances at the arrival.

    An inflow may have shares of its own.
    """

    levels: tuple[str, ...]
    shares: Shares


@dataclass(frozen=True, kw_only=True)
class Present:
    """People who are there at the start: served since `elapsed`, or waiting since `waiting`.

    One of the two is given. What is left of a stay (or of patience) is drawn from its distribution,
    given that it has lasted so long. `attributes` that are not given are drawn as for arrivals.
    """

    node: str
    kind: str
    elapsed: float | None = None
    waiting: float | None = None
    count: int = 1
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Model:
    """The whole network and how long it is run. `classes` gives each its priority, 0 the first.

    `living` are people of each class who live where it is, whether they come or not; with `step`,
    results are told for each step of time too.
    """

    nodes: Mapping[str, Node]
    arrivals: Mapping[str, Inflow]
    horizon: float
    name: str = "model"
    unit: str = "hour"
    starts: datetime = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
    warm_up: float = 0.0
    step: float | None = None
    replications: int = 10
    seed: int = 1
    classes: Mapping[str, int] = field(default_factory=lambda: {"all": 0})
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    pools: Mapping[str, Staffing] = field(default_factory=dict)
    pathways: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inside: tuple[Present, ...] = ()
    living: Mapping[str, float] = field(default_factory=dict)

    def at(self, time: float) -> "Model":
        """The model as it stands from a time on, without its other dates."""
        return replace(
            self,
            nodes={name: _at(node, time) for name, node in self.nodes.items()},
            arrivals={
                name: replace(each, process=_at(each.process, time))
                for name, each in self.arrivals.items()
            },
            pools=_at(self.pools, time),
        )

    def dates(self) -> list[float]:
        """The times from 0 on, within the horizon, at which something changes for good."""
        found = {0.0}
        processes = (inflow.process for inflow in self.arrivals.values())
        for each in (*self.nodes.values(), *processes, *self.pools.values()):
            found |= set(_dates(each))
        return sorted(time for time in found if time < self.horizon)

    def levels(self, attribute: str) -> tuple[str, ...]:
        """The levels of an attribute, the class among them."""
        return tuple(self.classes) if attribute == CLASS else self.attributes[attribute].levels


def _at(part: Any, time: float) -> Any:
    """A part of a model with each dated value replaced by what holds at a time."""
    match part:
        case (int() | float(), *_):
            return part
        case Dated(changes):
            return _at([each for when, each in changes if when <= time][-1], time)
        case Mapping():
            return {name: _at(each, time) for name, each in part.items()}
        case tuple():
            return tuple(_at(each, time) for each in part)
        case _ if (
            is_dataclass(part)
            and not isinstance(part, type)
            and next(_dates(part), None) is not None
        ):
            new = {field.name: _at(getattr(part, field.name), time) for field in fields(part)}
            return replace(part, **new)
        case _:
            return part


def _dates(part: Any) -> Iterator[float]:
    """Every time at which a dated value in a part of a model changes."""
    match part:
        case (int() | float(), *_):  # numbers, of which there may be thousands, have none
            return
        case Dated(changes):
            for when, each in changes:
                yield when
                yield from _dates(each)
        case Mapping():
            for each in part.values():
                yield from _dates(each)
        case tuple():
            for each in part:
                yield from _dates(each)
        case _ if is_dataclass(part) and not isinstance(part, type):
            for field in fields(part):
                yield from _dates(getattr(part, field.name))
