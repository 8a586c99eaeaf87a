"""What it costs to depart from a proposal: one choice is fixed otherwise, the rest chosen again."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

from onesystem.plan.portfolio.columns import UNIT
from onesystem.plan.portfolio.shape import NEVER, Problem, Starts
from onesystem.plan.portfolio.solving import Infeasible, Solved, Solver


@dataclass(frozen=True, kw_only=True)
class Departure:
    """An option that starts at another moment (`NEVER`: not at all): what that costs in all.

    `cost` is None where no plan with it keeps to the limits. `moved` are the other options that
    would then start at another moment, with the moment.
    """

    option: str
    start: int
    cost: int | None
    moved: tuple[tuple[str, int], ...] = ()


def alternatives(problem: Problem, starts: Starts) -> Iterator[tuple[str, int]]:
    """For each option, what else could be decided: not at all, later; or to do it after all."""
    for choice in problem.choices:
        begun = starts[choice.name]
        if choice.banned:
            continue
        if begun == NEVER:
            yield choice.name, choice.earliest
            continue
        if choice.by is None:
            yield choice.name, NEVER
        last = problem.moments - 1 if choice.by is None else choice.by
        later = {min(begun + 1, last), min(begun + 4, last)} - {begun}
        yield from ((choice.name, at) for at in sorted(later))


def departed(
    option: str, start: int, solver: Solver, best: Solved, starts: Starts,
    stop: Event | None = None,
) -> Departure:  # fmt: skip
    """The cost of one departure. Raises Stopped."""
    from onesystem.plan.portfolio.plan_of import starts as starts_of

    columns = solver.matrix.columns
    names = [each.name for each in columns.problem.choices]
    mine = columns.on[names.index(option)]
    wanted = [float(start != NEVER and moment >= start) for moment in range(len(mine))]
    solver.bound(mine, wanted, wanted)
    try:
        found = solver.solve(stop)
    except Infeasible:
        return Departure(option=option, start=start, cost=None)
    finally:
        solver.unbound(mine)
    then = starts_of(columns, found.value)
    moved = tuple((n, at) for n, at in then.items() if n != option and at != starts[n])
    cost = max(0, round((found.total - best.total) * UNIT))
    return Departure(option=option, start=start, cost=cost, moved=moved)
