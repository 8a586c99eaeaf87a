"""The limits of a problem one by one: which bind, and what a little more of each is worth."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Any

import numpy as np

from onesystem.plan.portfolio.columns import UNIT
from onesystem.plan.portfolio.matrix import Matrix
from onesystem.plan.portfolio.solving import Solved, Solver

_BINDS = 1e-6
_MONEY_STEP, _TRAINING_STEP = 0.01, 0.1
_PLACE = 10_000_00  # minor units: the least that money for training is let out by in a year
MONEYS = ("money", "training")  # limits that are told in money, by year


@dataclass(frozen=True, kw_only=True)
class Limit:
    """A limit: money, change, the staff of a group, or a place; `rows` are those of the matrix.

    `step` is what it is let out by to find its price, in its own unit, on each of its rows.
    """

    kind: str
    of: str
    rows: Any
    step: Any


@dataclass(frozen=True, kw_only=True)
class Price:
    """What a limit costs the plan.

    `margin` is what a very little more is worth where the choices stay as they are (the dual), a
    unit of it on every row; `worth` is what the stated step brings where everything is chosen
    again, and `step` the step in words' numbers. `tight` says on how many of its rows it binds.
    """

    kind: str
    of: str
    binds: bool
    tight: int
    rows: int
    margin: int
    step: float
    worth: int
    by_row: tuple[int, ...]


def limits(matrix: Matrix) -> Iterator[Limit]:
    """All limits of a problem."""
    p, rows = matrix.columns.problem, matrix.rows
    if "money" in rows:
        step: Any = np.array(p.money, float) * _MONEY_STEP / UNIT
        yield Limit(kind="money", of="", rows=rows["money"], step=step)
    if "training" in rows:
        # A tenth: of what is left over for training a hundredth is less than one place.
        step = np.maximum(np.array(p.training, float) * _TRAINING_STEP, _PLACE) / UNIT
        yield Limit(kind="training", of="", rows=rows["training"], step=step)
    if "change" in rows:
        yield Limit(kind="change", of="", rows=rows["change"], step=1.0)
    for g, group in enumerate(p.groups):
        yield Limit(kind="staff", of=group.name, rows=rows["staff"][g], step=1.0)
    for n, (name, there) in enumerate(p.places.items()):
        step = max(1.0, round(max(there) * _MONEY_STEP))
        yield Limit(kind="places", of=name, rows=rows["places"][n], step=step)


def margins(limit: Limit, fixed: Solved) -> Any:
    """What a unit more is worth on each row of a limit, where choices stay: in minor units.

    Money is told as pence saved by a penny, in thousandths.
    """
    scale = 1000 if limit.kind in MONEYS else UNIT
    return -fixed.row_dual[np.ravel(limit.rows)] * scale


def priced(
    limit: Limit, solver: Solver, best: Solved, fixed: Solved, stop: Event | None = None
) -> Price:
    """The price of a limit, by the dual and by choosing again with a step more."""
    m, rows = solver.matrix, np.ravel(limit.rows)
    margin = margins(limit, fixed)
    tight = int((margin > _BINDS).sum())
    worth = 0
    if tight or limit.kind == "change":
        solver.limit(rows, m.row_lower[rows], m.row_upper[rows] + limit.step)
        worth = max(0, round((best.total - solver.solve(stop).total) * UNIT))
        solver.limit(rows, m.row_lower[rows], m.row_upper[rows])
    step = float(np.sum(limit.step) * UNIT) if limit.kind in MONEYS else float(np.max(limit.step))
    return Price(
        kind=limit.kind, of=limit.of, binds=worth > 0 or tight > 0, tight=tight, rows=len(rows),
        margin=round(float(margin.sum())), step=step, worth=worth,
        by_row=tuple(np.rint(margin).astype(int).tolist()),
    )  # fmt: skip
