"""Ways on, changed: a share of some destinations goes to another. Pure.

Every destination is changed where it stands in the tree, so that what is drawn on the way there is
what was drawn before: who is not sent elsewhere goes where they went.
"""

from collections.abc import Callable
from typing import Any

from onesystem.twin.network.model import (
    OUT,
    By,
    Chances,
    Clock,
    Dated,
    Model,
    Pathway,
    Route,
    Shortest,
    When,
)

SORTED = ": where to"  # the end of the name of a node that sorts people as they come
OUTSIDE, WAY = "outside", " → "  # as figures of ways are named: "ED → Ward"


def sent(route: Route, share: float, to: str, instead_of: str = "") -> Route:
    """The route with a share of all destinations, or of one of them, sent somewhere else."""

    def elsewhere(one: Route) -> Route:
        named = one if isinstance(one, str) else ""
        if named == to or (instead_of and named != instead_of) or share == 0:
            return one
        return to if share == 1 else Chances(((to, share), (one, 1 - share)))

    made: Route = _each(route, elsewhere)
    return made


def without(route: Route, closed: str, instead: str) -> Route:
    """The route with one destination closed; among several, the others remain."""

    def other(one: Route) -> Route:
        if isinstance(one, Shortest) and closed in one.nodes:
            left = tuple(name for name in one.nodes if name != closed)
            return Shortest(left) if len(left) > 1 else (left[0] if left else instead)
        return instead if one == closed else one

    made: Route = _each(route, other)
    return made


def goes_to(route: Any, node: str) -> bool:
    """Whether a route can lead there."""
    found = False

    def look(one: Route) -> Route:
        nonlocal found
        found |= one == node or (isinstance(one, Shortest) and node in one.nodes)
        return one

    _each(route, look)
    return found


def destinations(route: Any, model: Model) -> tuple[str, ...]:
    """Everywhere that a route can lead, in the order of the model."""
    return tuple(name for name in (*model.nodes, OUT) if goes_to(route, name))


def _each(route: Any, change: Callable[[Route], Route]) -> Any:
    match route:
        case Chances(shares):
            return Chances(tuple((_each(other, change), p) for other, p in shares))
        case When(node, over, then, otherwise, inside):
            return When(node, over, _each(then, change), _each(otherwise, change), inside)
        case Clock(chances, every, then, otherwise):
            return Clock(chances, every, _each(then, change), _each(otherwise, change))
        case By(attribute, options, other):
            new = {level: _each(each, change) for level, each in options.items()}
            return By(attribute, new, None if other is None else _each(other, change))
        case Dated(changes):
            return Dated(tuple((when, _each(each, change)) for when, each in changes))
        case str() | Shortest() | Pathway():
            return change(route)
    raise TypeError(route)
