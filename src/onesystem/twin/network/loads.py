"""How hard each node would be worked: traffic equations, solved before anything is run. Pure.

The flow into a node is what comes from outside and what other nodes send on; a node sends on no
more than its servers can do (Jackson, 1957, doi:10.1287/opre.5.4.518, with the flow cut at
capacity). Of other attributes than the class the shares at the arrival are taken, whatever becomes
of them; ways that depend on queues are taken as even.
"""

import math
from collections.abc import Mapping

from onesystem.twin.network.model import (
    CLASS,
    OUT,
    By,
    Chances,
    Clock,
    Dated,
    Gaps,
    Inflow,
    Model,
    Node,
    Pathway,
    Poisson,
    Route,
    Schedule,
    Shortest,
    Stay,
    When,
    options,
)

_ROUNDS, _NEARLY, _FULL, _DATES = 2000, 1e-10, 0.9999, 60


def loads(model: Model) -> dict[str, float]:
    """The offered load of each node with a number of servers: work that comes, over capacity.

    Where the model changes at dates, the worst of each node; work for a node that has closed for
    good is an endless load.
    """
    worst: dict[str, float] = {}
    for time in _looked_at(model):
        for name, load in _loads(model.at(time)).items():
            worst[name] = max(load, worst.get(name, 0.0))
    return worst


def ways(model: Model) -> dict[tuple[str, str], float]:
    """People a unit of time from each node to each next, before anything changes."""
    now = model.at(0.0)
    found: dict[tuple[str, str], float] = {}
    for name, row in _into(now).items():
        node = now.nodes[name]
        stays = {kind: mean_stay(now, node.service, kind) for kind in row}
        for kind, rate in _sent_on(node, row, stays).items():
            for other, share in _shares(now, name, node.next, kind).items():
                if other != OUT and rate * share > 0:
                    found[name, other] = found.get((name, other), 0.0) + rate * share
    return found


def _loads(model: Model) -> dict[str, float]:
    """The same for a model without dates."""
    into, found = _into(model), {}
    for name, node in model.nodes.items():
        if node.servers is not None:
            work = sum(
                rate * mean_stay(model, node.service, kind) for kind, rate in into[name].items()
            )
            there = servers(node)
            found[name] = work / there if there else (math.inf if work else 0.0)
    return found


