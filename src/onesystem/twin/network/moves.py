"""How people move: into a queue, to a server, out of it, on to the next node, or back into line.

`s` is the address of the head of the run, `n` of a node and `p` of a person; `node` and `who` are
their numbers.
"""

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.heap import ordered, push
from onesystem.twin.network.memory import add, add_real, get, get_real, native, put
from onesystem.twin.network.nodes import (
    fits,
    free,
    has_room,
    instead,
    level_at,
    next_of,
    pool_of,
    queued,
    serves,
    staff,
    touch,
    unheld,
    unqueued,
    weakest,
)
from onesystem.twin.network.passing import leaves, left
from onesystem.twin.network.people import (
    as_came,
    count_of,
    gone,
    key_of,
    length,
    link,
    node_of,
    person_of,
    seen,
    tallied,
    tallied_whole,
    way,
    went,
    written,
)


@native
def begun(s: int, who: int, node: int, now: int) -> None:
    """Begin to serve a person."""
    n, p = node_of(s, node), person_of(s, who)
    add(n, at.TAKEN, 1)
    if get(p, at.LEFT) < 0:
        stay = length(s, get(n, at.SERVICE), p, key_of(p, n, draws.SERVICE), now)
        put(p, at.LEFT, stay)
        put(p, at.WHOLE, stay)
    if get(p, at.BEGAN) == at.UNSET:
        put(p, at.BEGAN, now)
        waited, kind = now - get(p, at.ASKED), get(p, at.CAME_AS)
        count = count_of(s, node, kind)
        add_real(count, at.STARTED, 1.0)
        if waited > 0:
            add_real(count, at.SUM_WAIT, float(waited))
            add_real(count, at.WAITED, 1.0)
        seen(s, node, kind, waited)
        tallied(s, p, node, at.G_STARTED, 1.0)
        tallied(s, p, node, at.G_WAIT, float(waited))
    due = now + get(p, at.LEFT)
    if leaves(s, p, n, due):
        left(s, p, node, due)
        gone(s, who, due)
        return
    touch(s, node, now)
    add(n, at.BUSY, 1)
    if get(n, at.USES_N):
        staff(s, n, now, 1)
    put(p, at.STATE, at.SERVED)
    order = ordered(s, at.END, who)
    put(p, at.DUE, due)
    put(p, at.ORDER, order)
    push(s, due, order)
    if get(n, at.HELD):
        other = get(n, at.INSIDE_HEAD)
        put(p, at.HELD_BEFORE, at.NOBODY)
        put(p, at.HELD_NEXT, other)
        if other != at.NOBODY:
            put(person_of(s, other), at.HELD_BEFORE, who)
        put(n, at.INSIDE_HEAD, who)


@native
def stopped(s: int, who: int, node: int, now: int, how: int) -> None:
    """Take a person from their server before the end; what is left depends on how."""
    touch(s, node, now)
    n, p = node_of(s, node), person_of(s, who)
    unheld(s, p, n)
    add(n, at.BUSY, -1)
    if get(n, at.USES_N):
        staff(s, n, now, -1)
    add_real(count_of(s, node, get(p, at.CAME_AS)), at.DISPLACED, 1.0)
    put(p, at.ORDER, 0)
    if how == at.RESTART:
        put(p, at.LEFT, get(p, at.WHOLE))
    elif how == at.RESAMPLE:
        add(p, at.ATTEMPT, 1)
        put(p, at.LEFT, -1)
    else:
        put(p, at.LEFT, get(p, at.DUE) - now)


@native
def arrived(s: int, p: int, node: int, now: int) -> None:
    """A person comes to a node."""
    went(s, p, node)
    visits(s, p, node, now)
    count = count_of(s, node, get(p, at.CAME_AS))
    add_real(count, at.ARRIVED, 1.0)
    add_real(count, at.CLOCK_INSIDE, -float(now))
    tallied_whole(s, p, node, 0.0, -float(now))


