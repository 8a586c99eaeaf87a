"""The kernel: the next event of a network of services, again and again, compiled.

The state is tables of numbers (`layout`), so that a run can stop anywhere, be given more room, and
go on; random numbers are counted, not streamed (`draws`). At one instant, ends of service come
before changes of shift, those before people who lose patience, and arrivals last; equals come in
the order in which they were planned.
"""

import numpy as np

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.arrivals import inflow_of, next_arrival
from onesystem.twin.network.coming import came
from onesystem.twin.network.heap import filled, ordered, pop, push
from onesystem.twin.network.memory import add, add_real, get, native, put
from onesystem.twin.network.moves import (
    again,
    begun,
    moved_on,
    placed,
    settled,
    stopped,
    visits,
)
from onesystem.twin.network.nodes import (
    instead,
    offered,
    pool_of,
    queued,
    staff,
    touch,
    touch_pool,
    unheld,
    unqueued,
    weakest,
)
from onesystem.twin.network.people import (
    changed,
    count_of,
    drawn,
    drawn_as,
    gone,
    key_of,
    link,
    made,
    node_of,
    person_of,
    rest,
    somebody,
    tallied,
    way,
    written,
)

_MANY = 10_000_000  # events at one instant: time stands still


@native
def _arrival(s: int, inflow: int, now: int) -> None:
    """One person of an inflow comes, or one more of a batch."""
    t = inflow_of(s, inflow)
    nth = get(t, at.I_NTH) - 1
    more = get(t, at.I_MORE)
    if more == 0:
        more = 1
        if get(t, at.I_BATCH) >= 0:
            of = draws.key(get(t, at.I_KEY), nth, 0, draws.SIZE)
            more = np.int64(drawn(s, get(t, at.I_BATCH), of, nth) + 0.5)
    if more > 0:
        more -= 1
        alone = get(t, at.I_BATCH) < 0
        who = came(s, inflow, now) if alone else made(s, t, nth, more, now)
        p, node = person_of(s, who), get(t, at.I_NODE)
        _on_path(s, p, node)
        other = instead(s, node)
        if other != node:
            put(p, at.AHEAD, -1)  # their stay was drawn for the service that they came for
        placed(s, who, other, now)
        settled(s, now)
    put(t, at.I_MORE, more)
    if more > 0:
        push(s, now, ordered(s, at.ARRIVAL, inflow))
    else:
        next_arrival(s, inflow)


@native
def _on_path(s: int, p: int, node: int) -> None:
    """Where a person begins on the pathway of their class: at the step at which they come in."""
    path = get(s, at.PATH) + get(p, at.ATTRIBUTES) * 16
    for step in range(get(path, 1)):
        if link(s, get(path, 0) + step) == node:
            put(p, at.STEP, step)
            return


@native
def _there(s: int, nth: int, now: int) -> None:
    """Somebody who is there at the start is put where they are; after the last, all go on."""
    row = get(s, at.THERE) + nth * get(s, at.THERE_WIDTH)
    node, spent = get(row, at.T_NODE), get(row, at.T_SPENT)
    luck = draws.key(get(s, at.SEED), get(row, at.T_NTH), 0, draws.START)
    who = somebody(s, get(row, at.T_CLASS), -spent)
    p, n = person_of(s, who), node_of(s, node)
    drawn_as(s, p, luck, get(row, at.T_NTH), get(row, at.T_CLASS), 0)
    for a in range(1, get(s, at.ATTRIBUTES_N)):
        level = get(row, at.T_LEVELS + a - 1)
        if level >= 0:
            put(p, at.ATTRIBUTES + a, level)
    _on_path(s, p, node)
    visits(s, p, node, -spent)
    if get(row, at.T_SERVED):
        left = rest(s, get(n, at.SERVICE), p, key_of(p, n, draws.SERVICE), spent)
        put(p, at.BEGAN, -spent)
        put(p, at.LEFT, left)
        put(p, at.WHOLE, spent + left)
        begun(s, who, node, now)
    else:
        queued(s, who, node, now, False)
        if get(n, at.PATIENCE) >= 0:
            order = ordered(s, at.RENEGE, who)
            put(p, at.ORDER, order)
            left = rest(s, get(n, at.PATIENCE), p, key_of(p, n, draws.PATIENCE), spent)
            push(s, now + left, order)
    if nth + 1 < get(s, at.THERE_N):
        push(s, now, ordered(s, at.PRESENT, nth + 1))
        return
    for each in range(get(s, at.NODES)):
        again(s, each)
    settled(s, now)


