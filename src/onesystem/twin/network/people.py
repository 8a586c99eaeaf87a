"""A person in a run: made, drawn for, told where to go, written down, and gone."""

import numpy as np

from onesystem.twin.network import draws
from onesystem.twin.network import layout as at
from onesystem.twin.network.distributions import BY, DATED
from onesystem.twin.network.memory import (
    add,
    add_real,
    clear,
    doublings,
    get,
    get_real,
    native,
    put,
)
from onesystem.twin.network.rests import remaining


@native
def person_of(s: int, who: int) -> int:
    """The address of a person."""
    return get(s, at.PERSON) + who * get(s, at.PEOPLE_WIDTH)


@native
def node_of(s: int, node: int) -> int:
    """The address of a node."""
    return get(s, at.NODE) + node * (at.NODE_COLUMNS * 8)


@native
def count_of(s: int, node: int, kind: int) -> int:
    """The address of what is counted of a class at a node; the node after the last is the whole."""
    return get(s, at.COUNT) + (node * get(s, at.CLASSES) + kind) * (at.COUNTS * 8)


@native
def seen(s: int, node: int, kind: int, spent: int) -> None:
    """Put a length of time into the histogram of a class at a node."""
    row = (node * get(s, at.CLASSES) + kind) * at.BUCKETS
    add(get(s, at.SEEN), row + bucket(spent), 1)


@native
def group_of(s: int, node: int, a: int, level: int) -> int:
    """The address of what is counted of a level of an attribute at a node."""
    first = get(get(s, at.ATTRIBUTE) + a * (at.ATTRIBUTE_COLUMNS * 8), at.B_FIRST)
    row = node * get(s, at.GROUPS) + first + level
    return get(s, at.GROUP) + row * (at.GROUP_COLUMNS * 8)


@native
def tallied(s: int, p: int, node: int, column: int, x: float) -> None:
    """Add to a figure of each level of an attribute that a person had when they came to a node."""
    attributes = get(s, at.ATTRIBUTES_N)
    for a in range(1, attributes):
        level = get(p, at.ATTRIBUTES + attributes + get(s, at.NODES) + a)
        add_real(group_of(s, node, a, level), column, x)


@native
def tallied_whole(s: int, p: int, node: int, started: float, inside: float) -> None:
    """The same for somebody who comes: as one who starts at once (1) or not (0), and their time."""
    for a in range(1, get(s, at.ATTRIBUTES_N)):
        row = group_of(s, node, a, get(p, at.ATTRIBUTES + a))
        add_real(row, at.G_CAME, 1.0)
        add_real(row, at.G_STARTED, started)
        add_real(row, at.G_INSIDE, inside)


@native
def as_came(s: int, p: int) -> None:
    """Remember the attributes that a person has as they come to a node."""
    attributes = get(s, at.ATTRIBUTES_N)
    for a in range(1, attributes):
        level = get(p, at.ATTRIBUTES + a)
        put(p, at.ATTRIBUTES + attributes + get(s, at.NODES) + a, level)


@native
def link(s: int, n: int) -> int:
    """A number of the list of links."""
    return get(get(s, at.LINKS), n)


@native
def drawn(s: int, which: int, of: int, nth: int) -> float:
    """A value of a distribution that does not depend on anybody."""
    row = get(s, at.STAY) + which * 24
    return draws.drawn(
        get(row, 0), get(s, at.STAY_F) + which * 24, get(s, at.VALUES) + get(row, 1) * 8,
        get(row, 2), of, nth,
    )  # fmt: skip


@native
def stay_of(s: int, which: int, p: int, now: int) -> int:
    """Which distribution a stay comes to for a person at a time.

    Without the time (UNSET) it is NOBODY where it depends on it.
    """
    row = get(s, at.STAY) + which * 24
    while get(row, 0) >= BY:
        if get(row, 0) == DATED:
            if now == at.UNSET:
                return at.NOBODY
            which = dated(s, get(row, 1), get(row, 2), now)
        else:
            which = link(s, get(row, 1) + get(p, at.ATTRIBUTES + get(row, 2)))
        row = get(s, at.STAY) + which * 24
    return which


@native
def dated(s: int, start: int, count: int, now: int) -> int:
    """What holds at a time, of pairs of a time and what holds from then on."""
    n = count - 1
    while n > 0 and link(s, start + 2 * n) > now:
        n -= 1
    return link(s, start + 2 * n + 1)


@native
def length(s: int, which: int, p: int, of: int, now: int) -> int:
    """A stay drawn for a person, in ticks."""
    x = drawn(s, stay_of(s, which, p, now), of, get(p, at.NTH))
    return in_ticks(x)