@native
def visits(s: int, p: int, node: int, now: int) -> None:
    """A person begins a new visit of a node."""
    put(p, at.AT, node)
    put(p, at.ASKED, now)
    put(p, at.BEGAN, at.UNSET)
    put(p, at.READY, at.UNSET)
    put(p, at.LEFT, get(p, at.AHEAD))
    put(p, at.WHOLE, get(p, at.AHEAD))
    put(p, at.AHEAD, -1)
    put(p, at.ATTEMPT, 0)
    put(p, at.ORDER, 0)
    kind = get(p, at.ATTRIBUTES)
    put(p, at.CAME_AS, kind)
    as_came(s, p)
    put(p, at.LEVEL, level_at(s, node, p))
    put(p, at.VISIT, add(p, at.ATTRIBUTES + get(s, at.ATTRIBUTES_N) + node, 1))


@native
def turned_away(s: int, who: int, now: int, what: int, outcome: int) -> None:
    """A person who is not taken leaves the network."""
    p = person_of(s, who)
    count = count_of(s, get(p, at.AT), get(p, at.CAME_AS))
    add_real(count, what, 1.0)
    add_real(count, at.CLOCK_INSIDE, float(now))
    tallied(s, p, get(p, at.AT), at.G_LOST if what == at.LOST else at.G_LEFT, 1.0)
    tallied(s, p, get(p, at.AT), at.G_INSIDE, float(now))
    written(s, p, now, outcome)
    gone(s, who, now)


@native
def placed(s: int, who: int, node: int, now: int) -> None:
    """A person who has come to a node is served, displaces somebody, waits, or is turned away."""
    n, p = node_of(s, node), person_of(s, who)
    arrived(s, p, node, now)
    if serves(s, n):
        begun(s, who, node, now)
        return
    if get(n, at.PREEMPT) and get(n, at.BUSY) >= get(n, at.CAPACITY):
        other = weakest(s, n, get(p, at.LEVEL))
        if other != at.NOBODY:
            displaced(s, other, node, now)
            if free(s, n):
                begun(s, who, node, now)
                return
    if get(n, at.BALKS):
        nth = get(n, at.BALK) + min(get(n, at.WAITING), get(n, at.BALKS) - 1)
        if draws.uniform(key_of(p, n, draws.BALK), 1) < get_real(get(s, at.VALUES), nth):
            turned_away(s, who, now, at.BALKED, at.TURNED_AWAY)
            return
    if not has_room(n):
        turned_away(s, who, now, at.LOST, at.REFUSED)
        return
    queued(s, who, node, now, False)
    if get(n, at.PATIENCE) >= 0:
        order = ordered(s, at.RENEGE, who)
        put(p, at.ORDER, order)
        stay = length(s, get(n, at.PATIENCE), p, key_of(p, n, draws.PATIENCE), now)
        push(s, now + stay, order)


@native
def displaced(s: int, who: int, node: int, now: int) -> None:
    """Somebody must make room for a person of a better level: they wait, or are moved."""
    n, p = node_of(s, node), person_of(s, who)
    how = get(n, at.PREEMPT)
    stopped(s, who, node, now, how)
    front = True
    if how == at.BUMPS:
        written(s, p, now, at.MOVED)
        add_real(count_of(s, node, get(p, at.CAME_AS)), at.CLOCK_INSIDE, float(now))
        tallied(s, p, node, at.G_INSIDE, float(now))
        node, front = get(n, at.BUMP), False
        n = node_of(s, node)
        arrived(s, p, node, now)
        if serves(s, n):
            begun(s, who, node, now)
            return
    if has_room(n):
        queued(s, who, node, now, front)
    else:
        turned_away(s, who, now, at.LOST, at.REFUSED)


@native
def given_up(s: int, p: int, node: int, now: int) -> None:
    """A person leaves the server that they hold, served; the caller has the node looked at."""
    touch(s, node, now)
    n, count = node_of(s, node), count_of(s, node, get(p, at.CAME_AS))
    add(n, at.BUSY, -1)
    add_real(count, at.SUM_STAYED, float(now - get(p, at.ASKED)))
    add_real(count, at.CLOCK_INSIDE, float(now))
    tallied(s, p, node, at.G_INSIDE, float(now))
    if get(p, at.STATE) == at.STAYS_BLOCKED:
        add(n, at.BLOCKED, -1)
        add_real(count, at.SUM_BLOCKED, float(now - get(p, at.READY)))
    written(s, p, now, at.DONE)


