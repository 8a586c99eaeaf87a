"""The process map: which step follows which, how often, after how long and at what cost. Pure.

The map is the directly-follows graph of process mining (van der Aalst, Process Mining: Data
Science in Action, 2nd edition 2016, section 6.1): an arrow from A to B counts how often B was
the next step after A in the same journey. Medians are exact: times are sorted arrow by arrow,
not sketched.
"""

from dataclasses import dataclass

import numpy as np

from onesystem.flow.journeys.costing import each
from onesystem.flow.journeys.steps import NOT_KNOWN, Mask, Small, Steps, Whole

_SPAN = 48  # bits for a time in microseconds: 8.9 years, and nothing waits longer in a journey
_LONGEST = (1 << _SPAN) - 1
_GROUPS = (1 << (63 - _SPAN)) - 1  # as many as the bits above a time can tell apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One kind of step. Times in microseconds, None where no step has an end.

    `begins` and `ends` count the journeys whose first or last step it is. `cost` is of all its
    steps, `cost_each` of one on average: whole minor units.
    """

    name: str
    steps: int
    journeys: int
    begins: int
    ends: int
    stay: float | None
    cost: int
    cost_each: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one kind of step directly to the next.

    `time` is the median from start to start, `ninth` the ninth decile of the same; `wait` the
    median from the end of the one to the start of the next (0 where they overlap), None where no
    end is known. Microseconds. `cost` is of all steps that the arrow leads to, `cost_each` of one
    of them on average: whole minor units.
    """

    source: str
    target: str
    steps: int
    journeys: int
    time: float
    ninth: float
    wait: float | None
    cost: int
    cost_each: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap:
    """Nodes and arrows, the busiest first, and how many journeys and steps they are made of.

    `cost` is of all steps, `cost_each` of one journey on average: whole minor units.
    """

    journeys: int
    steps: int
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    length: float | None  # median from the first start to the last start or end, microseconds
    cost: int = 0
    cost_each: int = 0

    def node(self, name: str) -> Node | None:
        """The node of a name."""
        return next((node for node in self.nodes if node.name == name), None)


def process_map(steps: Steps) -> ProcessMap:
    """The map of these journeys."""
    if not len(steps):
        return ProcessMap(journeys=0, steps=0, nodes=(), arrows=(), length=None)
    return ProcessMap(
        journeys=steps.journeys,
        steps=len(steps),
        nodes=_nodes(steps),
        arrows=_arrows(steps),
        length=float(np.median(lengths(steps))),
        cost=int(steps.cost.sum()),
        cost_each=each(int(steps.cost.sum()), steps.journeys),
    )


def lengths(steps: Steps) -> Whole:
    """How long each journey took, from its first start to the latest time known in it."""
    first = steps.first
    latest = np.maximum.reduceat(np.maximum(steps.start, steps.end), first)
    return latest - steps.start[first]


def _nodes(steps: Steps) -> tuple[Node, ...]:
    size = len(steps.names)
    counts = np.bincount(steps.kind, minlength=size)
    begins = np.bincount(steps.kind[steps.first], minlength=size)
    ends = np.bincount(steps.kind[steps.last], minlength=size)
    people = _journeys_by(steps.journey, steps.kind, size)
    cost = _sums(steps.kind, steps.cost, size)
    stays = _middles(steps.kind, steps.end - steps.start, steps.end >= steps.start, size)
    order = np.argsort(-counts, kind="stable")
    return tuple(
        Node(
            name=steps.names[i],
            steps=int(counts[i]),
            journeys=int(people[i]),
            begins=int(begins[i]),
            ends=int(ends[i]),
            stay=None if np.isnan(stays[i]) else float(stays[i]),
            cost=int(cost[i]),
            cost_each=each(int(cost[i]), int(counts[i])),
        )
        for i in order
        if counts[i]
    )


