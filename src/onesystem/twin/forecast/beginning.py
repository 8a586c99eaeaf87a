"""A twin as a model that begins at a moment, with the people who are there then. Pure.

Hours of the day and dates go on from that moment: the model's own clock is turned to it. Whoever
is ready to go and not gone is told apart by an attribute, so that what is left of their delay is
drawn and not what is left of their stay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, isnan
from typing import Any

import numpy as np

from onesystem.twin.network.distributions import Distribution, Fixed, Quantiles
from onesystem.twin.network.model import (
    CLASS,
    OUT,
    UNITS,
    Attribute,
    By,
    Chances,
    Dated,
    Inflow,
    Model,
    Node,
    Poisson,
    Present,
    Schedule,
    Times,
    options,
)
from onesystem.twin.network.numbers import steps

READY, NOT, IS, SENT = "ready", "no", "yes", "sent home"
QUARTER = 0.25  # hours; the width of the steps in which rates and places are taken
_LONGEST = 0.99  # a stay that the twin has never seen the like of is taken as one of its longest


@dataclass(frozen=True, kw_only=True)
class Here:
    """Who is there: each with how long they have been ready to go (hours, NaN: they are not).

    `places` are those that hold from now on, hour by hour, where more is known than the model has.
    `delays` say how long people stay who are ready (in the model's unit), by node.
    """

    people: Sequence[tuple[Present, float]] = ()
    places: Mapping[str, Schedule] = field(default_factory=dict)
    delays: Mapping[str, Distribution] = field(default_factory=dict)


def beginning(
    model: Model, here: Here, *, since: float, hours: float, replications: int, seed: int
) -> Model:
    """The model from `since` on (in its unit, from its start), for so many hours."""
    hour = 3600 / UNITS[model.unit]
    horizon = hours * hour
    now = model.at(max(since, 0.0))
    nodes = {
        name: replace(node, servers=_servers(node, here.places.get(name), since, horizon))
        for name, node in now.nodes.items()
    }
    pools = {name: _turned(each, since, horizon) for name, each in now.pools.items()}
    come = {name: _come(each, since, horizon, hour) for name, each in model.arrivals.items()}
    begun = replace(
        model, nodes=nodes, pools=pools, arrivals={k: v for k, v in come.items() if v},
        horizon=horizon, warm_up=0.0, replications=replications, seed=seed, inside=(),
    )  # fmt: skip
    return _with(begun, here)


def _servers(node: Node, stated: Schedule | None, since: float, horizon: float) -> Any:
    if node.servers is None:
        return None
    return stated or _turned(node.servers, since, horizon)


def _turned(schedule: Any, since: float, horizon: float) -> Schedule:
    changes = steps(schedule, since, since + horizon)
    return Schedule(tuple((at - since, number) for at, number in changes))


def _come(inflow: Inflow, since: float, horizon: float, hour: float) -> Inflow | None:
    """An inflow from a moment on; None where nobody comes any more."""
    ends = None if inflow.ends is None else inflow.ends - since
    if ends is not None and ends <= 0:
        return None
    parts = [inflow.process] if not isinstance(inflow.process, Dated) else options(inflow.process)
    process: Any = inflow.process
    if all(isinstance(each, Poisson) for each in parts):
        process = _rated(process, since, horizon, QUARTER * hour)
        if process is None:
            return None
    elif isinstance(process, Dated):
        process = next(p for at, p in reversed(process.changes) if at <= since or at == 0)
    if isinstance(process, Times):
        process = Times(tuple(at - since for at in process.times if at >= since))
    begins = max(inflow.begins - since, 0.0) if inflow.begins else 0.0
    return replace(inflow, process=process, begins=begins, ends=ends)


def _rated(process: Any, since: float, horizon: float, wide: float) -> Poisson | None:
    """The rates from a moment on, in quarter hours: exact where the model's change with those."""
    many = int(np.ceil(horizon / wide))
    edges = since + wide * np.arange(many + 1)
    changes = process.changes if isinstance(process, Dated) else ((0.0, process),)
    rates = np.zeros(many)
    ends = [at for at, _ in changes[1:]] + [inf]
    for nth, ((at, each), end) in enumerate(zip(changes, ends, strict=True)):
        holds = (edges[:-1] < end) & ((edges[:-1] >= at) | (nth == 0))
        rates[holds] = (np.diff(_summed(each, edges)) / wide)[holds]
    rounded = np.round(np.maximum(rates, 0.0), 6)
    return Poisson(tuple(rounded.tolist()), many * wide) if rounded.any() else None


def _summed(process: Poisson, at: Any) -> Any:
    """How many are to be expected from the start to these times."""
    rates, every = np.array(process.rates), process.every or float(len(process.rates))
    edges = np.linspace(0.0, every, len(rates) + 1)
    total = np.concatenate([[0.0], np.cumsum(rates * every / len(rates))])
    if process.every is None:
        return np.interp(at, edges, total)
    rounds = np.floor(at / every)
    return rounds * total[-1] + np.interp(at - rounds * every, edges, total)


def _with(model: Model, here: Here) -> Model:
    """The model with people in it; those who are ready to go are told from the others."""
    hour = 3600 / UNITS[model.unit]
    ready = {each.node for each, since in here.people if not isnan(since)}
    nodes = dict(model.nodes)
    for name in ready:
        nodes[name] = _leaves(nodes[name], here.delays.get(name), model)
    inside = []
    for told, since in here.people:
        each = replace(
            told,
            elapsed=None if told.elapsed is None else told.elapsed * hour,
            waiting=None if told.waiting is None else told.waiting * hour,
        )
        if isnan(since):
            inside.append(_seen(each, model.nodes[each.node].service))
            continue
        leaves: Any = nodes[each.node].service
        spent = since * hour if IS in leaves.options else each.elapsed
        inside.append(replace(each, elapsed=spent, attributes={READY: IS}))
    attributes = dict(model.attributes)
    if ready:
        attributes[READY] = Attribute((NOT, IS, SENT), {NOT: 1.0})
    return replace(model, nodes=nodes, attributes=attributes, inside=tuple(inside))


def _leaves(node: Node, delay: Distribution | None, model: Model) -> Node:
    """A node whose people may be ready: they stay for what is left of a delay, or are sent home.

    Where most go on to a service that they wait for where they are, the wait is the model's.
    """
    ways: dict[str, Any] = {SENT: Fixed(0.0)}
    if _waits_on(node, model):
        ways[IS] = Fixed(0.0)
    elif delay is not None:
        ways[IS] = delay
    return replace(
        node,
        service=By(READY, ways, node.service),
        next=By(READY, {SENT: OUT}, node.next),
        becomes={**node.becomes, READY: {IS: {NOT: 1.0}}},
    )


def _waits_on(node: Node, model: Model) -> bool:
    blocked = total = 0.0
    for to, share in onward(node.next):
        total += share
        blocked += share * (model.nodes[to].waiting_room == 0)
    return total > 0 and blocked > total / 2


def onward(route: Any) -> Iterable[tuple[str, float]]:
    """The nodes after a route and their shares; of a choice by person, each option alike."""
    match route:
        case str():
            return [] if route == OUT else [(route, 1.0)]
        case Chances(shares):
            return [(to, w * s) for each, s in shares for to, w in onward(each)]
        case By() | Dated():
            ways = list(options(route))
            return [(to, w / len(ways)) for each in ways for to, w in onward(each)]
        case _:
            return []


def _seen(each: Present, stay: Any) -> Present:
    """Somebody who has been there for longer than the twin has seen: as one of its longest."""
    while isinstance(stay, By):
        stay = stay.options.get(each.kind if stay.attribute == CLASS else "", stay.other)
    if each.elapsed is None or not isinstance(stay, Quantiles):
        return each
    longest = float(np.interp(_LONGEST, stay.at, stay.values))
    return replace(each, elapsed=min(each.elapsed, longest))
