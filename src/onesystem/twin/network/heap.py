"""The list of events to come: a heap of four branches, by time and then by order."""

from onesystem.twin.network import layout as at
from onesystem.twin.network.memory import add, get, native, put

_WIDTH = 24  # bytes of an event: time, order, who


@native
def ordered(s: int, kind: int) -> int:
    """The next order of a kind: kinds before each other, then first planned first."""
    return (kind << 58) | add(s, at.SERIAL, 1)


@native
def push(s: int, time: int, order: int, who: int) -> None:
    """Plan an event; it takes the place of one that has just been taken away, if there is one."""
    if get(s, at.HOLE):
        put(s, at.HOLE, 0)
        _sunk(s, time, order, who)
        return
    events = get(s, at.EVENT)
    n = add(s, at.EVENTS_N, 1) - 1
    while n > 0:
        above = (n - 1) >> 2
        row = events + above * _WIDTH
        when = get(row, 0)
        if when < time or (when == time and get(row, 1) < order):
            break
        _set(events + n * _WIDTH, when, get(row, 1), get(row, 2))
        n = above
    _set(events + n * _WIDTH, time, order, who)


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
        _sunk(s, get(last, 0), get(last, 1), get(last, 2))


@native
def _sunk(s: int, time: int, order: int, who: int) -> None:
    """Put an event into the open first place, and then down to where it belongs."""
    events, size, n = get(s, at.EVENT), get(s, at.EVENTS_N), 0
    while True:
        first = 4 * n + 1
        if first >= size:
            break
        least, when = first, get(events + first * _WIDTH, 0)
        for child in range(first + 1, min(first + 4, size)):
            other = get(events + child * _WIDTH, 0)
            if other == when:  # seldom: so the choice below is made without a guess
                if get(events + child * _WIDTH, 1) < get(events + least * _WIDTH, 1):
                    least = child
                continue
            least = child if other < when else least
            when = min(other, when)
        row = events + least * _WIDTH
        if time < when or (time == when and order < get(row, 1)):
            break
        _set(events + n * _WIDTH, when, get(row, 1), get(row, 2))
        n = least
    _set(events + n * _WIDTH, time, order, who)


@native
def _set(row: int, time: int, order: int, who: int) -> None:
    put(row, 0, time)
    put(row, 1, order)
    put(row, 2, who)
