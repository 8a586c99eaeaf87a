"""Who comes next by an inflow: drawn as soon as it is known when, so that no arrival waits for it.

Numbers that depend on nobody else are drawn for several people at a time, side by side. Who comes
in a batch is drawn as they come (`people.made`).
"""

import numpy as np

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.distributions import LOGNORMAL
from onesystem.twin.network.memory import get, get_real, native, put, put_real
from onesystem.twin.network.people import (
    drawn_as,
    entered,
    in_ticks,
    key_of,
    kind_of,
    length,
    node_of,
    person_of,
    stay_of,
)


@native
def coming(s: int, inflow: int) -> int:
    """The address of who comes next by an inflow."""
    return get(s, at.COMING) + inflow * get(s, at.PEOPLE_WIDTH)


@native
def foreseen(s: int, inflow: int, t: int, nth: int) -> None:
    """Draw who comes next, and their stay where they come to (-1 where it depends on when)."""
    p, n, k = coming(s, inflow), node_of(s, get(t, at.I_NODE)), nth % at.NEEDS_AHEAD
    lucks = get(s, at.LUCKS) + inflow * (at.LUCKS_WIDTH * 8)
    if get(t, at.I_LUCKS) != nth - k + 1:
        put(t, at.I_LUCKS, nth - k + 1)
        _side_by_side(s, t, n, lucks, nth - k)
    kind = kind_of(s, t, get_real(lucks, at.L_CLASS + k))
    drawn_as(s, p, get(lucks, at.L_LUCK + k), nth, kind, get(t, at.I_ATTRIBUTES))
    put(p, at.VISIT, 1)
    stay = np.int64(-1)
    which = stay_of(s, get(n, at.SERVICE), p, at.UNSET)
    if _alike(s, n):
        stay = in_ticks(get_real(lucks, at.L_STAY + k))
    elif which != at.NOBODY:
        stay = length(s, which, p, key_of(p, n, draws.SERVICE), at.UNSET)
    put(p, at.AHEAD, stay)


@native
def _side_by_side(s: int, t: int, n: int, lucks: int, first: int) -> None:
    """Draw for so many people of an inflow what depends on nobody else."""
    whose, where = get(t, at.I_KEY), get(n, at.KEY)
    for k in range(at.NEEDS_AHEAD):
        luck = draws.key(whose, first + k, 0, draws.START)
        put(lucks, at.L_LUCK + k, luck)
        put_real(lucks, at.L_CLASS + k, draws.uniform(luck, 1))
        put(lucks, at.L_STAY + k, draws.key(luck, where, 1, draws.SERVICE))
    if _alike(s, n):
        row = get(s, at.STAY_F) + get(n, at.SERVICE) * 24
        draws.lognormals(row, lucks + at.L_STAY * 8, at.NEEDS_AHEAD)


@native
def _alike(s: int, n: int) -> bool:
    """Whether all stays at a node are of one log-normal."""
    return get(get(s, at.STAY) + get(n, at.SERVICE) * 24, 0) == LOGNORMAL


@native
def came(s: int, inflow: int, now: int) -> int:
    """The next person of an inflow, by their number, as they were drawn."""
    c = coming(s, inflow)
    who = entered(s, get(c, at.ATTRIBUTES), now)
    p = person_of(s, who)
    put(p, at.LUCK, get(c, at.LUCK))
    put(p, at.NTH, get(c, at.NTH))
    put(p, at.AHEAD, get(c, at.AHEAD))
    for a in range(get(s, at.ATTRIBUTES_N)):
        put(p, at.ATTRIBUTES + a, get(c, at.ATTRIBUTES + a))
    return who
