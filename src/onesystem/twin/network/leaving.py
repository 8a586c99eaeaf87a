"""Whether there is a way out of a network, and where each route may lead. Pure."""

from collections.abc import Iterator, Mapping

from onesystem.twin.network.model import (
    OUT,
    By,
    Chances,
    Clock,
    Closed,
    Dated,
    Model,
    Node,
    Pathway,
    Route,
    Shortest,
    Times,
    When,
    options,
)
from onesystem.vocabulary import BadConfig


def ways_out(model: Model) -> None:
    """Where people keep coming, there must be a way out, or the network fills for ever."""
    after = {name: set(_targets(node, model)) for name, node in model.nodes.items()}
    leaves = {name for name, others in after.items() if OUT in others}
    grew = True
    while grew:
        more = {name for name, others in after.items() if others & leaves} | leaves
        grew, leaves = more != leaves, more
    for name, inflow in model.arrivals.items():
        endless = not isinstance(inflow.process, Closed | Times)
        if endless and inflow.node not in leaves:
            raise BadConfig(
                f"arrivals.{name}: who comes in at {inflow.node} can never leave the network",
                f"Let a node that they reach ({', '.join(sorted(_reached(inflow.node, after)))}) "
                'go on to "out".',
            )


def _reached(start: str, after: Mapping[str, set[str]]) -> set[str]:
    reached, fresh = {start}, [start]
    while fresh:
        for other in after[fresh.pop()] - reached - {OUT}:
            reached.add(other)
            fresh.append(other)
    return reached


def _targets(node: Node, model: Model) -> Iterator[str]:
    yield from targets(node.next, model)
    if node.patience is not None:
        yield from targets(node.leave_to, model)
    yield from node.overflow
    if node.bump_to:
        yield node.bump_to
    if node.balk and max(node.balk) > 0:
        yield OUT


def targets(route: Route, model: Model) -> Iterator[str]:  # noqa: C901 - a case for each kind
    """Every node (or out) that a route may lead to."""
    match route:
        case str():
            yield route
        case Chances(shares):
            for other, share in shares:
                if share > 0:
                    yield from targets(other, model)
        case Shortest(nodes):
            yield from nodes
        case When():
            yield from targets(route.then, model)
            yield from targets(route.otherwise, model)
        case Clock():
            yield from targets(route.then, model)
            yield from targets(route.otherwise, model)
        case Pathway():
            yield OUT
            for path in model.pathways.values():
                yield from path
        case By() | Dated():
            for option in options(route):
                yield from targets(option, model)
