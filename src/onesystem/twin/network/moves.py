"""How people move: into a queue, to a server, out of it, on to the next node, or back into line.

`s` is the address of the head of the run, `n` of a node and `p` of a person; `node` and `who` are
their numbers.
"""

from numba import njit

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.heap import ordered, push
from onesystem.twin.network.memory import add, add_real, get, get_real, put, put_real
from onesystem.twin.network.people import (
    count_of,
    gone,
    key_of,
    length,
    link,
    node_of,
    person_of,
    seen,
    way,
    written,
)


@njit(forceinline=True)
def touch(s: int, node: int, now: int) -> None:
    """Add up what a node has been since it was last touched; call before it changes."""
    n = node_of(s, node)
    passed = now - get(n, at.LAST)
    if passed > 0:
        area, busy, spent = get(s, at.AREA) + node * (at.AREAS * 8), get(n, at.BUSY), float(passed)
        add_real(area, at.A_WAITING, spent * get(n, at.WAITING))
        add_real(area, at.A_BUSY, spent * busy)
        add_real(area, at.A_FULL, spent * (busy >= get(n, at.CAPACITY)))
        if get(n, at.BLOCKED):
            add_real(area, at.A_BLOCKED, spent * get(n, at.BLOCKED))
        put(n, at.LAST, now)


@njit
def offered(s: int, node: int, now: int) -> None:
    """Add up how many servers there were; call before their number changes."""
    n = node_of(s, node)
    area = get(s, at.AREA) + node * (at.AREAS * 8)
    spent = float(now - get(n, at.SINCE))
    add_real(area, at.A_CAPACITY, spent * get(n, at.CAPACITY))
    put(n, at.SINCE, now)


@njit
def pool_of(s: int, pool: int) -> int:
    """The address of a pool of staff."""
    return get(s, at.POOL) + pool * (at.POOL_COLUMNS * 8)


@njit
def touch_pool(s: int, pool: int, now: int) -> None:
    """The same for a pool of staff."""
    row = pool_of(s, pool)
    spent = float(now - get(row, at.P_LAST))
    area = get(s, at.POOL_AREA) + pool * 16
    add_real(area, 0, spent * get(row, at.P_USED))
    add_real(area, 1, spent * get(row, at.P_CAPACITY))
    put(row, at.P_LAST, now)


@njit(forceinline=True)
def staffed(s: int, n: int) -> bool:
    """Whether the staff is there that a node needs for one person more."""
    for k in range(get(n, at.USES_N)):
        start = get(n, at.USES) + 2 * k
        row = pool_of(s, link(s, start))
        if get(row, at.P_CAPACITY) - get(row, at.P_USED) < link(s, start + 1):
            return False
    return True


@njit(forceinline=True)
def free(s: int, n: int) -> bool:
    """Whether a node could begin with one more person: a server, and the staff that it needs."""
    return get(n, at.BUSY) < get(n, at.CAPACITY) and staffed(s, n)


@njit
def staff(s: int, n: int, now: int, sign: int) -> None:
    """Take (1) or give back (-1) the staff of a node for one person."""
    for k in range(get(n, at.USES_N)):
        start = get(n, at.USES) + 2 * k
        pool = link(s, start)
        touch_pool(s, pool, now)
        add(pool_of(s, pool), at.P_USED, sign * link(s, start + 1))
        if sign < 0:
            put(s, at.DIRTY, get(s, at.DIRTY) | (1 << pool))


@njit
def queue_of(s: int, node: int, level: int) -> int:
    """The address of the ends of a queue: the first and the last who wait at a level."""
    return get(s, at.QUEUE) + (node * get(s, at.LEVELS) + level) * 16


@njit
def queued(s: int, who: int, node: int, now: int, front: bool) -> None:
    """Put a person into the queue of a node, at its end or at its front."""
    touch(s, node, now)
    p = person_of(s, who)
    q = queue_of(s, node, get(p, at.LEVEL))
    mine, theirs, end = (at.BEFORE, at.NEXT, 0) if front else (at.NEXT, at.BEFORE, 1)
    other = get(q, end)
    put(p, at.STATE, at.WAITS)
    put(p, mine, at.NOBODY)
    put(p, theirs, other)
    if other != at.NOBODY:
        put(person_of(s, other), mine, who)
    else:
        put(q, 1 - end, who)
    put(q, end, who)
    waiting = add(node_of(s, node), at.WAITING, 1)
    area = get(s, at.AREA) + node * (at.AREAS * 8)
    put_real(area, at.A_LONGEST, max(get_real(area, at.A_LONGEST), float(waiting)))


