"""Whether a model holds together, before anything is run: names, sums, schedules, ways out. Pure.

Raises BadConfig with the place, the rule and the cure. `loads.unstable` says what a sound model may
still suffer from.
"""

import itertools
from collections.abc import Collection, Mapping
from typing import Any

from onesystem.twin.network.leaving import ways_out
from onesystem.twin.network.model import (
    CLASS,
    OUT,
    WORDS,
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
    Present,
    Process,
    Route,
    Schedule,
    Shares,
    Shortest,
    Staffing,
    Stay,
    Times,
    When,
    most,
    options,
)
from onesystem.twin.network.wholeness import MOST_TIME, whole
from onesystem.vocabulary import BadConfig, nearest

_NEARLY = 1e-9


def checked(model: Model) -> Model:
    """The model itself, when it holds together."""
    whole(model)
    for name, attribute in model.attributes.items():
        _of_people(f"attributes.{name}", name, attribute.shares, model)
    for name, pool in model.pools.items():
        _staffing(f"pools.{name}", pool)
    for name, path in model.pathways.items():
        _known(f"pathways.{name}", name, model.classes, "class")
        for step in path:
            _known(f"pathways.{name}", step, model.nodes, "node")
    for name, node in model.nodes.items():
        _node(f"nodes.{name}", name, node, model)
    for name, inflow in model.arrivals.items():
        _inflow(f"arrivals.{name}", inflow, model)
    for n, present in enumerate(model.inside):
        _present(f"inside[{n}]", present, model)
    ways_out(model)
    return model


def _of_people(at: str, name: str, said: Shares, model: Model) -> None:
    """Shares of an attribute; those by another one must come after that."""
    for shares in options(said):
        _shares(at, shares, model.levels(name))
    if isinstance(said, By):
        _by(f"{at}.shares", said, model)
        known = [CLASS, *model.attributes]
        if known.index(said.attribute) >= known.index(name):
            raise BadConfig(
                f"{at}.shares are by {said.attribute!r}, which is not known when they are drawn",
                f"Put the attribute {said.attribute!r} before {name!r}.",
            )


def _node(at: str, name: str, node: Node, model: Model) -> None:
    for key, words in WORDS.items():
        said = getattr(node, key)
        if said not in words:
            raise BadConfig(f"{at}.{key} is {said!r}", nearest(said, [w for w in words if w]))
    if node.servers is not None:
        _staffing(f"{at}.servers", node.servers)
    if node.waiting_room is not None and node.waiting_room < 0:
        raise BadConfig(f"{at}.waiting_room is {node.waiting_room}", "Give 0 or more.")
    _stay(f"{at}.service", node.service, model)
    if node.patience is not None:
        _stay(f"{at}.patience", node.patience, model)
    _route(f"{at}.next", node.next, model)
    _route(f"{at}.leave_to", node.leave_to, model)
    _waiting(at, node, model)
    _giving_way(at, name, node, model)
    _becomes(at, node, model)


def _waiting(at: str, node: Node, model: Model) -> None:
    for chance in node.balk:
        if not 0 <= chance <= 1:
            raise BadConfig(f"{at}.balk has the chance {chance:g}", "A chance is from 0 to 1.")
    for other in node.overflow:
        _known(f"{at}.overflow", other, model.nodes, "node")
        if model.nodes[other] is node:
            raise BadConfig(f"{at}.overflow is the node itself", "Name other nodes.")
    for pool, need in node.uses.items():
        _known(f"{at}.uses", pool, model.pools, "pool")
        if not 0 < need <= most(model.pools[pool]):
            raise BadConfig(
                f"{at}.uses.{pool} is {need}, and the pool never has more than "
                f"{most(model.pools[pool])}",
                "Nobody could ever be served; ask for fewer, or make the pool larger.",
            )


def _giving_way(at: str, name: str, node: Node, model: Model) -> None:
    for each in node.priority:
        _known(f"{at}.priority", each, model.classes, "class")
    if (node.preempt == "bump") != bool(node.bump_to):
        raise BadConfig(
            f"{at} says {'bump_to without preempt' if node.bump_to else 'bump without bump_to'}",
            'Give "preempt": "bump" and the node in "bump_to" together.',
        )
    if node.bump_to:
        _known(f"{at}.bump_to", node.bump_to, model.nodes, "node")
        if node.bump_to == name:
            raise BadConfig(f"{at}.bump_to is the node itself", "Name another node.")


