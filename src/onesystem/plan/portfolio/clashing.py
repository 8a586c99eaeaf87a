"""Why no plan keeps to all limits: the smallest set that clashes, and by how much each is short."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import numpy as np

from onesystem.plan.portfolio.columns import UNIT
from onesystem.plan.portfolio.limits import MONEYS
from onesystem.plan.portfolio.matrix import Matrix, matrix
from onesystem.plan.portfolio.shape import Problem
from onesystem.plan.portfolio.solving import Infeasible, Solved, Solver

_EXACT, _SEEN = 1e-9, 1e-6


@dataclass(frozen=True, kw_only=True)
class Short:
    """A limit of the clash. `least` is the least sum by which it has to give way if all others are
    kept, in its own unit (minor units of money, starts, posts a period, places a period, units of
    work, moments late); None where giving way here alone does not help. `where` says in which
    years, moments or periods, and by how much in each.
    """

    kind: str
    of: str
    least: float | None
    where: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Limits that cannot all be kept: without any one of them the others of the set could be.

    `together` is the least that has to give way where all may, each weighed by its own size.
    """

    short: tuple[Short, ...]
    together: tuple[Short, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Item:
    """A limit that can be let give way: by columns that are freed, or options let off."""

    kind: str
    of: str
    size: float
    give: Any = field(default_factory=lambda: np.zeros(0, int))
    late: Any = field(default_factory=lambda: np.zeros(0, int))


def clash(problem: Problem, stop: Event | None = None) -> Clash | None:
    """The clash of a problem that has no plan; None where it has one. Raises Stopped."""
    m = matrix(problem, elastic=True)
    items = list(_items(m))
    solver = Solver(m, gap=_EXACT)
    solver.costs(np.zeros(m.count))
    if _fits(solver, stop):
        return None
    for each in items:
        _let(solver, each)
    if not _fits(solver, stop):
        return Clash(short=())
    together = _together(solver, items, stop)
    for each in items:
        _hold(solver, each)
    short = tuple(_short(solver, each, stop) for each in _needed(solver, items, stop))
    return Clash(short=short, together=together)


def _needed(solver: Solver, items: list[_Item], stop: Event | None) -> list[_Item]:
    """A smallest set that clashes: each limit in turn is left out for good if a clash remains."""
    found, out = list(items), list[_Item]()
    for each in items:
        _let(solver, each)
        if _fits(solver, stop):
            _hold(solver, each)
        else:
            found.remove(each)
            out.append(each)
    for each in out:
        _hold(solver, each)
    return found


def _items(m: Matrix) -> Iterator[_Item]:
    p, at = m.columns.problem, m.columns
    for o, choice in enumerate(p.choices):
        if choice.by is not None:
            yield _Item(kind="must", of=choice.name, size=p.moments, late=at.on[o, choice.by :])
    for s, service in enumerate([each for each in p.services if each.floor > 0]):
        size = sum(service.wanted)
        yield _Item(kind="floor", of=service.name, size=size, give=_give(m, "floor", s))
    for n, (name, there) in enumerate(p.places.items()):
        yield _Item(kind="places", of=name, size=sum(there), give=_give(m, "places", n))
    for n, group in enumerate(p.groups):
        size = group.there * p.periods
        yield _Item(kind="staff", of=group.name, size=size, give=_give(m, "staff", n))
    for kind, size in (
        ("change", sum(p.change)), ("training", sum(p.training) / UNIT),
        ("money", sum(p.money) / UNIT),
    ):  # fmt: skip
        if kind in m.give:
            yield _Item(kind=kind, of="", size=size, give=m.give[kind])


def _give(m: Matrix, kind: str, nth: int) -> Any:
    return m.give[kind].reshape(m.rows[kind].shape)[nth]


def _let(solver: Solver, item: _Item) -> None:
    solver.bound(item.give, 0.0, np.inf)
    solver.bound(item.late, 0.0, 1.0)


def _hold(solver: Solver, item: _Item) -> None:
    solver.unbound(item.give)
    solver.unbound(item.late)


def _fits(solver: Solver, stop: Event | None) -> bool:
    try:
        solver.solve(stop)
    except Infeasible:
        return False
    return True


def _together(solver: Solver, items: list[_Item], stop: Event | None) -> tuple[Short, ...]:
    """The least that gives way where all limits may; all are let go already."""
    value = _least(solver, items, stop).value
    found = (_told(each, value) for each in items)
    return tuple(each for each in found if each.where)


def _short(solver: Solver, item: _Item, stop: Event | None) -> Short:
    """The least by which a limit gives way if all others are kept."""
    _let(solver, item)
    try:
        return _told(item, _least(solver, [item], stop).value)
    except Infeasible:
        return Short(kind=item.kind, of=item.of, least=None)
    finally:
        _hold(solver, item)


def _least(solver: Solver, items: list[_Item], stop: Event | None) -> Solved:
    """Solved for the least that these give way, each by its size; the costs are 0 again after."""
    cost = np.zeros(solver.matrix.count)
    for item in items:
        weight = 1.0 / max(item.size, 1.0) if len(items) > 1 else 1.0
        cost[item.give], cost[item.late] = weight, -weight
    solver.costs(cost)
    try:
        return solver.solve(stop)
    finally:
        solver.costs(np.zeros(len(cost)))


def _told(item: _Item, value: Any) -> Short:
    scale = UNIT if item.kind in MONEYS else 1
    amounts = value[item.give] * scale if item.give.size else 1.0 - value[item.late]
    where = tuple((n, float(each)) for n, each in enumerate(amounts) if each > _SEEN * scale)
    return Short(kind=item.kind, of=item.of, least=float(np.sum(amounts)), where=where)
