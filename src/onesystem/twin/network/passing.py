"""People of whom no event need be planned: they leave the network from an open service.

An open service has as many places as it takes, and nobody's way depends on how many are in it. So
who goes from there straight out changes nothing for anybody, and can be counted as soon as their
arrival is known, where they are gone before the end of the time that is run to. Who goes on to
another service comes by events like everybody else, on the same numbers. Where contacts are kept,
all come by events, because contacts are written in the order in which they end.
"""

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.coming import coming
from onesystem.twin.network.memory import add, add_real, get, native
from onesystem.twin.network.people import (
    count_of,
    key_of,
    length,
    node_of,
    seen,
    tallied,
    tallied_whole,
    way,
)


@native
def passed(s: int, inflow: int, t: int, now: int) -> bool:
    """Whether the next person of an inflow only passes through; if so, they are counted."""
    node = get(t, at.I_NODE)
    n = node_of(s, node)
    if get(n, at.THROUGH) == 0:
        return False
    p = coming(s, inflow)
    kind, spent = get(p, at.ATTRIBUTES), get(p, at.AHEAD)
    if spent < 0:
        spent = length(s, get(n, at.SERVICE), p, key_of(p, n, draws.SERVICE), now)
    if now + spent > get(s, at.UNTIL):
        return False
    if way(s, get(n, at.ROUTE), p, n, now + spent) != at.NOBODY:
        return False
    outside = get(s, at.NODES)
    count, whole = count_of(s, node, kind), count_of(s, outside, kind)
    add_real(count, at.ARRIVED, 1.0)
    add_real(count, at.STARTED, 1.0)
    seen(s, node, kind, 0)
    add(n, at.TAKEN, 1)
    tallied_whole(s, p, node, 1.0, float(spent))
    _served(s, node, count, spent, spent)
    add_real(count, at.SUM_STAYED, float(spent))
    add_real(count, at.CLOCK_INSIDE, float(spent))
    add_real(whole, at.ARRIVED, 1.0)
    add_real(whole, at.FINISHED, 1.0)
    add_real(whole, at.SUM_WAIT, float(spent))
    add_real(whole, at.CLOCK_INSIDE, float(spent))
    seen(s, outside, kind, spent)
    ways = get(s, at.WAYS)
    add(ways, outside * (outside + 1) + node, 1)
    add(ways, node * (outside + 1) + outside, 1)
    add(s, at.DONE_EVENTS, 2)
    return True


@native
def leaves(s: int, p: int, n: int, due: int) -> bool:
    """Whether somebody who has just begun at a node leaves the network there, before the end."""
    if get(n, at.THROUGH) == 0 or due > get(s, at.UNTIL):
        return False
    return way(s, get(n, at.ROUTE), p, n, due) == at.NOBODY


@native
def left(s: int, p: int, node: int, due: int) -> None:
    """Count the end of a service at an open node, ahead of its time."""
    count = count_of(s, node, get(p, at.CAME_AS))
    _served(s, node, count, due - get(p, at.BEGAN), get(p, at.LEFT))
    add_real(count, at.SUM_STAYED, float(due - get(p, at.ASKED)))
    add_real(count, at.CLOCK_INSIDE, float(due))
    tallied(s, p, node, at.G_INSIDE, float(due))
    add(s, at.DONE_EVENTS, 1)


@native
def _served(s: int, node: int, count: int, spent: int, here: int) -> None:
    add_real(count, at.FINISHED, 1.0)
    add_real(count, at.SUM_SERVICE, float(spent))
    add_real(get(s, at.AREA) + node * (at.AREAS * 8), at.A_BUSY, float(here))
