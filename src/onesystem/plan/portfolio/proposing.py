"""A proposal: options in time under all limits, what binds, its price, and what departing costs.

People decide. A proposal is where they start from, and each departure says what it costs.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from onesystem.plan.portfolio.checks import checked
from onesystem.plan.portfolio.clashing import Clash, clash
from onesystem.plan.portfolio.columns import UNIT
from onesystem.plan.portfolio.departing import Departure, alternatives, departed
from onesystem.plan.portfolio.limits import Price, limits, priced
from onesystem.plan.portfolio.matrix import matrix
from onesystem.plan.portfolio.plan_of import Outcome, outcome, states
from onesystem.plan.portfolio.shape import Problem, Starts
from onesystem.plan.portfolio.solving import Infeasible, Solved, Solver

_FINE = 1e-6
Told = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The best plan found, and doing nothing beside it (None where that keeps no limit).

    `within` is how much better a plan could be at most, as far as it is proven, in minor units.
    Where no plan keeps to all limits there is only `clash`.
    """

    best: Outcome | None = None
    nothing: Outcome | None = None
    within: int = 0
    prices: tuple[Price, ...] = ()
    departures: tuple[Departure, ...] = ()
    clash: Clash | None = None


def propose(
    problem: Problem, *, asked: bool = True, gap: float = _FINE, stop: Event | None = None,
    told: Told = lambda _share, _said: None,
) -> Proposal:  # fmt: skip
    """The proposal for a problem. Raises BadConfig, Stopped.

    Without `asked`, limits and departures are not priced: one solution only.
    """
    checked(problem)
    told(0.0, "looking for the best plan")
    solver = Solver(matrix(problem), gap=gap)
    try:
        best = solver.solve(stop)
    except Infeasible:
        told(0.3, "no plan keeps to all limits; looking for those that clash")
        return Proposal(clash=clash(problem, stop))
    columns = solver.matrix.columns
    plan = outcome(columns, best.value, best.total)
    found = Proposal(
        best=plan, nothing=_nothing(problem, stop),
        within=max(0, round((best.total - best.bound) * UNIT)),
    )  # fmt: skip
    return _asked(found, problem, solver, best, stop, told) if asked else found


def of_starts(problem: Problem, starts: Starts, stop: Event | None = None) -> Outcome | None:
    """What comes of options that start as said, all else at its best; None if no plan keeps it."""
    found = _fixed(Solver(matrix(checked(problem))), starts, stop)
    return None if found is None else found[1]


def _fixed(
    solver: Solver, starts: Starts, stop: Event | None
) -> tuple[Solved, Outcome] | None:  # fmt: skip
    columns = solver.matrix.columns
    solver.fix(states(columns, starts))
    try:
        found = solver.solve(stop)
    except Infeasible:
        return None
    plan = outcome(columns, found.value, found.total)
    return found, replace(plan, starts=dict(starts))


def _nothing(problem: Problem, stop: Event | None) -> Outcome | None:
    let_off = [replace(each, by=None, banned=True) for each in problem.choices]
    return of_starts(replace(problem, choices=tuple(let_off)), {}, stop)


def _asked(
    found: Proposal, problem: Problem, solver: Solver, best: Solved, stop: Event | None, told: Told
) -> Proposal:
    assert found.best is not None  # noqa: S101 - only asked where there is one
    starts = found.best.starts
    again = _fixed(Solver(solver.matrix), starts, stop)
    assert again is not None  # noqa: S101 - it was solved with these a moment ago
    every, others = list(limits(solver.matrix)), list(alternatives(problem, starts))
    steps, done = len(every) + len(others), 0
    prices, departures = [], []
    for limit in every:
        told(done / steps, f"what a little more would bring: {limit.of or limit.kind}")
        prices.append(priced(limit, solver, best, again[0], stop))
        done += 1
    for option, start in others:
        told(done / steps, f"what it costs to decide otherwise: {option}")
        departures.append(departed(option, start, solver, best, starts, stop))
        done += 1
    return replace(found, prices=tuple(prices), departures=tuple(departures))
