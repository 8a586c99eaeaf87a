"""When people come: the next arrival of an inflow, planned when the one before is there."""

import math

import numpy as np

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.coming import foreseen
from onesystem.twin.network.heap import ordered, push
from onesystem.twin.network.logs import log
from onesystem.twin.network.memory import get, get_real, native, put, put_real
from onesystem.twin.network.passing import passed
from onesystem.twin.network.people import drawn

_AHEAD = 10_000  # people of an inflow who may be passed through before others have their turn


@native
def inflow_of(s: int, inflow: int) -> int:
    """The address of an inflow, as it is from a date on."""
    return get(s, at.INFLOW) + inflow * (at.INFLOW_COLUMNS * 8)


@native
def next_arrival(s: int, inflow: int) -> None:
    """Plan the next arrival of an inflow, where there is one, after those who pass through."""
    for ahead in range(_AHEAD + 1):
        inflow = _found_next(s, inflow)
        if inflow == at.NOBODY:
            return
        t = inflow_of(s, inflow)
        when, alone = get(t, at.I_WHEN), get(t, at.I_BATCH) < 0
        if alone:
            foreseen(s, inflow, t, get(t, at.I_NTH) - 1)
        if ahead == _AHEAD or not (alone and passed(s, inflow, t, when)):
            push(s, when, ordered(s, at.ARRIVAL, inflow))
            return


@native
def _found_next(s: int, inflow: int) -> int:
    """Find out when the next of an inflow comes; the stage of the inflow then, or NOBODY."""
    t, f = inflow_of(s, inflow), _reals_of(s, inflow)
    kind, nth = get(t, at.I_KIND), get(t, at.I_NTH)
    time = 0.0
    if kind in (at.CLOSED, at.GIVEN):
        if nth >= get(t, at.I_COUNT):
            return at.NOBODY
        if kind == at.GIVEN:
            time = get_real(get(s, at.VALUES), get(t, at.I_START) + nth)
    else:
        need = _need(s, inflow, nth)
        while True:
            time = _arrives(s, t, f, nth, need)
            if time != at.CHANGES_NOW:
                break
            need, inflow = get_real(f, at.F_NEED), inflow + 1
            f = _reals_of(s, inflow)
            put_real(f, at.F_CLOCK, max(get_real(f - at.INFLOW_REALS * 8, at.F_CLOCK),
                                        get_real(f, at.F_BEGINS)))  # fmt: skip
            t = inflow_of(s, inflow)
        if time < 0.0:
            return at.NOBODY
        put_real(f, at.F_CLOCK, time)
    if 0.0 <= get_real(f, at.F_ENDS) <= time:
        return at.NOBODY
    put(t, at.I_NTH, nth + 1)
    put(t, at.I_WHEN, np.int64(time * at.TICKS + 0.5))
    return inflow


@native
def _need(s: int, inflow: int, nth: int) -> float:
    """What the rates must sum up to until the next comes: of so many at once, side by side."""
    t, row = inflow_of(s, inflow), get(s, at.NEEDS) + inflow * (at.NEEDS_AHEAD * 8)
    first = nth - nth % at.NEEDS_AHEAD
    if get(t, at.I_NEEDS) != first + 1:
        put(t, at.I_NEEDS, first + 1)
        whose = get(t, at.I_KEY)
        for n in range(at.NEEDS_AHEAD):
            put_real(row, n, -log(draws.uniform(draws.key(whose, first + n, 0, draws.GAP), 1)))
    return get_real(row, nth - first)


@native
def _reals_of(s: int, inflow: int) -> int:
    return get(s, at.INFLOW_F) + inflow * (at.INFLOW_REALS * 8)


@native
def _arrives(s: int, t: int, f: int, nth: int, need: float) -> float:
    """When the next person of an inflow comes, or that its process ends or changes before."""
    if get(t, at.I_KIND) == at.RATES:
        return _rated(s, t, f, need)
    clock = get_real(f, at.F_CLOCK)
    if clock >= get_real(f, at.F_UNTIL):
        put_real(f, at.F_NEED, need)
        return at.CHANGES_NOW
    of = draws.key(get(t, at.I_KEY), nth, get(t, at.I_STAGE), draws.GAP)
    return clock + drawn(s, get(t, at.I_GAPS), of, nth)


@native
def _rated(s: int, t: int, f: int, need: float) -> float:
    """When a rate that changes by steps has summed up to what is needed."""
    until = get_real(f, at.F_UNTIL)
    count, every, clock = get(t, at.I_COUNT), get_real(f, at.F_EVERY), get_real(f, at.F_CLOCK)
    rates = get(s, at.VALUES) + get(t, at.I_START) * 8
    part, around, idle = get(t, at.I_AT), get(t, at.I_ROUND), 0
    while True:
        ends = min(around * every + (part + 1) * every / count, until)
        rate = get_real(rates, part)
        left = rate * (ends - clock)
        if need <= left:
            put(t, at.I_AT, part)
            put(t, at.I_ROUND, around)
            return clock + need / rate
        idle += 1
        if left > 0.0:
            need -= left
        if left > 0.0 or ends <= clock:
            idle = 0
        clock = max(clock, ends)
        if ends == until or (idle > count and until < math.inf):
            put_real(f, at.F_NEED, need)
            return at.CHANGES_NOW
        part += 1
        if part == count:
            part = 0
            around += 1
            if get(t, at.I_ONCE) and until == math.inf:
                return at.IS_OVER
        if idle > count:
            return at.IS_OVER