@native
def _schedule_of(s: int, schedule: int) -> int:
    return get(s, at.SCHEDULE) + schedule * (at.SCHEDULE_COLUMNS * 8)


@native
def _next_shift(s: int, schedule: int) -> None:
    """Plan the next change of a schedule."""
    c = _schedule_of(s, schedule)
    if get(c, at.C_AT) == get(c, at.C_COUNT):
        if get(c, at.C_EVERY) <= 0:
            return
        put(c, at.C_AT, 0)
        add(c, at.C_ROUND, 1)
    when = get(get(s, at.WHOLES), get(c, at.C_START) + 2 * get(c, at.C_AT))
    when += get(c, at.C_ROUND) * get(c, at.C_EVERY)
    push(s, when, ordered(s, at.SHIFT, schedule))


@native
def _shift(s: int, schedule: int, now: int) -> None:
    """A number of servers or of staff changes."""
    c = _schedule_of(s, schedule)
    number = get(get(s, at.WHOLES), get(c, at.C_START) + 2 * get(c, at.C_AT) + 1)
    add(c, at.C_AT, 1)
    node, pool = get(c, at.C_NODE), get(c, at.C_POOL)
    if node >= 0:
        touch(s, node, now)
        offered(s, node, now)
        n = node_of(s, node)
        put(n, at.CAPACITY, number)
        while get(n, at.INTERRUPTS) and get(n, at.BUSY) > number:
            who = weakest(s, n, -1)
            if who == at.NOBODY:
                break
            how = get(n, at.PREEMPT)
            stopped(s, who, node, now, at.RESUME if how == at.BUMPS else how)
            queued(s, who, node, now, True)
        again(s, node)
    else:
        touch_pool(s, pool, now)
        put(pool_of(s, pool), at.P_CAPACITY, number)
        put(s, at.DIRTY, get(s, at.DIRTY) | (1 << pool))
    settled(s, now)
    _next_shift(s, schedule)


@native
def _ended(s: int, who: int, now: int) -> None:
    """A service is finished."""
    p = person_of(s, who)
    node = get(p, at.AT)
    n = node_of(s, node)
    count = count_of(s, node, get(p, at.CAME_AS))
    add_real(count, at.FINISHED, 1.0)
    add_real(count, at.SUM_SERVICE, float(now - get(p, at.BEGAN)))
    put(p, at.READY, now)
    unheld(s, p, n)
    if get(n, at.USES_N):
        staff(s, n, now, -1)
    if get(n, at.CHANGES_N):
        changed(s, p, n)
    moved_on(s, who, node, now)
    settled(s, now)


@native
def _lost_patience(s: int, who: int, now: int) -> None:
    """Somebody who has waited long enough leaves the queue."""
    p = person_of(s, who)
    node = get(p, at.AT)
    n = node_of(s, node)
    unqueued(s, who, node, now)
    count = count_of(s, node, get(p, at.CAME_AS))
    add_real(count, at.RENEGED, 1.0)
    add_real(count, at.SUM_RENEGED, float(now - get(p, at.ASKED)))
    add_real(count, at.CLOCK_INSIDE, float(now))
    tallied(s, p, node, at.G_LEFT, 1.0)
    tallied(s, p, node, at.G_INSIDE, float(now))
    written(s, p, now, at.WENT)
    other = way(s, get(n, at.LEAVE), p, n, now)
    if other == at.NOBODY:
        gone(s, who, now)
    else:
        placed(s, who, instead(s, other), now)
    again(s, node)
    settled(s, now)


