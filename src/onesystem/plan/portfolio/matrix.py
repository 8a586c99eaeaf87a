"""A problem as the matrix that a solver takes: built from arrays, row kind by row kind. Pure.

Options are written as states: `on` at a moment is at least `on` at the moment before. It says the
same as "the month in which it starts" with far fewer entries, and closes faster.

Entries that fall on the same row and column are added up before the matrix is handed over. The
solver refuses a matrix with an entry twice, and says so only in a status that is easily overlooked.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onesystem.plan.portfolio.columns import UNIT, Columns
from onesystem.plan.portfolio.shape import Problem

INF = float("inf")
# Rows that may give way, if at all.
BREACHED = ("money", "training", "change", "staff", "places", "floor")


@dataclass
class Matrix:
    """Columns with cost and bounds, rows with bounds, entries by row; which rows say what.

    `give` are the columns by which rows of `BREACHED` may give way, row by row; held at 0.
    """

    columns: Columns
    cost: Any
    lower: Any
    upper: Any
    row_lower: Any
    row_upper: Any
    start: Any
    index: Any
    value: Any
    rows: dict[str, Any]
    give: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many columns there are, with those by which rows give way."""
        return len(self.cost)


class _Rows:
    """Entries as they are gathered."""

    def __init__(self) -> None:
        self.entries: list[tuple[Any, Any, Any]] = []
        self.lower: list[Any] = []
        self.upper: list[Any] = []
        self.kinds: dict[str, Any] = {}
        self.count = 0

    def add(self, kind: str, shape: tuple[int, ...], lower: Any, upper: Any) -> Any:
        """So many rows of a kind; gives their numbers in that shape."""
        size = int(np.prod(shape))
        rows = np.arange(self.count, self.count + size).reshape(shape)
        self.count += size
        self.lower.append(np.broadcast_to(np.asarray(lower, float), shape).ravel())
        self.upper.append(np.broadcast_to(np.asarray(upper, float), shape).ravel())
        self.kinds[kind] = rows
        return rows

    def put(self, rows: Any, columns: Any, values: Any) -> None:
        """Entries; the three are spread over each other."""
        if np.size(rows) and np.size(columns):
            rows, columns, values = np.broadcast_arrays(rows, columns, values)
            self.entries.append((rows.ravel(), columns.ravel(), values.ravel()))

    def compressed(self, columns: int) -> tuple[Any, Any, Any]:
        """By row, with entries of the same place added up and those of 0 left out."""
        row, col, val = (np.concatenate(each) for each in zip(*self.entries, strict=True))
        place, which = np.unique(row * columns + col, return_inverse=True)
        total = np.bincount(which, weights=val)
        place, total = place[total != 0], total[total != 0]
        start = np.searchsorted(place, np.arange(self.count + 1) * columns)
        return start.astype(np.int32), (place % columns).astype(np.int32), total


def matrix(problem: Problem, *, elastic: bool = False) -> Matrix:
    """The matrix of a problem; with `elastic`, its limits can be let give way."""
    at, rows = Columns(problem), _Rows()
    _needs(at, rows)
    _staff(at, rows)
    _places(at, rows)
    prices = _prices(at)
    _money(at, rows, prices)
    _training(at, rows)
    _starts(at, rows)
    _floors(at, rows)
    give: dict[str, Any] = {}
    count = at.count
    if elastic:
        for kind in BREACHED:
            if kind in rows.kinds and (mine := rows.kinds[kind].ravel()).size:
                give[kind] = np.arange(count, count + mine.size)
                rows.put(mine, give[kind], -1.0)
                count += mine.size
    lower, upper = _bounds(at, count)
    start, index, value = rows.compressed(count)
    return Matrix(
        at, _costs(at, prices, count), lower, upper, np.concatenate(rows.lower),
        np.concatenate(rows.upper), start, index, value, rows.kinds, give,
    )  # fmt: skip


