"""From a checked model to the arrays of the kernel, and the fresh state of a replication."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from onesystem.twin.network import distributions
from onesystem.twin.network import layout as at
from onesystem.twin.network.model import (
    CLASS,
    OUT,
    By,
    Chances,
    Clock,
    Closed,
    Dated,
    Gaps,
    Inflow,
    Model,
    Node,
    Pathway,
    Poisson,
    Process,
    Route,
    Schedule,
    Shortest,
    Staffing,
    Stay,
    Times,
    When,
)
from onesystem.twin.network.numbers import guide, signed, steps, ticks
from onesystem.twin.network.through import open_nodes

_DISCIPLINES = {"first": at.FIRST, "last": at.LAST_IN, "random": at.AT_RANDOM}
_PREEMPTS = {
    "": at.NEVER, "resume": at.RESUME, "restart": at.RESTART, "resample": at.RESAMPLE,
    "bump": at.BUMPS,
}  # fmt: skip

_SEARCHED = (distributions.HYPER, distributions.QUANTILES, distributions.DISCRETE)


@dataclass(frozen=True)
class Tables:
    """What all replications share, and the first state of what each has for itself."""

    model: Model
    nodes: tuple[str, ...]
    classes: tuple[str, ...]
    levels: int
    node: Any
    inflow: Any
    inflow_f: Any
    schedule: Any
    pool: Any
    shared: dict[int, Any]


def tables_of(model: Model) -> Tables:
    """The arrays of a model that `checks.checked` has passed."""
    return _Builder(model).tables()


@dataclass
class _Builder:
    model: Model
    values: list[float] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    stays: list[tuple[int, int, int, float, float, float]] = field(default_factory=list)
    routes: list[tuple[int, int, int, int]] = field(default_factory=list)
    changes: list[tuple[int, int, int]] = field(default_factory=list)
    schedules: list[list[int]] = field(default_factory=list)
    inflows: list[tuple[list[int], list[float]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.nodes = {name: n for n, name in enumerate(self.model.nodes)}
        self.classes = {name: n for n, name in enumerate(self.model.classes)}
        self.attributes = {name: n for n, name in enumerate([CLASS, *self.model.attributes])}
        self.pools = {name: n for n, name in enumerate(self.model.pools)}
        self.open = open_nodes(self.model)
        self.shares, self.own = self._attribute_rows({}), dict[str, int]()
        self.ranks = {rank: n for n, rank in enumerate(self._ranks())}

    def tables(self) -> Tables:
        """Everything, in the order in which the parts need each other."""
        model = self.model
        node = np.array([self._node(name, each) for name, each in model.nodes.items()], np.int64)
        for name, each in model.arrivals.items():
            self._inflow(name, each)
        inflows = self.inflows
        pool = self._pools()
        shared = {
            at.PRIORITY: self._priorities(),
            at.PATH: self._paths(),
            at.ATTRIBUTE: self._attributes(),
            at.THERE: self._there(),
        }
        shared |= {
            at.STAY: np.array([row[:3] for row in self.stays], np.int64).reshape(-1, 3),
            at.STAY_F: np.array([row[3:] for row in self.stays], np.float64).reshape(-1, 3),
            at.CHOICE: np.array(self.routes, np.int64).reshape(-1, 4),
            at.CHANGE: np.array(self.changes, np.int64).reshape(-1, 3),
            at.VALUES: np.array([*self.values, 0.0], np.float64),
            at.LINKS: np.array([*self.links, 0], np.int64),
            at.WHOLES: np.array([*self.whole, 0], np.int64),
        }
        return Tables(
            model=model,
            nodes=tuple(self.nodes),
            classes=tuple(self.classes),
            levels=len(self.ranks),
            node=node,
            inflow=np.array([row for row, _ in inflows], np.int64),
            inflow_f=np.array([row for _, row in inflows], np.float64),
            schedule=np.array(self.schedules, np.int64).reshape(-1, at.SCHEDULE_COLUMNS),
            pool=pool,
            shared=shared,
        )

    def _ranks(self) -> list[int]:
        ranks = set(self.model.classes.values())
        for node in self.model.nodes.values():
            ranks |= set(node.priority.values())
        return sorted(ranks)

    def _node(self, name: str, node: Node) -> list[int]:
        n = [0] * at.NODE_COLUMNS
        n[at.CAPACITY] = at.PLENTY
        if node.servers is not None:
            n[at.CAPACITY] = self._scheduled(node.servers, node=self.nodes[name])
            n[at.OPENS] = int(len(self._flat(node.servers).changes) > 1)
        n[at.OPENS] |= int(bool(node.waiting_room) and node.patience is not None)
        n[at.ROOM] = -1 if node.waiting_room is None else node.waiting_room
        n[at.LOSES] = int(node.full == "lose")
        n[at.DISCIPLINE] = _DISCIPLINES[node.discipline]
        n[at.PREEMPT] = _PREEMPTS[node.preempt]
        n[at.BUMP] = self.nodes.get(node.bump_to, at.NOBODY)
        n[at.SERVICE] = self._stay(node.service)
        n[at.PATIENCE] = -1 if node.patience is None else self._stay(node.patience)
        n[at.ROUTE], n[at.LEAVE] = self._route(node.next), self._route(node.leave_to)
        n[at.BALK], n[at.BALKS] = self._listed(node.balk), len(node.balk)
        n[at.OVER], n[at.OVERS] = len(self.links), len(node.overflow)
        self.links += [self.nodes[other] for other in node.overflow]
        n[at.USES], n[at.USES_N] = len(self.links), len(node.uses)
        for pool, need in node.uses.items():
            self.links += [self.pools[pool], need]
        n[at.INTERRUPTS] = int(node.shift == "interrupt")
        n[at.HELD] = int(n[at.INTERRUPTS] or n[at.PREEMPT])
        n[at.CHANGES], n[at.CHANGES_N] = len(self.changes), len(node.becomes)
        for attribute, table in node.becomes.items():
            self._change(attribute, table)
        n[at.THROUGH] = int(name in self.open)
        n[at.KEY] = signed(name)
        n[at.BLOCKERS] = n[at.BLOCKERS_END] = n[at.INSIDE_HEAD] = at.NOBODY
        return n

    def _flat(self, staffing: Staffing) -> Schedule:
        """A schedule; several that follow each other at dates are written out to the horizon."""
        if isinstance(staffing, Schedule):
            return staffing
        changes: dict[float, int] = {}
        ends = [when for when, _ in staffing.changes[1:]] + [math.inf]
        for (begins, schedule), end in zip(staffing.changes, ends, strict=True):
            changes |= dict(steps(schedule, begins, min(end, self.model.horizon)))
        return Schedule(tuple(changes.items()))

    def _scheduled(self, staffing: Staffing, *, node: int = -1, pool: int = -1) -> int:
        """Keep the later changes of a schedule; the number at the start."""
        schedule = self._flat(staffing)
        if len(schedule.changes) > 1:
            row = [0] * at.SCHEDULE_COLUMNS
            row[at.C_NODE], row[at.C_POOL] = node, pool
            row[at.C_START], row[at.C_COUNT] = len(self.whole), len(schedule.changes)
            row[at.C_EVERY] = ticks(schedule.every or 0)
            row[at.C_AT] = 1
            self.schedules.append(row)
            for when, number in schedule.changes:
                self.whole += [ticks(when), number]
        return schedule.changes[0][1]

    def _stay(self, stay: Stay) -> int:
        if isinstance(stay, By):
            row = (distributions.BY, *self._by(stay, self._stay), 0.0, 0.0, 0.0)
        elif isinstance(stay, Dated):
            row = (distributions.DATED, *self._dated(stay, self._stay), 0.0, 0.0, 0.0)
        else:
            kind, a, b, c, values = stay.row()
            if kind in _SEARCHED:
                self._listed(guide(values[: len(values) // 2]))
            row = (kind, self._listed(values), len(values), a, b, c)
        self.stays.append(row)
        return len(self.stays) - 1

    def _by(self, by: By[Any], one: Callable[[Any], int]) -> tuple[int, int]:
        """Where the choices of each level begin among the links, and of which attribute."""
        chosen = [one(by.options.get(level, by.other)) for level in self.model.levels(by.attribute)]
        self.links += chosen
        return len(self.links) - len(chosen), self.attributes[by.attribute]

    def _dated(self, dated: Dated[Any], one: Callable[[Any], int]) -> tuple[int, int]:
        """Where the pairs of a time and what holds from then on begin, and how many there are."""
        pairs = [(ticks(when), one(what)) for when, what in dated.changes]
        self.links += [number for pair in pairs for number in pair]
        return len(self.links) - 2 * len(pairs), len(pairs)

    def _route(self, route: Route) -> int:
        self.routes.append(self._route_row(route))
        return len(self.routes) - 1

    def _route_row(self, route: Route) -> tuple[int, int, int, int]:  # noqa: PLR0911
        match route:
            case str():
                return at.TO, (at.NOBODY if route == OUT else self.nodes[route]), 0, 0
            case Chances(shares):
                others = [self._route(other) for other, _ in shares]
                start, first = self._summed([p for _, p in shares]), len(self.links)
                self.links += others
                return at.CHANCES, start, len(shares), first
            case Shortest(nodes):
                self.links += [self.nodes[name] for name in nodes]
                return at.SHORTEST, len(self.links) - len(nodes), len(nodes), 0
            case Pathway():
                return at.PATHWAY, 0, 0, 0
            case When(node, over, then, otherwise, inside):
                pair = [self._route(then), self._route(otherwise)]
                self.links += pair
                kind = at.WHEN_INSIDE if inside else at.WHEN
                return kind, self.nodes[node], over, len(self.links) - 2
            case Clock(chances, every, then, otherwise):
                pair = [self._route(then), self._route(otherwise)]
                start = len(self.links)
                self.links += [*pair, ticks(every), len(chances)]
                return at.BY_CLOCK, self._listed(chances), start, 0
            case Dated():
                return at.BY_DATE, *self._dated(route, self._route), 0
            case _:
                first, attribute = self._by(route, self._route)
                return at.BY_LEVEL, attribute, first, 0

    def _listed(self, values: Any) -> int:
        self.values += list(values)
        return len(self.values) - len(values)

    def _summed(self, shares: list[float]) -> int:
        sums = np.cumsum(shares)
        sums[-1] = 1.0
        self._listed(guide(sums))
        return self._listed(sums.tolist())

    def _change(self, attribute: str, table: Mapping[str, Mapping[str, float]]) -> None:
        levels = self.model.levels(attribute)
        start = len(self.values) + len(levels)  # each row has its guide before it
        for level in levels:
            row = table.get(level, {level: 1.0})
            self._summed([row.get(other, 0.0) for other in levels])
        self.changes.append((self.attributes[attribute], start, len(levels)))

    def _inflow(self, name: str, inflow: Inflow) -> None:
        """The row of an inflow; where it changes at dates, a row for each stage."""
        if not isinstance(inflow.process, Dated):
            self.inflows.append(self._stage(name, inflow, inflow.process))
            return
        changes = inflow.process.changes
        ends = [when for when, _ in changes[1:]] + [math.inf]
        for stage, ((begins, process), end) in enumerate(zip(changes, ends, strict=True)):
            late = replace(inflow, begins=max(begins, inflow.begins))
            t, f = self._stage(name, late, process)
            t[at.I_STAGE], f[at.F_UNTIL] = stage, end
            self.inflows.append((t, f))

    def _stage(self, name: str, inflow: Inflow, process: Process) -> tuple[list[int], list[float]]:
        t, f = [0] * at.INFLOW_COLUMNS, [0.0] * at.INFLOW_REALS
        f[at.F_BEGINS] = f[at.F_CLOCK] = inflow.begins
        f[at.F_ENDS], f[at.F_UNTIL] = -1.0, math.inf
        t[at.I_NODE], t[at.I_KEY] = self.nodes[inflow.node], signed(name)
        t[at.I_ATTRIBUTES] = self._own_shares(name, inflow)
        t[at.I_CLASS] = self._summed([inflow.classes.get(each, 0.0) for each in self.classes])
        t[at.I_BATCH] = -1 if inflow.batch is None else self._stay(inflow.batch)
        if inflow.ends is not None:
            f[at.F_ENDS] = inflow.ends
        match process:
            case Poisson(rates, every):
                t[at.I_KIND], t[at.I_START] = at.RATES, self._listed(rates)
                t[at.I_COUNT], t[at.I_ONCE] = len(rates), int(every is None)
                f[at.F_EVERY] = float(every or len(rates))
                if every:
                    around, part = divmod(inflow.begins, every)
                    t[at.I_ROUND], t[at.I_AT] = int(around), int(part * len(rates) / every)
            case Gaps(gaps):
                t[at.I_KIND], t[at.I_GAPS] = at.RENEWAL, self._stay(gaps)
            case Times(times):
                t[at.I_KIND], t[at.I_START] = at.GIVEN, self._listed(times)
                t[at.I_COUNT] = len(times)
            case Closed(people):
                t[at.I_KIND], t[at.I_COUNT] = at.CLOSED, people
        return t, f

    def _there(self) -> Any:
        """A row for each person at the start: the served first, then who has waited longest."""
        rows: list[Any] = []
        model = self.model
        for present in model.inside:
            spent = present.waiting if present.elapsed is None else present.elapsed
            levels = [
                attribute.levels.index(present.attributes[name])
                if name in present.attributes
                else at.NOBODY
                for name, attribute in model.attributes.items()
            ]
            for _ in range(present.count):
                rows.append([self.nodes[present.node], self.classes[present.kind],
                             int(present.elapsed is not None), ticks(spent or 0.0), len(rows),
                             *levels])  # fmt: skip
        rows.sort(key=lambda row: (-row[at.T_SERVED], -row[at.T_SPENT], row[at.T_NTH]))
        return np.array(rows, np.int64).reshape(-1, at.T_LEVELS + len(model.attributes))

    def _pools(self) -> Any:
        rows = []
        for name, schedule in self.model.pools.items():
            row = [0] * at.POOL_COLUMNS
            row[at.P_CAPACITY] = self._scheduled(schedule, pool=self.pools[name])
            users = [self.nodes[n] for n, node in self.model.nodes.items() if name in node.uses]
            row[at.P_NODES], row[at.P_NODES_N] = len(self.links), len(users)
            self.links += users
            rows.append(row)
        return np.array(rows, np.int64).reshape(-1, at.POOL_COLUMNS)

    def _paths(self) -> Any:
        rows = []
        for name in self.classes:
            path = self.model.pathways.get(name, ())
            rows.append((len(self.links), len(path)))
            self.links += [self.nodes[node] for node in path]
        return np.array(rows, np.int64)

    def _attributes(self) -> Any:
        return np.array(self.shares, np.int64)

    def _own_shares(self, name: str, inflow: Inflow) -> int:
        """Where the shares of attributes of an inflow begin: its own are after those of all."""
        if inflow.attributes and name not in self.own:
            self.own[name] = len(self.shares)
            self.shares += self._attribute_rows(inflow.attributes)
        return self.own.get(name, 0)

    def _attribute_rows(self, instead: Mapping[str, Any]) -> list[tuple[int, int, int, int]]:
        rows, first = [(-1, 0, len(self.classes), 0)], 0
        for name, attribute in self.model.attributes.items():
            start, shares = len(self.values) + len(attribute.levels), attribute.shares
            shares = instead.get(name, shares)
            if isinstance(shares, By):
                by = self.attributes[shares.attribute]
                each = [
                    shares.options.get(level, shares.other)
                    for level in self.model.levels(shares.attribute)
                ]
            else:
                by, each = -1, [shares]
            for chances in each:
                self._summed([(chances or {}).get(level, 0.0) for level in attribute.levels])
            rows.append((by, start, len(attribute.levels), first))
            first += len(attribute.levels)
        return rows

    def _priorities(self) -> Any:
        return np.array(
            [
                [self.ranks[node.priority.get(name, rank)] for name, rank in
                 self.model.classes.items()]
                for node in self.model.nodes.values()
            ],
            np.int64,
        )  # fmt: skip
