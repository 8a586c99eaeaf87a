"""What the solver's columns mean: when options start, work, staff, money in whole pence. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from onesystem.plan.portfolio.columns import UNIT, Columns
from onesystem.plan.portfolio.shape import NEVER, Problem, Starts
from onesystem.vocabulary.money import Money


@dataclass(frozen=True, kw_only=True)
class Line:
    """Money of one year for one thing: what (`pay`, `agency`, `hiring`, `cost`, `setup`,
    `running`), and of whom. Whole minor units; a year's lines sum to its total.
    """

    year: int
    what: str
    of: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A plan: when each option starts, and what comes of it.

    `unmet` and `done` are units by service and period, `posts` staff in post, `agency` and `hired`
    by group and period; `undone` is what the unmet work counts as in money, in whole minor units.
    """

    starts: Starts
    total: int
    undone: int
    unmet: Mapping[str, tuple[float, ...]]
    done: Mapping[str, tuple[float, ...]]
    posts: Mapping[str, tuple[float, ...]]
    agency: Mapping[str, tuple[float, ...]]
    hired: Mapping[str, tuple[float, ...]]
    lines: tuple[Line, ...]

    @property
    def spent(self) -> int:
        """All money of all years."""
        return sum(each.amount for each in self.lines)

    def year(self, year: int) -> int:
        """All money of a year."""
        return sum(each.amount for each in self.lines if each.year == year)


def outcome(columns: Columns, value: Any, total: float) -> Outcome:
    """The plan that the columns say. `total` is in the solver's unit."""
    p, at = columns.problem, columns
    done = np.zeros((len(p.services), p.periods))
    np.add.at(done, at.worked, value[at.work])
    unmet = value[at.unmet]
    weight = np.array([each.undone for each in p.services], float)
    services, groups = [e.name for e in p.services], [e.name for e in p.groups]
    return Outcome(
        starts=starts(columns, value),
        total=round(total * UNIT),
        undone=round(float(weight @ unmet.sum(axis=1))),
        unmet=_named(services, unmet),
        done=_named(services, done),
        posts=_named(groups, value[at.staff]),
        agency=_named(groups, value[at.agency]),
        hired=_named(groups, value[at.hired]),
        lines=_lines(p, at, value, done),
    )


def starts(columns: Columns, value: Any) -> dict[str, int]:
    """The moment at which each option starts."""
    found = {}
    for o, choice in enumerate(columns.problem.choices):
        moments = np.nonzero(value[columns.on[o]] > 0.5)[0]
        found[choice.name] = int(moments[0]) if moments.size else NEVER
    return found


def states(columns: Columns, wanted: Starts) -> Any:
    """Options as on or off at each moment, from when each starts."""
    on = np.zeros(columns.on.shape)
    for o, choice in enumerate(columns.problem.choices):
        if (since := wanted.get(choice.name, NEVER)) != NEVER:
            on[o, since:] = 1.0
    return on


def _named(names: list[str], rows: Any) -> dict[str, tuple[float, ...]]:
    return {name: tuple(row) for name, row in zip(names, rows.round(9).tolist(), strict=True)}


def _lines(p: Problem, at: Columns, value: Any, done: Any) -> tuple[Line, ...]:
    """Lines by year. Those of options are whole already; the others are rounded together."""
    year = np.arange(p.periods) // p.a_year
    found: list[Line] = []
    for n in range(p.years):
        mine = year == n
        told = [
            (what, group.name, float(value[block[g, mine]].sum()) * price)
            for g, group in enumerate(p.groups)
            for what, block, price in (
                ("pay", at.staff, group.pay), ("agency", at.agency, group.agency),
                ("hiring", at.hired, group.hiring),
            )
        ]  # fmt: skip
        told += [
            ("cost", each.name, float(done[s, mine].sum()) * each.cost)
            for s, each in enumerate(p.services)
        ]
        whole = _of_choices(p, at, value, n, np.nonzero(mine)[0])
        room = p.money[n] - sum(each.amount for each in whole) if p.money else None
        found += _whole_pence(n, told, room) + whole
    return tuple(each for each in found if each.amount)


def _of_choices(p: Problem, at: Columns, value: Any, year: int, periods: Any) -> list[Line]:
    """What options cost in a year, exactly: each runs for whole periods and is set up once."""
    found = []
    for o, (name, since) in enumerate(starts(at, value).items()):
        choice = p.choices[o]
        if since == NEVER:
            continue
        begins = p.running_from(since)
        running = int((periods >= begins).sum()) * choice.running
        setup = choice.setup if min(begins, p.periods - 1) // p.a_year == year else 0
        found.append(Line(year=year, what="running", of=name, amount=running))
        found.append(Line(year=year, what="setup", of=name, amount=setup))
    return found


def _whole_pence(year: int, told: list[tuple[str, str, float]], room: int | None) -> list[Line]:
    """Amounts in whole minor units by largest remainder, within what the year has room for.

    The solver keeps a limit to a hair's breadth of its own arithmetic; a plan keeps it exactly.
    """
    kept = [(what, of, Fraction(amount)) for what, of, amount in told if amount > 0]
    whole = sum((each for _, _, each in kept), start=Fraction(0))
    total = round(whole)
    if room is not None and room < total <= room + max(1, total // 10_000_000):
        total = room
    if not total:
        return []
    parts = Money(total, "").split([each for _, _, each in kept])
    return [
        Line(year=year, what=what, of=of, amount=part.minor)
        for (what, of, _), part in zip(kept, parts, strict=True)
    ]