@native
def blocked(s: int, who: int, node: int, other: int, now: int) -> None:
    """A person who is finished stays where they are until another node has room."""
    touch(s, node, now)
    p, o = person_of(s, who), node_of(s, other)
    put(p, at.STATE, at.STAYS_BLOCKED)
    put(p, at.DEST, other)
    put(p, at.ORDER, 0)
    put(p, at.NEXT, at.NOBODY)
    add(node_of(s, node), at.BLOCKED, 1)
    if get(o, at.BLOCKERS) == at.NOBODY:
        put(o, at.BLOCKERS, who)
    else:
        put(person_of(s, get(o, at.BLOCKERS_END)), at.NEXT, who)
    put(o, at.BLOCKERS_END, who)


@native
def again(s: int, node: int) -> None:
    """Have a node looked at: something there has become free."""
    n = node_of(s, node)
    if get(n, at.STACKED) == 0:
        put(n, at.STACKED, 1)
        put(get(s, at.STACK), add(s, at.STACK_N, 1) - 1, node)


@native
def settled(s: int, now: int) -> None:
    """Let everybody in who can go on now: from queues, from blocked places upstream, by pools."""
    while True:
        while get(s, at.STACK_N) > 0:
            node = get(get(s, at.STACK), add(s, at.STACK_N, -1))
            put(node_of(s, node), at.STACKED, 0)
            taken(s, node, now)
        if get(s, at.DIRTY) == 0:
            return
        for pool in range(get(s, at.POOLS)):
            if get(s, at.DIRTY) >> pool & 1:
                put(s, at.DIRTY, get(s, at.DIRTY) & ~(1 << pool))
                shared(s, pool, now)


@native
def taken(s: int, node: int, now: int) -> None:
    """Serve the queue of a node, then let in who is blocked for it, as far as there is room."""
    n = node_of(s, node)
    for k in range(get(n, at.USES_N)):
        pool = link(s, get(n, at.USES) + 2 * k)
        put(s, at.DIRTY, get(s, at.DIRTY) | (1 << pool))
    alone = get(n, at.USES_N) == 0
    while True:
        if alone and get(n, at.WAITING) > 0 and get(n, at.BUSY) < get(n, at.CAPACITY):
            who = next_of(s, node)
            unqueued(s, who, node, now)
            begun(s, who, node, now)
            continue
        who = get(n, at.BLOCKERS)
        if who == at.NOBODY:
            return
        p = person_of(s, who)
        if not fits(s, p, node):
            return
        put(n, at.BLOCKERS, get(p, at.NEXT))
        if get(p, at.NEXT) == at.NOBODY:
            put(n, at.BLOCKERS_END, at.NOBODY)
        left = get(p, at.AT)
        given_up(s, p, left, now)
        placed(s, who, node, now)
        again(s, left)


@native
def shared(s: int, pool: int, now: int) -> None:
    """Give the staff of a pool to whoever is first among all nodes that share it."""
    row = pool_of(s, pool)
    while True:
        best, where = at.NOBODY, at.NOBODY
        for k in range(get(row, at.P_NODES_N)):
            node = link(s, get(row, at.P_NODES) + k)
            n = node_of(s, node)
            if get(n, at.WAITING) == 0 or not free(s, n):
                continue
            who = next_of(s, node)
            if best == at.NOBODY or _sooner(person_of(s, who), person_of(s, best)):
                best, where = who, node
        if best == at.NOBODY:
            return
        unqueued(s, best, where, now)
        begun(s, best, where, now)
        again(s, where)


@native
def _sooner(p: int, other: int) -> bool:
    if get(p, at.LEVEL) != get(other, at.LEVEL):
        return get(p, at.LEVEL) < get(other, at.LEVEL)
    if get(p, at.ASKED) != get(other, at.ASKED):
        return get(p, at.ASKED) < get(other, at.ASKED)
    return get(p, at.NUMBER) < get(other, at.NUMBER)


@native
def moved_on(s: int, who: int, node: int, now: int) -> None:
    """A person who is served goes where the route of the node says, or is blocked there."""
    n, p = node_of(s, node), person_of(s, who)
    other = way(s, get(n, at.ROUTE), p, n, now)
    if other == at.NOBODY:
        given_up(s, p, node, now)
        gone(s, who, now)
        again(s, node)
        return
    other = instead(s, other)
    if other != node and not fits(s, p, other) and get(node_of(s, other), at.LOSES) == 0:
        blocked(s, who, node, other, now)
        return
    given_up(s, p, node, now)
    placed(s, who, other, now)
    again(s, node)