@native
def in_ticks(x: float) -> int:
    """A length of time in ticks."""
    return np.int64(min(x, 4e9) * at.TICKS + 0.5)


@native
def rest(s: int, which: int, p: int, of: int, spent: int) -> int:
    """What is left at the start of a stay that has lasted so long, in ticks."""
    which = stay_of(s, which, p, 0)
    row = get(s, at.STAY) + which * 24
    x = remaining(
        get(row, 0), get(s, at.STAY_F) + which * 24, get(s, at.VALUES) + get(row, 1) * 8,
        get(row, 2), of, get(p, at.NTH), spent / at.TICKS,
    )  # fmt: skip
    return in_ticks(x)


@native
def key_of(p: int, n: int, purpose: int) -> int:
    """The key of what is drawn for a person at this visit of a node."""
    nth = get(p, at.VISIT) + (get(p, at.ATTEMPT) << 32)
    return draws.key(get(p, at.LUCK), get(n, at.KEY), nth, purpose)


@native
def made(s: int, t: int, nth: int, copy: int, now: int) -> int:
    """A new person of a batch, by their number; `copy` is theirs in it."""
    luck = draws.key(get(t, at.I_KEY), nth, copy, draws.START)
    kind = kind_of(s, t, draws.uniform(luck, 1))
    who = entered(s, kind, now)
    drawn_as(s, person_of(s, who), luck, nth, kind, get(t, at.I_ATTRIBUTES))
    return who


@native
def entered(s: int, kind: int, now: int) -> int:
    """Somebody new of a class, counted as they come into the network."""
    count = count_of(s, get(s, at.NODES), kind)
    add_real(count, at.ARRIVED, 1.0)
    add_real(count, at.CLOCK_INSIDE, -float(now))
    return somebody(s, kind, now)


@native
def kind_of(s: int, t: int, u: float) -> int:
    """The class of somebody who comes by an inflow, by a number between 0 and 1."""
    classes = get(s, at.CLASSES)
    if classes == 1:
        return 0
    shares = get(s, at.VALUES) + get(t, at.I_CLASS) * 8
    return draws.first_above(shares, classes, u)


@native
def somebody(s: int, kind: int, now: int) -> int:
    """A new person of a class, of whom nothing more is drawn yet."""
    who = get(s, at.FREE)
    if who == at.NOBODY:
        who = add(s, at.USED, 1) - 1
    else:
        put(s, at.FREE, get(person_of(s, who), at.NEXT))
    add(s, at.INSIDE, 1)
    p = person_of(s, who)
    clear(p + at.ATTRIBUTES * 8, (get(s, at.PEOPLE_WIDTH) >> 3) - at.ATTRIBUTES)
    put(p, at.NUMBER, add(s, at.PEOPLE, 1) - 1)
    put(p, at.ENTERED, now)
    put(p, at.AT, at.NOBODY)
    put(p, at.STEP, at.NOBODY)
    put(p, at.CAME_AS, kind)
    put(p, at.ENTERED_AS, kind)
    put(p, at.AHEAD, -1)
    return who


@native
def drawn_as(s: int, p: int, luck: int, nth: int, kind: int, rows: int) -> None:
    """A person has their luck, their class, and the attributes that follow from it.

    `rows` says where the shares of attributes begin: those of all, or of an inflow.
    """
    put(p, at.LUCK, luck)
    put(p, at.NTH, nth)
    values = get(s, at.VALUES)
    put(p, at.ATTRIBUTES, kind)
    for a in range(1, get(s, at.ATTRIBUTES_N)):
        row = get(s, at.ATTRIBUTE) + (rows + a) * (at.ATTRIBUTE_COLUMNS * 8)
        by, start, levels = get(row, at.B_BY), get(row, at.B_START), get(row, at.B_LEVELS)
        if by >= 0:
            start += 2 * levels * get(p, at.ATTRIBUTES + by)
        level = draws.first_above(values + start * 8, levels, draws.uniform(luck, 1 + a))
        put(p, at.ATTRIBUTES + a, level)


@native
def changed(s: int, p: int, n: int) -> None:
    """What a service makes of a person: levels of attributes that change at its end."""
    of = key_of(p, n, draws.CHANGE)
    for k in range(get(n, at.CHANGES_N)):
        row = get(s, at.CHANGE) + (get(n, at.CHANGES) + k) * 24
        attribute, start, levels = get(row, 0), get(row, 1), get(row, 2)
        start += get(p, at.ATTRIBUTES + attribute) * 2 * levels
        shares = get(s, at.VALUES) + start * 8
        level = draws.first_above(shares, levels, draws.uniform(of, 1 + k))
        put(p, at.ATTRIBUTES + attribute, level)