@native
def _locked(s: int) -> bool:
    """Whether some nodes are full of people who are blocked for each other."""
    nodes, count = get(s, at.NODES), 0
    for node in range(nodes):
        n = node_of(s, node)
        full = get(n, at.BUSY) > 0 and get(n, at.BLOCKED) == get(n, at.BUSY)
        held = full and get(n, at.OPENS) == 0
        put(n, at.STACKED, 1 if held else 0)
        count += 1 if held else 0
    shrunk = True
    while count > 0 and shrunk:
        shrunk = False
        for other in range(nodes):
            o = node_of(s, other)
            if get(o, at.STACKED):
                continue
            who = get(o, at.BLOCKERS)
            while who != at.NOBODY:
                p = person_of(s, who)
                n = node_of(s, get(p, at.AT))
                if get(n, at.STACKED):
                    put(n, at.STACKED, 0)
                    count -= 1
                    shrunk = True
                who = get(p, at.NEXT)
    for node in range(nodes):
        put(node_of(s, node), at.STACKED, 0)
    return count > 0


@native
def _stuck(s: int, who: int) -> bool:
    """Whether a person who has just been blocked closes a ring in which nobody can move."""
    p = person_of(s, who)
    if get(p, at.STATE) != at.STAYS_BLOCKED:
        return False
    n = node_of(s, get(p, at.AT))
    return get(n, at.BLOCKED) == get(n, at.BUSY) and _locked(s)


@native
def _lacks(s: int) -> int:
    """Which table could be too small for the next event; 0 is none."""
    room = 2 * get(s, at.INSIDE) + 64
    if get(s, at.EVENTS_N) + room > get(s, at.EVENTS_ROOM):
        return at.MORE_EVENTS
    if get(s, at.FREE) == at.NOBODY and get(s, at.USED) == get(s, at.PEOPLE_ROOM):
        return at.MORE_PEOPLE
    if get(s, at.KEEPS) and get(s, at.ROWS_N) + room > get(s, at.ROWS_ROOM):
        return at.MORE_ROWS
    return 0


@native
def _closed(s: int, until: int) -> None:
    """Add everything up to the end of the time that was asked for."""
    for node in range(get(s, at.NODES)):
        touch(s, node, until)
        offered(s, node, until)
    for pool in range(get(s, at.POOLS)):
        touch_pool(s, pool, until)
    put(s, at.NOW, until)


@native
def _begin(s: int) -> None:
    """Plan the first arrival of each inflow and the first change of each schedule."""
    for schedule in range(get(s, at.SCHEDULES)):
        _next_shift(s, schedule)
    for inflow in range(get(s, at.INFLOWS)):
        if get(inflow_of(s, inflow), at.I_STAGE) == 0:
            next_arrival(s, inflow)
    if get(s, at.THERE_N):
        push(s, 0, ordered(s, at.PRESENT, 0))


@native
def run(s: int, until: int, most: int) -> int:  # noqa: C901, PLR0912 - one loop
    """Run to a time, or for so many events, or until more room is needed; says why it came back."""
    put(s, at.UNTIL, until)
    if add(s, at.BEGUN, 1) == 1:
        _begin(s)
    done = 0
    while True:
        filled(s)
        event = get(s, at.EVENT)
        if get(s, at.EVENTS_N) == 0 or get(event, 1) > until:
            _closed(s, until)
            return at.FINISHED_ALL
        lacks = _lacks(s)
        if lacks:
            return lacks
        if done >= most:
            return at.STOPPED
        order, now = get(event, 0), get(event, 1)
        pop(s)
        kind, who = order >> at.KIND, order & (at.MOST_INSIDE - 1)
        if kind == at.ARRIVAL:
            _arrival(s, who, now)
        elif kind == at.SHIFT:
            _shift(s, who, now)
        elif kind == at.PRESENT:
            _there(s, who, now)
        else:
            if get(person_of(s, who), at.ORDER) != order:
                continue
            if kind == at.RENEGE:
                _lost_patience(s, who, now)
            else:
                _ended(s, who, now)
                if _stuck(s, who):
                    put(s, at.STUCK_AT, get(person_of(s, who), at.AT))
                    return at.LOCKED
        done += 1
        add(s, at.DONE_EVENTS, 1)
        if now > get(s, at.NOW):
            put(s, at.NOW, now)
            put(s, at.STILL, 0)
        elif add(s, at.STILL, 1) > _MANY:
            node = get(person_of(s, who), at.AT) if kind == at.END else at.NOBODY
            put(s, at.STUCK_AT, node)
            return at.STANDS_STILL