def _needs(at: Columns, rows: _Rows) -> None:
    """What is wanted is done, taken away by options, or unmet."""
    p = at.problem
    wanted = np.array([each.wanted for each in p.services], float)
    need = rows.add("need", wanted.shape, wanted, INF)
    rows.put(need[at.worked], at.work, 1.0)
    rows.put(need, at.unmet, 1.0)
    place = {each.name: n for n, each in enumerate(p.services)}
    for o, choice in enumerate(p.choices):
        moments = at.at(np.arange(p.periods), choice.lag)
        there = moments >= 0
        for name, less in choice.less.items():
            rows.put(need[place[name], there], at.on[o, moments[there]], float(less))


def _staff(at: Columns, rows: _Rows) -> None:
    """Posts are enough for the work; those in post stay, leave or arrive."""
    p = at.problem
    shape = (len(p.groups), p.periods)
    posts = rows.add("staff", shape, -INF, 0.0)
    minutes = np.array([each.minutes for each in p.groups])
    spent = np.array([
        p.services[s].minutes[p.groups[g].name] / minutes[g] for s, g in at.pairs
    ])  # fmt: skip
    if at.pairs:
        group = np.array([g for _, g in at.pairs])
        rows.put(posts[group], at.work[: len(at.pairs)], spent[:, np.newaxis])
    rows.put(posts, at.staff, -1.0)
    rows.put(posts, at.agency, -1.0)
    place = {each.name: n for n, each in enumerate(p.groups)}
    for n, service in enumerate(at.worked):
        for name, besides in p.services[service].also.items():
            rows.put(posts[place[name]], at.work[n], besides / minutes[place[name]])
    _of_options(at, rows, posts)
    flow = rows.add("flow", shape, *[np.array([_arriving(each, p.periods) for each in p.groups])
                                     .reshape(shape)] * 2)  # fmt: skip
    rows.put(flow, at.staff, 1.0)
    for g, group_ in enumerate(p.groups):
        rows.put(flow[g, 1:], at.staff[g, :-1], group_.leaving - 1.0)
        trained = p.periods - group_.training
        if trained > 0:
            rows.put(flow[g, group_.training :], at.hired[g, :trained], -1.0)


def _of_options(at: Columns, rows: _Rows, posts: Any) -> None:
    p = at.problem
    place = {each.name: n for n, each in enumerate(p.groups)}
    periods = np.arange(p.periods)
    moments = at.at(periods)
    for o, choice in enumerate(p.choices):
        for name, needed in choice.staff.items():
            rows.put(posts[place[name], periods], at.on[o, moments], float(needed))


def _arriving(group: Any, periods: int) -> list[float]:
    """Those who arrive anyhow; in the first period also those who were there and stay."""
    found = [float(group.coming.get(t, 0.0)) for t in range(periods)]
    found[0] += group.there * (1.0 - group.leaving)
    return found


def _places(at: Columns, rows: _Rows) -> None:
    """What work takes up of a place is there, or options have added it."""
    p = at.problem
    if not p.places:
        return
    there = np.array(list(p.places.values()), float)
    room = rows.add("places", there.shape, -INF, there)
    place = {name: n for n, name in enumerate(p.places)}
    for n, each in enumerate(at.worked):
        service = p.services[each]
        if service.place:
            rows.put(room[place[service.place]], at.work[n], service.takes)
    for o, choice in enumerate(p.choices):
        moments = at.at(np.arange(p.periods), choice.lag)
        on = moments >= 0
        for name, more in choice.places.items():
            rows.put(room[place[name], on], at.on[o, moments[on]], -float(more))


def _prices(at: Columns) -> tuple[Any, Any, Any]:
    """What each column costs in each period: columns, periods, prices in the solver's unit."""
    p = at.problem
    periods = np.arange(p.periods)
    found: list[tuple[Any, Any, Any]] = [
        (at.work[n], periods, p.services[service].cost) for n, service in enumerate(at.worked)
        if p.services[service].cost
    ]  # fmt: skip
    for g, group in enumerate(p.groups):
        for block, each in (
            (at.staff, group.pay), (at.agency, group.agency), (at.hired, group.hiring),
        ):  # fmt: skip
            found += [(block[g], periods, each)] * bool(each)
    moments = np.arange(p.moments)
    begins = np.minimum(moments * p.every, p.periods - 1)
    for o, choice in enumerate(p.choices):
        found.append((at.on[o, at.at(periods)], periods, choice.running))
        found.append((at.on[o], begins, choice.setup))
        found.append((at.on[o, :-1], begins[1:], -choice.setup))
    if not found:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    spread = [np.broadcast_arrays(*each) for each in found]
    columns, when, price = (np.concatenate(each) for each in zip(*spread, strict=True))
    return columns, when, price / UNIT