def _arrows(steps: Steps) -> tuple[Arrow, ...]:
    names = len(steps.names)
    arrow, present = _arrow_of(steps)
    size = len(present)
    counts = np.bincount(arrow, minlength=size)[:size]
    people = _journeys_by(steps.journey[1:], arrow, size)
    cost = _sums(arrow, steps.cost[1:], size)
    follows = arrow < size
    ordered = _by_group(arrow, steps.start[1:] - steps.start[:-1], follows, size)
    times, ninths = [_quantiles(ordered, counts, at=at) for at in (0.5, 0.9)]
    del ordered
    known = follows & (steps.end[:-1] != NOT_KNOWN)
    waits = _middles(arrow, steps.start[1:] - steps.end[:-1], known, size)
    return tuple(
        Arrow(
            source=steps.names[present[i] // names],
            target=steps.names[present[i] % names],
            steps=int(counts[i]),
            journeys=int(people[i]),
            time=float(times[i]),
            ninth=float(ninths[i]),
            wait=None if np.isnan(waits[i]) else float(waits[i]),
            cost=int(cost[i]),
            cost_each=each(int(cost[i]), int(counts[i])),
        )
        for i in np.argsort(-counts, kind="stable")
    )


def _arrow_of(steps: Steps) -> tuple[Small, Whole]:
    """Which arrow leads from each step but the last to the next, and the pair of kinds of each.

    From the last step of a journey none leads: it has the number after the last arrow.
    """
    names = len(steps.names)
    pair = steps.kind[:-1].astype(np.int64)
    pair *= names
    pair += steps.kind[1:]
    pair[steps.journey[1:] != steps.journey[:-1]] = names * names
    present = np.flatnonzero(np.bincount(pair, minlength=names * names)[: names * names])
    number = np.full(names * names + 1, len(present), np.int32)
    number[present] = np.arange(len(present))
    return number[pair], present


def _middles(group: Small, times: Whole, known: Mask, size: int) -> "np.ndarray":
    """The median of each group's times that are known; `times` is used up."""
    counts = np.bincount(group if known.all() else group[known], minlength=size)[:size]
    return _quantiles(_by_group(group, times, known, size), counts, at=0.5)


def _by_group(group: Small, times: Whole, known: Mask, size: int) -> Whole:
    """Times sorted within their groups, group after group: one sort of whole numbers.

    What is not known lies after the last group. The upper bits of a number are its group.
    `times` is used up.
    """
    np.clip(times, 0, _LONGEST, out=times)
    keys = group.astype(np.int64)
    keys[~known] = size
    if size > _GROUPS:
        return np.asarray(times[np.lexsort((times, keys))])
    keys <<= _SPAN
    keys |= times
    keys.sort()
    return keys


def _quantiles(ordered: Whole, counts: Whole, *, at: float) -> "np.ndarray":
    """A quantile of each group by linear interpolation, as numpy's own; nan where it is empty."""
    starts = np.cumsum(counts) - counts
    position = np.maximum(counts - 1, 0) * at
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(counts - 1, 0))
    made = np.full(len(counts), np.nan)
    full = counts > 0
    low, high = (ordered[(starts + place)[full]] & _LONGEST for place in (below, above))
    made[full] = low + (high - low) * (position - below)[full]
    return made


def _journeys_by(journey: Small, group: Small, size: int) -> Whole:
    """How many journeys have each group; groups from `size` on are left out."""
    most = (int(journey[-1]) + 1) * (size + 1) if len(journey) else 0
    keys = journey.astype(np.min_scalar_type(max(most, 1 << 31)))  # 32 bits sort twice as fast
    keys *= keys.dtype.type(size + 1)
    keys += group.astype(keys.dtype)
    keys.sort()
    fresh = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=fresh[1:])
    return np.bincount(keys[fresh] % (size + 1), minlength=size)[:size]


def _sums(group: "np.ndarray", values: Whole, size: int) -> Whole:
    """Exact sums of whole numbers by group: a float sum of pence loses pennies."""
    made = np.zeros(size, np.int64)
    if values.any():
        inside = group < size
        np.add.at(made, group[inside], values[inside])
    return made