@njit(forceinline=True)
def unqueued(s: int, who: int, node: int, now: int) -> None:
    """Take a person out of the queue."""
    touch(s, node, now)
    p = person_of(s, who)
    q = queue_of(s, node, get(p, at.LEVEL))
    before, after = get(p, at.BEFORE), get(p, at.NEXT)
    if before != at.NOBODY:
        put(person_of(s, before), at.NEXT, after)
    else:
        put(q, 0, after)
    if after != at.NOBODY:
        put(person_of(s, after), at.BEFORE, before)
    else:
        put(q, 1, before)
    add(node_of(s, node), at.WAITING, -1)
    put(p, at.ORDER, 0)


@njit
def next_of(s: int, node: int) -> int:
    """Who is next in the queue of a node: of the best level, by its discipline."""
    n = node_of(s, node)
    how = get(n, at.DISCIPLINE)
    for level in range(get(s, at.LEVELS)):
        q = queue_of(s, node, level)
        if get(q, 0) == at.NOBODY:
            continue
        if how == at.FIRST:
            return get(q, 0)
        return get(q, 1) if how == at.LAST_IN else _any_of(s, n, get(q, 0))
    return at.NOBODY


@njit
def _any_of(s: int, n: int, head: int) -> int:
    count, who = 0, head
    while who != at.NOBODY:
        count += 1
        who = get(person_of(s, who), at.NEXT)
    of = draws.key(get(s, at.SEED), get(n, at.KEY), get(n, at.TAKEN), draws.PICK)
    who = head
    for _ in range(int(draws.uniform(of, 1) * count)):
        who = get(person_of(s, who), at.NEXT)
    return who


@njit(forceinline=True)
def begun(s: int, who: int, node: int, now: int) -> None:
    """Begin to serve a person."""
    touch(s, node, now)
    n, p = node_of(s, node), person_of(s, who)
    add(n, at.BUSY, 1)
    add(n, at.TAKEN, 1)
    if get(n, at.USES_N):
        staff(s, n, now, 1)
    if get(p, at.LEFT) < 0:
        stay = length(s, get(n, at.SERVICE), p, key_of(p, n, draws.SERVICE))
        put(p, at.LEFT, stay)
        put(p, at.WHOLE, stay)
    if get(p, at.BEGAN) < 0:
        put(p, at.BEGAN, now)
        waited, kind = now - get(p, at.ASKED), get(p, at.CAME_AS)
        count = count_of(s, node, kind)
        add_real(count, at.STARTED, 1.0)
        if waited > 0:
            add_real(count, at.SUM_WAIT, float(waited))
            add_real(count, at.WAITED, 1.0)
        seen(s, node, kind, waited)
    put(p, at.STATE, at.SERVED)
    order, due = ordered(s, at.END), now + get(p, at.LEFT)
    put(p, at.DUE, due)
    put(p, at.ORDER, order)
    push(s, due, order, who)
    if get(n, at.HELD):
        other = get(n, at.INSIDE_HEAD)
        put(p, at.HELD_BEFORE, at.NOBODY)
        put(p, at.HELD_NEXT, other)
        if other != at.NOBODY:
            put(person_of(s, other), at.HELD_BEFORE, who)
        put(n, at.INSIDE_HEAD, who)


@njit
def unheld(s: int, p: int, n: int) -> None:
    """Take a person off the list of those who are being served, where a node keeps one."""
    if get(n, at.HELD) == 0:
        return
    before, after = get(p, at.HELD_BEFORE), get(p, at.HELD_NEXT)
    if before != at.NOBODY:
        put(person_of(s, before), at.HELD_NEXT, after)
    else:
        put(n, at.INSIDE_HEAD, after)
    if after != at.NOBODY:
        put(person_of(s, after), at.HELD_BEFORE, before)


@njit
def weakest(s: int, n: int, above: int) -> int:
    """Who would be interrupted: of the last level above the given one, who began last."""
    found, worst, latest = at.NOBODY, above, -1
    who = get(n, at.INSIDE_HEAD)
    while who != at.NOBODY:
        p = person_of(s, who)
        level, began = get(p, at.LEVEL), get(p, at.BEGAN)
        if level > worst or (level == worst and level > above and began > latest):
            found, worst, latest = who, level, began
        who = get(p, at.HELD_NEXT)
    return found


@njit
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


@njit
def level_at(s: int, node: int, p: int) -> int:
    """The level of priority that a person has at a node; 0 is served first."""
    return get(get(s, at.PRIORITY), node * get(s, at.CLASSES) + get(p, at.ATTRIBUTES))