def _becomes(at: str, node: Node, model: Model) -> None:
    for attribute, table in node.becomes.items():
        there = f"{at}.becomes.{attribute}"
        _known(there, attribute, (CLASS, *model.attributes), "attribute")
        for level, shares in table.items():
            _known(there, level, model.levels(attribute), "level")
            _shares(f"{there}.{level}", shares, model.levels(attribute))


def _inflow(at: str, inflow: Inflow, model: Model) -> None:
    _known(f"{at}.node", inflow.node, model.nodes, "node")
    _shares(f"{at}.class", inflow.classes, model.classes, "class")
    if inflow.batch is not None and inflow.batch.mean <= 0:
        raise BadConfig(f"{at}.batch is 0, so nobody comes", "Give 1 or more.")
    for name, shares in inflow.attributes.items():
        _known(f"{at}.attributes", name, model.attributes, "attribute")
        _of_people(f"{at}.attributes.{name}", name, shares, model)
    if isinstance(inflow.process, Dated):
        _dated(f"{at}.from", inflow.process)
    for process in options(inflow.process):
        if isinstance(inflow.process, Dated) and not isinstance(process, Poisson | Gaps):
            raise BadConfig(
                f"{at}.from has a process that cannot change", "Use rate, rates or gaps."
            )
        _process(at, process)
    if inflow.begins < 0 or (inflow.ends is not None and inflow.ends <= inflow.begins):
        raise BadConfig(f"{at} ends before it begins", "Mend begins and ends.")


def _process(at: str, process: Process) -> None:
    match process:
        case Poisson(rates, _):
            if min(rates) < 0:
                raise BadConfig(f"{at} has the rate {min(rates):g}", "A rate is 0 or more.")
        case Times(times):
            if list(times) != sorted(times) or times[0] < 0:
                raise BadConfig(f"{at}.times do not rise", "Sort them, from 0 on.")
        case Closed(people):
            if people < 0:
                raise BadConfig(f"{at}.people is {people}", "Give 0 or more.")
        case gaps:
            if gaps.gaps.mean <= 0:
                raise BadConfig(f"{at}.gaps are all 0", "Give gaps above 0.")


def _dated(at: str, dated: Dated[Any]) -> None:
    times = [time for time, _ in dated.changes]
    if not times or times[0] != 0:
        raise BadConfig(f"{at} says nothing from time 0 on", "Begin with [0, ...].")
    if any(a >= b for a, b in itertools.pairwise(times)):
        raise BadConfig(f"{at}: its times do not rise", "Sort them; one change a time.")
    if times[-1] >= MOST_TIME:
        raise BadConfig(f"{at} changes at {times[-1]:g}, which is too late", "Use a larger unit.")


def _present(at: str, present: Present, model: Model) -> None:
    _known(f"{at}.node", present.node, model.nodes, "node")
    _known(f"{at}.class", present.kind, model.classes, "class")
    for name, level in present.attributes.items():
        _known(at, name, model.attributes, "attribute")
        _known(f"{at}.{name}", level, model.levels(name), "level")
    if (present.elapsed is None) == (present.waiting is None):
        raise BadConfig(
            f"{at} does not say whether they are served or waiting", "Give elapsed or waiting."
        )
    spent = present.waiting if present.elapsed is None else present.elapsed
    if spent is None or not 0 <= spent < MOST_TIME:
        raise BadConfig(f"{at} has been there for {spent}", "Give a time of 0 or more.")
    if present.count < 1:
        raise BadConfig(f"{at}.count is {present.count}", "Give 1 or more.")


def _staffing(at: str, staffing: Staffing) -> None:
    if isinstance(staffing, Dated):
        _dated(f"{at}.from", staffing)
    for schedule in options(staffing):
        _schedule(at, schedule)
    if most(staffing) == 0:
        raise BadConfig(f"{at} is 0 at all times, so nobody is ever served", "Give 1 or more.")


