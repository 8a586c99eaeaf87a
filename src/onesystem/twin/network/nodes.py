"""A service in a run: its servers, its staff and its queue, and whether it would take somebody.

`s` is the address of the head of the run, `n` of a node and `p` of a person; `node` and `who` are
their numbers.
"""

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.memory import add, add_real, get, get_real, native, put, put_real
from onesystem.twin.network.people import count_of, link, node_of, person_of, tallied


@native
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


@native
def offered(s: int, node: int, now: int) -> None:
    """Add up how many servers there were; call before their number changes."""
    n = node_of(s, node)
    area = get(s, at.AREA) + node * (at.AREAS * 8)
    spent = float(now - get(n, at.SINCE))
    add_real(area, at.A_CAPACITY, spent * get(n, at.CAPACITY))
    put(n, at.SINCE, now)


@native
def pool_of(s: int, pool: int) -> int:
    """The address of a pool of staff."""
    return get(s, at.POOL) + pool * (at.POOL_COLUMNS * 8)


@native
def touch_pool(s: int, pool: int, now: int) -> None:
    """The same for a pool of staff."""
    row = pool_of(s, pool)
    spent = float(now - get(row, at.P_LAST))
    area = get(s, at.POOL_AREA) + pool * 16
    add_real(area, 0, spent * get(row, at.P_USED))
    add_real(area, 1, spent * get(row, at.P_CAPACITY))
    put(row, at.P_LAST, now)


@native
def staffed(s: int, n: int) -> bool:
    """Whether the staff is there that a node needs for one person more."""
    for k in range(get(n, at.USES_N)):
        start = get(n, at.USES) + 2 * k
        row = pool_of(s, link(s, start))
        if get(row, at.P_CAPACITY) - get(row, at.P_USED) < link(s, start + 1):
            return False
    return True


@native
def free(s: int, n: int) -> bool:
    """Whether a node could begin with one more person: a server, and the staff that it needs."""
    return get(n, at.BUSY) < get(n, at.CAPACITY) and staffed(s, n)


@native
def staff(s: int, n: int, now: int, sign: int) -> None:
    """Take (1) or give back (-1) the staff of a node for one person."""
    for k in range(get(n, at.USES_N)):
        start = get(n, at.USES) + 2 * k
        pool = link(s, start)
        touch_pool(s, pool, now)
        add(pool_of(s, pool), at.P_USED, sign * link(s, start + 1))
        if sign < 0:
            put(s, at.DIRTY, get(s, at.DIRTY) | (1 << pool))


@native
def queue_of(s: int, node: int, level: int) -> int:
    """The address of the ends of a queue: the first and the last who wait at a level."""
    return get(s, at.QUEUE) + (node * get(s, at.LEVELS) + level) * 16


@native
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
    add_real(count_of(s, node, get(p, at.CAME_AS)), at.CLOCK_WAITING, -float(now))
    tallied(s, p, node, at.G_WAITING, -float(now))
    area = get(s, at.AREA) + node * (at.AREAS * 8)
    put_real(area, at.A_LONGEST, max(get_real(area, at.A_LONGEST), float(waiting)))


@native
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
    add_real(count_of(s, node, get(p, at.CAME_AS)), at.CLOCK_WAITING, float(now))
    tallied(s, p, node, at.G_WAITING, float(now))
    put(p, at.ORDER, 0)


@native
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


@native
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


@native
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


@native
def weakest(s: int, n: int, above: int) -> int:
    """Who would be interrupted: of the last level above the given one, who began last."""
    found, worst, latest = at.NOBODY, above, at.UNSET
    who = get(n, at.INSIDE_HEAD)
    while who != at.NOBODY:
        p = person_of(s, who)
        level, began = get(p, at.LEVEL), get(p, at.BEGAN)
        if level > worst or (level == worst and level > above and began > latest):
            found, worst, latest = who, level, began
        who = get(p, at.HELD_NEXT)
    return found


@native
def level_at(s: int, node: int, p: int) -> int:
    """The level of priority that a person has at a node; 0 is served first."""
    return get(get(s, at.PRIORITY), node * get(s, at.CLASSES) + get(p, at.ATTRIBUTES))


@native
def has_room(n: int) -> bool:
    """Whether one more can wait at a node."""
    return get(n, at.ROOM) < 0 or get(n, at.WAITING) < get(n, at.ROOM)


@native
def serves(s: int, n: int) -> bool:
    """Whether somebody who comes to a node now is served at once."""
    return get(n, at.WAITING) == 0 and free(s, n)


@native
def fits(s: int, p: int, node: int) -> bool:
    """Whether a node would take a person now: to a server, into its room, or over somebody."""
    n = node_of(s, node)
    if has_room(n) or serves(s, n):
        return True
    if get(n, at.PREEMPT) and get(n, at.BUSY) >= get(n, at.CAPACITY):
        return weakest(s, n, level_at(s, node, p)) != at.NOBODY
    return False


@native
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