@njit
def has_room(n: int) -> bool:
    """Whether one more can wait at a node."""
    return get(n, at.ROOM) < 0 or get(n, at.WAITING) < get(n, at.ROOM)


@njit(forceinline=True)
def serves(s: int, n: int) -> bool:
    """Whether somebody who comes to a node now is served at once."""
    return get(n, at.WAITING) == 0 and free(s, n)


@njit
def fits(s: int, p: int, node: int) -> bool:
    """Whether a node would take a person now: to a server, into its room, or over somebody."""
    n = node_of(s, node)
    if has_room(n) or serves(s, n):
        return True
    if get(n, at.PREEMPT) and get(n, at.BUSY) >= get(n, at.CAPACITY):
        return weakest(s, n, level_at(s, node, p)) != at.NOBODY
    return False


@njit(forceinline=True)
def instead(s: int, node: int) -> int:
    """Where somebody goes who would wait at a node: the first of its others that is free."""
    n = node_of(s, node)
    if get(n, at.OVERS) == 0 or serves(s, n):
        return node
    for k in range(get(n, at.OVERS)):
        other = link(s, get(n, at.OVER) + k)
        if serves(s, node_of(s, other)):
            return other
    return node


@njit(forceinline=True)
def arrived(s: int, p: int, node: int, now: int) -> None:
    """A person comes to a node: a new visit."""
    put(p, at.AT, node)
    put(p, at.ASKED, now)
    put(p, at.BEGAN, -1)
    put(p, at.READY, -1)
    put(p, at.LEFT, -1)
    put(p, at.ATTEMPT, 0)
    put(p, at.ORDER, 0)
    kind = get(p, at.ATTRIBUTES)
    put(p, at.CAME_AS, kind)
    put(p, at.LEVEL, level_at(s, node, p))
    put(p, at.VISIT, add(p, at.ATTRIBUTES + get(s, at.ATTRIBUTES_N) + node, 1))
    add_real(count_of(s, node, kind), at.ARRIVED, 1.0)


@njit
def turned_away(s: int, who: int, now: int, what: int, outcome: int) -> None:
    """A person who is not taken leaves the network."""
    p = person_of(s, who)
    add_real(count_of(s, get(p, at.AT), get(p, at.CAME_AS)), what, 1.0)
    written(s, p, now, outcome)
    gone(s, who, now)


@njit
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
        order = ordered(s, at.RENEGE)
        put(p, at.ORDER, order)
        stay = length(s, get(n, at.PATIENCE), p, key_of(p, n, draws.PATIENCE))
        push(s, now + stay, order, who)


@njit
def displaced(s: int, who: int, node: int, now: int) -> None:
    """Somebody must make room for a person of a better level: they wait, or are moved."""
    n, p = node_of(s, node), person_of(s, who)
    how = get(n, at.PREEMPT)
    stopped(s, who, node, now, how)
    front = True
    if how == at.BUMPS:
        written(s, p, now, at.MOVED)
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


@njit(forceinline=True)
def given_up(s: int, p: int, node: int, now: int) -> None:
    """A person leaves the server that they hold, served; the caller has the node looked at."""
    touch(s, node, now)
    n = node_of(s, node)
    add(n, at.BUSY, -1)
    if get(p, at.STATE) == at.STAYS_BLOCKED:
        add(n, at.BLOCKED, -1)
        spent = float(now - get(p, at.READY))
        add_real(count_of(s, node, get(p, at.CAME_AS)), at.SUM_BLOCKED, spent)
    written(s, p, now, at.DONE)


@njit
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


@njit(forceinline=True)
def again(s: int, node: int) -> None:
    """Have a node looked at: something there has become free."""
    n = node_of(s, node)
    if get(n, at.STACKED) == 0:
        put(n, at.STACKED, 1)
        put(get(s, at.STACK), add(s, at.STACK_N, 1) - 1, node)


@njit(forceinline=True)
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


@njit(forceinline=True)
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


@njit
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


@njit
def _sooner(p: int, other: int) -> bool:
    if get(p, at.LEVEL) != get(other, at.LEVEL):
        return get(p, at.LEVEL) < get(other, at.LEVEL)
    if get(p, at.ASKED) != get(other, at.ASKED):
        return get(p, at.ASKED) < get(other, at.ASKED)
    return get(p, at.NUMBER) < get(other, at.NUMBER)


@njit(forceinline=True)
def moved_on(s: int, who: int, node: int, now: int) -> None:
    """A person who is served goes where the route of the node says, or is blocked there."""
    n, p = node_of(s, node), person_of(s, who)
    other = way(s, get(n, at.ROUTE), p, n)
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