def _schedule(at: str, schedule: Schedule) -> None:
    times = [time for time, _ in schedule.changes]
    if times[0] != 0:
        raise BadConfig(
            f"{at} has a gap: it says nothing from 0 to {times[0]:g}",
            "Begin with [0, number].",
        )
    if any(a >= b for a, b in itertools.pairwise(times)):
        raise BadConfig(f"{at}: its times do not rise", "Sort them; one number a time.")
    if schedule.every is not None and times[-1] >= schedule.every:
        raise BadConfig(
            f"{at} changes at {times[-1]:g}, after its cycle of {schedule.every:g}",
            "Make the cycle longer, or leave the change out.",
        )
    if min(number for _, number in schedule.changes) < 0:
        raise BadConfig(f"{at} has fewer than 0", "Give 0 or more.")


def _stay(at: str, stay: Stay, model: Model) -> None:
    if isinstance(stay, By):
        _by(at, stay, model)
        for level, option in stay.options.items():
            _stay(f"{at}.{level}", option, model)
        if stay.other is not None:
            _stay(f"{at}.other", stay.other, model)
    elif isinstance(stay, Dated):
        _dated(f"{at}.from", stay)
        for option in options(stay):
            _stay(at, option, model)


def _by(at: str, by: By[Any], model: Model) -> None:
    _known(at, by.attribute, (CLASS, *model.attributes), "attribute")
    levels = model.levels(by.attribute)
    for level in by.options:
        _known(at, level, levels, "level")
    missing = [level for level in levels if level not in by.options]
    if missing and by.other is None:
        raise BadConfig(
            f"{at} says nothing for {', '.join(missing)}", 'Add it, or "other" for all the rest.'
        )


def _route(at: str, route: Route, model: Model) -> None:  # noqa: C901, PLR0912 - a case a kind
    match route:
        case str():
            _known(at, route, (OUT, *model.nodes), "node")
        case Chances(shares):
            total = sum(share for _, share in shares)
            _not_below(at, [share for _, share in shares])
            if abs(total - 1) > _NEARLY:
                lacks = f'add "out": {1 - total:g}' if total < 1 else "make them smaller"
                raise BadConfig(
                    f"{at}: the shares sum to {total:g}, not 1", f"Mend them; or {lacks}."
                )
            for other, _ in shares:
                _route(at, other, model)
        case Shortest(nodes):
            for node in nodes:
                _known(at, node, model.nodes, "node")
        case When():
            _known(f"{at}.when", route.node, model.nodes, "node")
            _route(f"{at}.then", route.then, model)
            _route(f"{at}.otherwise", route.otherwise, model)
        case Clock(chances, _, then, otherwise):
            if min(chances) < 0 or max(chances) > 1:
                raise BadConfig(f"{at}.clock has a chance below 0 or above 1", "Mend it.")
            _route(f"{at}.then", then, model)
            _route(f"{at}.otherwise", otherwise, model)
        case Pathway():
            if not model.pathways:
                raise BadConfig(f"{at} is a pathway, and there is none", "Add pathways by class.")
        case By():
            _by(at, route, model)
            for option in options(route):
                _route(at, option, model)
        case Dated():
            _dated(f"{at}.from", route)
            for option in options(route):
                _route(at, option, model)


def _shares(
    at: str, shares: Mapping[str, float], names: Collection[str], what: str = "level"
) -> None:
    for name in shares:
        _known(at, name, names, what)
    _not_below(at, shares.values())
    total = sum(shares.values())
    if abs(total - 1) > _NEARLY:
        raise BadConfig(
            f"{at}: the shares sum to {total:g}, not 1",
            f"Make them sum to 1: {abs(1 - total):g} is {'missing' if total < 1 else 'too much'}.",
        )


def _not_below(at: str, shares: Collection[float]) -> None:
    if shares and min(shares) < 0:
        raise BadConfig(f"{at} has the share {min(shares):g}", "A share is from 0 to 1.")


def _known(at: str, name: str, names: Collection[str], what: str) -> None:
    if name not in names:
        raise BadConfig(f"{at}: there is no {what} {name!r}", nearest(name, names))
