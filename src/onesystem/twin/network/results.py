"""What a run of a model says: figures by node, class and pool, with their intervals.

An interval is the 95% interval of the mean over replications (Student's t); with one replication
there is none. Times are in the model's unit. Quantiles are over all replications, from counts in
steps of 1.6% and straight between them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import Model, Schedule
from onesystem.twin.network.running import Replication, steps
from onesystem.twin.network.student import within

ALL = "all"
_MANY = 100


@dataclass(frozen=True)
class Estimate:
    """A mean over replications, and the bounds of its interval where there are two or more."""

    mean: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Spread:
    """A length of time: its mean with its interval, and the median, the 90th and 95th centile."""

    mean: Estimate
    median: float | None
    p90: float | None
    p95: float | None


@dataclass(frozen=True)
class Visits:
    """What people of a class (or of all) met at a node, a replication.

    Shares are of those who came. `time` is from coming to going, of those who were served.
    """

    arrived: Estimate
    started: Estimate
    finished: Estimate
    no_room: Estimate
    turned_away: Estimate
    left_waiting: Estimate
    interrupted: Estimate
    waited: Estimate  # the share of those who started who had to wait
    wait: Spread  # from arrival to start, of those who started
    service: Estimate  # from start to ready
    blocked: Estimate  # from ready to going, over all who finished
    throughput: Estimate  # finished a unit of time
    time: Estimate
    waiting: Estimate  # people at a time
    inside: Estimate  # people at a time: waiting, served or blocked
    no_room_share: Estimate
    turned_away_share: Estimate
    left_waiting_share: Estimate


@dataclass(frozen=True)
class NodeResult:
    """A node over the time that was counted."""

    servers: Estimate | None  # None has as many as it takes
    busy: Estimate  # servers in use, blocked ones too
    occupancy: Estimate | None  # busy over servers
    full: Estimate  # share of the time in which no server was free
    waiting: Estimate
    longest: float
    blocked: Estimate
    classes: dict[str, Visits]


@dataclass(frozen=True)
class ClassResult:
    """People of a class over the whole network."""

    entered: Estimate
    left: Estimate
    time: Spread  # from entering to leaving
    inside: Estimate  # people at a time


@dataclass(frozen=True)
class PoolResult:
    """A pool of staff."""

    staff: Estimate
    busy: Estimate
    occupancy: Estimate


@dataclass(frozen=True)
class NodeStep:
    """A node in one step of time: the mean numbers of people and of servers."""

    servers: Estimate | None
    busy: Estimate
    waiting: Estimate
    blocked: Estimate


@dataclass(frozen=True)
class Step:
    """One step of the time that was counted, where steps were asked for."""

    begins: float
    ends: float
    nodes: dict[str, NodeStep]


@dataclass(frozen=True)
class Result:
    """Everything that a run says."""

    name: str
    unit: str
    seed: int
    replications: int
    span: float
    nodes: dict[str, NodeResult]
    classes: dict[str, ClassResult]
    pools: dict[str, PoolResult]
    inside: Estimate
    events: int
    warnings: tuple[str, ...]
    steps: tuple[Step, ...] = ()


def result_of(model: Model, runs: Iterable[Replication]) -> Result:
    """The figures of a model's replications, which are read one by one and not kept.

    >>> from onesystem.twin import model_of, replications
    >>> model = model_of('''{"unit": "hour", "horizon": 10000, "warm_up": 1000, "replications": 4,
    ...     "nodes": {"ED": {"servers": 3, "service": {"exponential": {"mean": 1}}}},
    ...     "arrivals": {"walk in": {"node": "ED", "rate": 2.4}}}''')
    >>> ed = result_of(model, replications(model)).nodes["ED"]
    >>> ed.waiting.low < 2.589 < ed.waiting.high  # what theory says of M/M/3 at 0.8
    True
    """
    gathered = _Gathered(model)
    for each in runs:
        gathered.take(each)
    return gathered.result()


class _Gathered:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.counts: list[Any] = []
        self.areas: list[Any] = []
        self.pools: list[Any] = []
        self.inside: list[int] = []
        self.steps: list[Any] = []
        self.events = self.span = 0
        self.seen: Any = None

    def take(self, run: Replication) -> None:
        self.counts.append(run.count)
        self.areas.append(run.area)
        self.pools.append(run.pool_area)
        self.inside.append(run.inside)
        if self.model.step and run.steps is not None:
            self.steps.append(run.steps)
        self.events += run.events
        self.span = run.span
        self.seen = run.seen if self.seen is None else self.seen + run.seen

    def result(self) -> Result:
        model = self.model
        self.count, self.area = np.stack(self.counts), np.stack(self.areas)
        pool = np.stack(self.pools)
        return Result(
            name=model.name,
            unit=model.unit,
            seed=model.seed,
            replications=model.replications,
            span=self.span / at.TICKS,
            nodes={name: self._node(n, name) for n, name in enumerate(model.nodes)},
            classes=self._whole(),
            pools={
                name: PoolResult(
                    staff=estimate(pool[:, n, 1] / self.span),
                    busy=estimate(pool[:, n, 0] / self.span),
                    occupancy=estimate(_over(pool[:, n, 0], pool[:, n, 1])),
                )
                for n, name in enumerate(model.pools)
            },
            inside=estimate(np.array(self.inside, float)),
            events=self.events,
            warnings=warnings(model),
            steps=tuple(self._steps()) if self.steps else (),
        )

    def _steps(self) -> Iterable[Step]:
        model, areas = self.model, np.stack(self.steps)
        begins = model.warm_up
        for k, ends in enumerate(steps(model, model.step)):
            span = (ends - begins) * at.TICKS
            yield Step(begins, ends, {
                name: NodeStep(
                    servers=None if each.servers is None else estimate(a[:, at.A_CAPACITY] / span),
                    busy=estimate(a[:, at.A_BUSY] / span),
                    waiting=estimate(a[:, at.A_WAITING] / span),
                    blocked=estimate(a[:, at.A_BLOCKED] / span),
                )
                for n, (name, each) in enumerate(model.nodes.items())
                for a in (areas[:, k, n],)
            })  # fmt: skip
            begins = ends

    def _node(self, n: int, name: str) -> NodeResult:
        area, known = self.area[:, n], self.model.nodes[name].servers is not None
        return NodeResult(
            servers=estimate(area[:, at.A_CAPACITY] / self.span) if known else None,
            busy=estimate(area[:, at.A_BUSY] / self.span),
            occupancy=(
                estimate(_over(area[:, at.A_BUSY], area[:, at.A_CAPACITY])) if known else None
            ),
            full=estimate(area[:, at.A_FULL] / self.span),
            waiting=estimate(area[:, at.A_WAITING] / self.span),
            longest=float(area[:, at.A_LONGEST].max()),
            blocked=estimate(area[:, at.A_BLOCKED] / self.span),
            classes={kind: self._visits(rows) for kind, rows in self._rows(n)},
        )

    def _rows(self, n: int) -> list[tuple[str, slice]]:
        """The rows of the counts of a node: of all, and of each class where there are several."""
        kinds = list(self.model.classes)
        first = n * len(kinds)
        each = [(kind, slice(first + k, first + k + 1)) for k, kind in enumerate(kinds)]
        whole = (ALL, slice(first, first + len(kinds)))
        return [whole, *each] if len(kinds) > 1 else [whole]

    def _visits(self, rows: slice) -> Visits:
        c = self.count[:, rows].sum(axis=1)
        return Visits(
            arrived=estimate(c[:, at.ARRIVED]),
            started=estimate(c[:, at.STARTED]),
            finished=estimate(c[:, at.FINISHED]),
            no_room=estimate(c[:, at.LOST]),
            turned_away=estimate(c[:, at.BALKED]),
            left_waiting=estimate(c[:, at.RENEGED]),
            interrupted=estimate(c[:, at.DISPLACED]),
            waited=estimate(_over(c[:, at.WAITED], c[:, at.STARTED])),
            wait=self._spread(_over(c[:, at.SUM_WAIT], c[:, at.STARTED]), rows),
            service=estimate(_over(c[:, at.SUM_SERVICE], c[:, at.FINISHED]) / at.TICKS),
            blocked=estimate(_over(c[:, at.SUM_BLOCKED], c[:, at.FINISHED]) / at.TICKS),
            throughput=estimate(c[:, at.FINISHED] / (self.span / at.TICKS)),
            time=estimate(_over(c[:, at.SUM_STAYED], c[:, at.FINISHED]) / at.TICKS),
            waiting=estimate(c[:, at.CLOCK_WAITING] / self.span),
            inside=estimate(c[:, at.CLOCK_INSIDE] / self.span),
            no_room_share=estimate(_over(c[:, at.LOST], c[:, at.ARRIVED])),
            turned_away_share=estimate(_over(c[:, at.BALKED], c[:, at.ARRIVED])),
            left_waiting_share=estimate(_over(c[:, at.RENEGED], c[:, at.ARRIVED])),
        )

    def _whole(self) -> dict[str, ClassResult]:
        found = {}
        for kind, rows in self._rows(len(self.model.nodes)):
            c = self.count[:, rows].sum(axis=1)
            found[kind] = ClassResult(
                entered=estimate(c[:, at.ARRIVED]),
                left=estimate(c[:, at.FINISHED]),
                time=self._spread(_over(c[:, at.SUM_WAIT], c[:, at.FINISHED]), rows),
                inside=estimate(c[:, at.CLOCK_INSIDE] / self.span),
            )
        return found

    def _spread(self, means: Any, rows: slice) -> Spread:
        seen = self.seen[rows].sum(axis=0)
        median, p90, p95 = (quantile(seen, share) for share in (0.5, 0.9, 0.95))
        return Spread(estimate(means / at.TICKS), median, p90, p95)


def warnings(model: Model) -> tuple[str, ...]:
    """What somebody should know before they believe the figures."""
    from onesystem.twin.network.loads import ended, unstable

    return (
        *(
            f"{name}: the queue grows without end; it is offered {_percent(load)} of what it can "
            "do. Figures of it depend on how long is run"
            if isfinite(load)
            else f"{name}: it closes while people still come, and they wait there for ever"
            for name, load in unstable(model).items()
        ),
        *(
            f"arrivals.{name}: its rates end at {ends:g}, and nobody comes with it from then on; "
            f'"every": {ends:g} would begin them again'
            for name, inflow in model.arrivals.items()
            if (ends := ended(inflow)) < model.horizon
        ),
        *(
            f"{name}: {there:,} people are served there at the start, by {number:,} servers"
            for name, (there, number) in over_capacity(model).items()
        ),
    )


def _percent(load: float) -> str:
    return f"{load:.0%}" if load < _MANY else f"{load:.2g} times"


def over_capacity(model: Model) -> dict[str, tuple[int, int]]:
    """Nodes where more people are served at the start than there are servers: both numbers."""
    served: dict[str, int] = {}
    for present in model.inside:
        if present.elapsed is not None:
            served[present.node] = served.get(present.node, 0) + present.count
    found = {}
    for name, node in model.at(0).nodes.items():
        if isinstance(node.servers, Schedule):
            number = node.servers.changes[0][1]
            if served.get(name, 0) > number:
                found[name] = served[name], number
    return found


def estimate(values: Any) -> Estimate:
    """The mean of one value a replication, with its interval; those without one are left out."""
    values = values[np.isfinite(values)]
    if not len(values):
        return Estimate(None)
    mean = float(values.mean())
    if len(values) == 1:
        return Estimate(mean)
    half = float(within(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return Estimate(mean, mean - half, mean + half)


def quantile(seen: Any, share: float) -> float | None:
    """The value below which a share of a histogram lies."""
    return quantiles(seen[np.newaxis], share)[0]


def quantiles(seen: Any, share: float) -> list[float | None]:
    """The same of many histograms, a row each; None where nothing was seen."""
    sums = np.cumsum(seen, axis=1)
    wanted = share * sums[:, -1]
    places = (sums < wanted[:, np.newaxis]).sum(axis=1)
    return [
        _value(n, (want - row[n]) / counts[n] + 1.0) if want else None
        for n, want, row, counts in zip(
            places.tolist(), wanted.tolist(), sums, seen, strict=True)
    ]  # fmt: skip


def _value(n: int, part: float) -> float:
    """What lies at a part of a bucket: those in it are taken to lie evenly."""
    if n < 64:
        return n / at.TICKS
    doubling, step = (n >> 6) + 5, n & 63
    return float((64 + step + part) * (1 << (doubling - 6)) / at.TICKS)


def _over(part: Any, whole: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
