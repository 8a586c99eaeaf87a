"""Which services are open: nobody can feel who is in them. Pure.

An open service has as many places as it takes, uses no shared staff and changes nobody; nobody's
way depends on how many are in it, and the way from it depends on the person and the date alone.
"""

from collections.abc import Iterator

from onesystem.twin.network.model import (
    By,
    Chances,
    Clock,
    Dated,
    Model,
    Node,
    Route,
    Shortest,
    When,
    options,
)


def open_nodes(model: Model) -> set[str]:
    """The names of the open services of a model."""
    every = [node.next for node in model.nodes.values()]
    every += [node.leave_to for node in model.nodes.values()]
    watched = {name for route in every for part in _parts(route) for name in _looks_at(part)}
    return {name for name, node in model.nodes.items() if _open(node)} - watched


def _open(node: Node) -> bool:
    bound = node.uses or node.becomes or node.preempt or node.shift == "interrupt"
    ways = all(isinstance(each, str | Chances | By | Dated | Clock) for each in _parts(node.next))
    return node.servers is None and not bound and ways


def _parts(route: Route) -> Iterator[Route]:
    """A route and every route that it may come to."""
    yield route
    match route:
        case Chances(shares):
            inner = [each for each, _ in shares]
        case When() | Clock():
            inner = [route.then, route.otherwise]
        case By() | Dated():
            inner = list(options(route))
        case _:
            inner = []
    for each in inner:
        yield from _parts(each)


def _looks_at(route: Route) -> tuple[str, ...]:
    """The nodes whose number of people decides the way."""
    match route:
        case Shortest(nodes):
            return nodes
        case When():
            return (route.node,)
        case _:
            return ()