def _looked_at(model: Model) -> list[float]:
    """The dates of a model; of many, as over years, evenly some of them, the last among them."""
    dates = model.dates()
    step = -(-len(dates) // _DATES)
    return dates[::-1][::step][::-1]


def staff_loads(model: Model) -> dict[str, float]:
    """The offered load of each pool of staff, over all nodes that share it; the worst of dates."""
    worst: dict[str, float] = {}
    for time in _looked_at(model) if model.pools else ():
        now = model.at(time)
        into = _into(now)
        for pool, there in now.pools.items():
            work = sum(
                node.uses[pool] * rate * mean_stay(now, node.service, kind)
                for name, node in now.nodes.items() if pool in node.uses
                for kind, rate in into[name].items()
            )  # fmt: skip
            number = there.mean if isinstance(there, Schedule) else 0.0
            load = work / number if number else (math.inf if work else 0.0)
            worst[pool] = max(load, worst.get(pool, 0.0))
    return worst


def servers(node: Node) -> float:
    """The mean number of servers of a node that has one, in a model without dates."""
    if not isinstance(node.servers, Schedule):
        msg = "a node with a schedule is asked for"
        raise TypeError(msg)
    return node.servers.mean


def unstable(model: Model) -> dict[str, float]:
    """Nodes (or pools) whose queue grows without end, with their load: 1 or more, no giving up."""
    if not any(
        isinstance(process, Poisson | Gaps) and ended(inflow) >= model.horizon
        for inflow in model.arrivals.values()
        for process in options(inflow.process)
    ):
        return {}
    users = {
        pool: [node for node in model.nodes.values() if pool in node.uses] for pool in model.pools
    }
    nodes = {n: load for n, load in loads(model).items() if _patient(model.nodes[n])}
    pools = {n: load for n, load in staff_loads(model).items() if any(map(_patient, users[n]))}
    return {name: load for name, load in (nodes | pools).items() if load >= _FULL}


def _patient(node: Node) -> bool:
    """Whether the queue of a node has no end: room for all, and nobody turns away or leaves."""
    return node.waiting_room is None and node.patience is None and not node.balk


def ended(inflow: Inflow) -> float:
    """When the rates of an inflow that come once have all been; endless for any other."""
    process = inflow.process
    if isinstance(process, Poisson) and process.every is None:
        return float(len(process.rates))
    return math.inf


def mean_stay(model: Model, stay: Stay, kind: str) -> float:
    """The mean of a stay for people of a class."""
    if isinstance(stay, Dated):
        return mean_stay(model, stay.changes[0][1], kind)
    if not isinstance(stay, By):
        return stay.mean
    return sum(
        share * mean_stay(model, option, kind)
        for level, share in _levels(model, stay.attribute, kind).items()
        if (option := stay.options.get(level, stay.other)) is not None
    )


def _levels(model: Model, attribute: str, kind: str) -> Mapping[str, float]:
    """The levels of an attribute that people of a class have when they come, with their shares."""
    if attribute == CLASS:
        return {kind: 1.0}
    shares = model.attributes[attribute].shares
    if not isinstance(shares, By):
        return shares
    mixed: dict[str, float] = {}
    for level, share in _levels(model, shares.attribute, kind).items():
        for other, part in (shares.options.get(level, shares.other) or {}).items():
            mixed[other] = mixed.get(other, 0.0) + share * part
    return mixed


Flow = dict[str, dict[str, float]]


def _into(model: Model) -> Flow:
    """People a unit of time into each node, by class."""
    outside: Flow = {name: dict.fromkeys(model.classes, 0.0) for name in model.nodes}
    for inflow in model.arrivals.values():
        for kind, share in inflow.classes.items():
            outside[inflow.node][kind] += share * _rate(inflow)
    stays = {
        name: {kind: mean_stay(model, node.service, kind) for kind in model.classes}
        for name, node in model.nodes.items()
    }
    ways = {
        name: {kind: _shares(model, name, node.next, kind) for kind in model.classes}
        for name, node in model.nodes.items()
    }
    into = {name: dict(row) for name, row in outside.items()}
    for _ in range(_ROUNDS):
        fresh = {name: dict(row) for name, row in outside.items()}
        for name, row in into.items():
            for kind, rate in _sent_on(model.nodes[name], row, stays[name]).items():
                for other, share in ways[name][kind].items():
                    if other != OUT:
                        fresh[other][kind] += rate * share
        change = max(abs(fresh[n][k] - into[n][k]) for n in model.nodes for k in model.classes)
        into = fresh
        if change < _NEARLY:
            break
    return into


def _sent_on(node: Node, row: Mapping[str, float], stays: Mapping[str, float]) -> dict[str, float]:
    """What leaves a node: cut at its capacity, of the class that its service makes of people."""
    cut = 1.0
    if node.servers is not None:
        work = sum(rate * stays[kind] for kind, rate in row.items())
        if work > servers(node):
            cut = servers(node) / work
    changes = node.becomes.get(CLASS, {})
    sent = dict.fromkeys(row, 0.0)
    for kind, rate in row.items():
        for other, share in changes.get(kind, {kind: 1.0}).items():
            sent[other] += rate * cut * share
    return sent


def _rate(inflow: Inflow) -> float:
    size = 1.0 if inflow.batch is None else inflow.batch.mean
    match inflow.process:
        case Poisson(rates, _):
            return size * sum(rates) / len(rates)
        case Gaps(gaps):
            return size / gaps.mean
        case _:
            return 0.0


def _shares(  # noqa: C901 - a case for each kind
    model: Model, name: str, route: Route, kind: str
) -> dict[str, float]:
    """Where people of a class go from a node, as shares."""
    match route:
        case str():
            return {route: 1.0}
        case Chances(shares):
            each = [(_shares(model, name, other, kind), share) for other, share in shares]
        case Shortest(nodes):
            each = [({node: 1.0}, 1 / len(nodes)) for node in nodes]
        case When():
            each = [
                (_shares(model, name, other, kind), 0.5) for other in (route.then, route.otherwise)
            ]
        case Clock(chances):
            part = sum(chances) / len(chances)
            each = [
                (_shares(model, name, route.then, kind), part),
                (_shares(model, name, route.otherwise, kind), 1 - part),
            ]
        case Pathway():
            path = model.pathways.get(kind, ())
            after = path[path.index(name) + 1 :] if name in path else ()
            return {after[0] if after else OUT: 1.0}
        case Dated(changes):
            each = [(_shares(model, name, changes[0][1], kind), 1.0)]
        case By():
            each = [
                (_shares(model, name, other, kind), share)
                for level, share in _levels(model, route.attribute, kind).items()
                if (other := route.options.get(level, route.other)) is not None
            ]
    sums: dict[str, float] = {}
    for row, share in each:
        for other, part in row.items():
            sums[other] = sums.get(other, 0.0) + share * part
    return sums
