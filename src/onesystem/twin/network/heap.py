"""The list of events to come: a heap of four branches, by time and then by order.

An event is two numbers: its order, and its time. An order says the kind, the how-manieth event it
was planned as, and whose it is (`layout`). Places after the last event hold `layout.NEVER_COMES`,
so that all four branches can always be looked at.
"""

from onesystem.twin.network import layout as at
from onesystem.twin.network.memory import add, first_of_four, get, native, put, sooner

_WIDTH = 16  # bytes of an event


@native
def ordered(s: int, kind: int, who: int) -> int:
    """The next order of a kind: kinds before each other, then first planned first."""
    nth = add(s, at.SERIAL, 1) & (at.MOST_PLANNED - 1)
    return (kind << at.KIND) | (nth << at.WHOSE) | who


@native
def push(s: int, time: int, order: int) -> None:
    """Plan an event; it takes the place of one that has just been taken away, if there is one."""
    if get(s, at.HOLE):
        put(s, at.HOLE, 0)
        _sunk(s, time, order)
        return
    events = get(s, at.EVENT)
    n = add(s, at.EVENTS_N, 1) - 1
    while n > 0:
        above = (n - 1) >> 2
        row = events + above * _WIDTH
        if not sooner(order, time, row):
            break
        _set(events + n * _WIDTH, get(row, 0), get(row, 1))
        n = above
    _set(events + n * _WIDTH, order, time)


@native
def pop(s: int) -> None:
    """Take the first event away; the caller has read it. Its place is left open."""
    put(s, at.HOLE, 1)


@native
def filled(s: int) -> None:
    """Close the place that was left open, with the last event; call before the first is read."""
    if get(s, at.HOLE):
        put(s, at.HOLE, 0)
        last = get(s, at.EVENT) + add(s, at.EVENTS_N, -1) * _WIDTH
        order, time = get(last, 0), get(last, 1)
        put(last, 1, at.NEVER_COMES)
        _sunk(s, time, order)


@native
def _sunk(s: int, time: int, order: int) -> None:
    """Put an event into the open first place, and then down to where it belongs."""
    events, size, n = get(s, at.EVENT), get(s, at.EVENTS_N), 0
    while True:
        first = 4 * n + 1
        if first >= size:
            break
        row = first_of_four(events + first * _WIDTH)
        if sooner(order, time, row):
            break
        _set(events + n * _WIDTH, get(row, 0), get(row, 1))
        n = (row - events) >> 4
    _set(events + n * _WIDTH, order, time)


@native
def _set(row: int, order: int, time: int) -> None:
    put(row, 0, order)
    put(row, 1, time)