def _money(at: Columns, rows: _Rows, prices: tuple[Any, Any, Any]) -> None:
    """Each year's money is enough."""
    p = at.problem
    if not p.money:
        return
    envelope = np.array(p.money, float) / UNIT
    money = rows.add("money", envelope.shape, -INF, envelope)
    columns, when, price = prices
    rows.put(money[when // p.a_year], columns, price)


def _training(at: Columns, rows: _Rows) -> None:
    """Each year's money for training is enough for those who are hired."""
    p = at.problem
    if not p.training:
        return
    envelope = np.array(p.training, float) / UNIT
    row = rows.add("training", envelope.shape, -INF, envelope)
    when = np.arange(p.periods) // p.a_year
    for g, group in enumerate(p.groups):
        if group.hiring:
            rows.put(row[when], at.hired[g], group.hiring / UNIT)


def _starts(at: Columns, rows: _Rows) -> None:
    """On stays on; starts keep to the capacity for change; options that need or bar others."""
    p = at.problem
    if not p.choices or not p.moments:
        return
    effort = np.array([each.effort for each in p.choices])[:, np.newaxis]
    if p.change:
        starts = rows.add("change", (p.moments,), -INF, np.array(p.change, float))
        rows.put(starts, at.on, effort)
        rows.put(starts[1:], at.on[:, :-1], -effort)
    stays = rows.add("stays", (len(p.choices), p.moments - 1), -INF, 0.0)
    rows.put(stays, at.on[:, :-1], 1.0)
    rows.put(stays, at.on[:, 1:], -1.0)
    place = {each.name: n for n, each in enumerate(p.choices)}
    needs = [(place[e.name], place[other]) for e in p.choices for other in e.needs]
    apart = {tuple(sorted((place[e.name], place[o]))) for e in p.choices for o in e.apart}
    for kind, pairs, sign, most in (("needs", needs, -1.0, 0.0), ("apart", apart, 1.0, 1.0)):
        for n, (one, other) in enumerate(sorted(pairs)):
            both = rows.add(f"{kind} {n}", (p.moments,), -INF, most)
            rows.put(both, at.on[one], 1.0)
            rows.put(both, at.on[other], sign)


def _floors(at: Columns, rows: _Rows) -> None:
    """Services of which a share has to be done."""
    p = at.problem
    kept = [n for n, each in enumerate(p.services) if each.floor > 0]
    if not kept:
        return
    most = np.array([
        [(1 - p.services[n].floor) * each for each in p.services[n].wanted] for n in kept
    ])  # fmt: skip
    floor = rows.add("floor", most.shape, -INF, most)
    rows.put(floor, at.unmet[kept], 1.0)


def _bounds(at: Columns, count: int) -> tuple[Any, Any]:
    p = at.problem
    lower, upper = np.zeros(count), np.full(count, INF)
    upper[at.count :] = 0.0
    for g, group in enumerate(p.groups):
        upper[at.hired[g]] = group.most_hired
        upper[at.agency[g]] = group.most_agency
    for o, choice in enumerate(p.choices):
        upper[at.on[o]] = 0.0 if choice.banned else 1.0
        upper[at.on[o, : choice.earliest]] = 0.0
        if choice.by is not None:
            lower[at.on[o, choice.by :]] = 1.0
    return lower, upper


def _costs(at: Columns, prices: tuple[Any, Any, Any], count: int) -> Any:
    cost = np.zeros(count)
    columns, _, price = prices
    np.add.at(cost, columns, price)
    undone = np.array([each.undone for each in at.problem.services], float) / UNIT
    cost[at.unmet] += undone[:, np.newaxis]
    return cost