@native
def way(s: int, route: int, p: int, n: int, now: int) -> int:  # noqa: C901 - a case a kind
    """The next node of a person at a node, by a route of it; NOBODY is out."""
    row = get(s, at.CHOICE) + route * 32
    if get(row, 0) == at.TO:
        return get(row, 1)
    tried, of = 0, key_of(p, n, draws.ROUTE)
    while True:
        row = get(s, at.CHOICE) + route * 32
        kind, a, b, c = get(row, 0), get(row, 1), get(row, 2), get(row, 3)
        if kind == at.TO:
            return a
        if kind == at.CHANCES:
            tried += 1
            shares = get(s, at.VALUES) + a * 8
            route = link(s, c + draws.first_above(shares, b, draws.uniform(of, tried)))
        elif kind == at.BY_DATE:
            route = dated(s, a, b, now)
        elif kind == at.BY_LEVEL:
            route = link(s, b + get(p, at.ATTRIBUTES + a))
        elif kind == at.BY_CLOCK:
            tried += 1
            part = (now % link(s, b + 2)) * link(s, b + 3) // link(s, b + 2)
            chance = get_real(get(s, at.VALUES), a + part)
            route = link(s, b if draws.uniform(of, tried) < chance else b + 1)
        elif kind == at.SHORTEST:
            return _shortest(s, a, b)
        elif kind == at.PATHWAY:
            path = get(s, at.PATH) + get(p, at.ATTRIBUTES) * 16
            step = add(p, at.STEP, 1)
            return link(s, get(path, 0) + step) if step < get(path, 1) else at.NOBODY
        else:
            n = node_of(s, a)
            there = get(n, at.WAITING)
            if kind == at.WHEN_INSIDE:
                there += get(n, at.BUSY)
            route = link(s, c if there > b else c + 1)


@native
def _shortest(s: int, start: int, count: int) -> int:
    best, fewest = at.NOBODY, np.int64(1) << 60
    for k in range(count):
        node = link(s, start + k)
        n = node_of(s, node)
        inside = get(n, at.WAITING) + get(n, at.BUSY)
        if inside < fewest:
            best, fewest = node, inside
    return best


@native
def written(s: int, p: int, now: int, outcome: int) -> None:
    """Close the contact of a person with the node where they are."""
    if get(s, at.KEEPS) == 0:
        return
    r = get(s, at.ROW) + (add(s, at.ROWS_N, 1) - 1) * (at.ROW_COLUMNS * 8)
    put(r, at.R_PERSON, get(p, at.NUMBER))
    put(r, at.R_NODE, get(p, at.AT))
    put(r, at.R_CLASS, get(p, at.CAME_AS))
    put(r, at.R_ASKED, get(p, at.ASKED))
    put(r, at.R_BEGAN, get(p, at.BEGAN))
    put(r, at.R_READY, get(p, at.READY))
    put(r, at.R_ENDED, now)
    put(r, at.R_OUTCOME, outcome)


@native
def bucket(ticks: int) -> int:
    """The place of a length of time in a histogram: 64 to each doubling."""
    if ticks < 64:
        return ticks
    high = doublings(ticks)
    return ((high - 5) << 6) | ((ticks >> (high - 6)) & 63)


@native
def went(s: int, p: int, node: int) -> None:
    """Count the way of a person from where they are to a node; outside is a node after the last."""
    outside = get(s, at.NODES)
    left = get(p, at.AT)
    add(get(s, at.WAYS), (left if left >= 0 else outside) * (outside + 1) + node, 1)


@native
def gone(s: int, who: int, now: int) -> None:
    """A person leaves the network."""
    p = person_of(s, who)
    went(s, p, get(s, at.NODES))
    kind, spent = get(p, at.ENTERED_AS), now - get(p, at.ENTERED)
    whole = get(s, at.NODES)
    count = count_of(s, whole, kind)
    add_real(count, at.FINISHED, 1.0)
    add_real(count, at.SUM_WAIT, float(spent))
    add_real(count, at.CLOCK_INSIDE, float(now))
    seen(s, whole, kind, spent)
    put(p, at.STATE, at.GONE)
    put(p, at.ORDER, 0)
    put(p, at.NEXT, get(s, at.FREE))
    put(s, at.FREE, who)
    add(s, at.INSIDE, -1)
