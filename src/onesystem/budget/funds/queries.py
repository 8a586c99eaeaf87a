"""What can be asked of funds: lines, goals, fences and how they stand, the whole position, acts.

line("nnuh-ed")                        a line; lines(programme="acute"), line_for(service="ed")
position(by="programme", month=m)      the whole system, summed by what is asked
fence_states(year)                     every fence: what it asks, what is there, what is missed
goalless()                             lines that serve no shared goal
acts(line="nnuh-ed")                   what was done to the plan, the latest first
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.budget.funds import books, costed, foreseeing, standing
from onesystem.budget.funds.acts import Act
from onesystem.budget.funds.fences import Broken, State, states, together
from onesystem.budget.funds.forecasting import RUN_RATE, TWIN
from onesystem.budget.funds.planning import act_of
from onesystem.budget.funds.reading import (
    Payers,
    begins,
    fence,
    fences,
    fund,
    funds,
    goal,
    goals,
    line,
    line_for,
    lines,
    names,
    this_month,
    year_at,
)
from onesystem.budget.funds.rows import ActRow, FundsStep, LineRow
from onesystem.budget.funds.shape import Line
from onesystem.budget.funds.standing import Figures, Position
from onesystem.budget.months import Year, later
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

__all__ = [
    "Payers",
    "acts",
    "begins",
    "fence",
    "fence_states",
    "fences",
    "figures",
    "fund",
    "funds",
    "goal",
    "goalless",
    "goals",
    "line",
    "line_for",
    "lines",
    "names",
    "position",
    "seen",
    "steps",
    "this_month",
    "year_at",
]

METHODS = (RUN_RATE, TWIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The position: its rows, the sum of all lines, and where its figures are from."""

    by: str
    year: Year
    month: date
    rows: tuple[Position, ...]
    total: Position
    contributed: int
    off_line: int
    method: str
    why_not: str = ""


def position(
    by: str = "programme",
    *,
    month: date | None = None,
    method: str = RUN_RATE,
    some: Sequence[Line] | None = None,
) -> Whole:
    """The whole system's position to the end of a month, by group. Raises BadConfig.

    `month` is the last that counts as to date: where nothing is said, the last that is over.
    """
    if by not in standing.GROUPINGS:
        raise BadConfig(
            say("there is no grouping {by}", by=repr(by)), nearest(by, standing.GROUPINGS)
        )
    if method not in METHODS:
        raise BadConfig(
            say("there is no forecast by {method}", method=repr(method)), nearest(method, METHODS)
        )
    at = month or later(this_month(), -1)
    year = Year.on(at, begins())
    every = lines() if some is None else list(some)
    known, why_not = figures(every, year, at, method)
    given = books.contributed(year)
    total = standing.summed(standing.WHOLE, [each.code for each in every], known)
    spent = books.total(books.ACTUAL, year.first, at) if some is None else total.actual
    return Whole(
        by=by, year=year, month=at, method=method, why_not=why_not,
        rows=tuple(_rows(every, known, by, year, given)),
        total=total, contributed=sum(given.values()), off_line=spent - total.actual,
    )  # fmt: skip


def _rows(
    every: Sequence[Line],
    known: dict[str, Figures],
    by: str,
    year: Year,
    given: dict[tuple[str, str], int],
) -> list[Position]:
    if by == "fence":
        within = {f.code: [each.code for each in every if f.covers(each)] for f in fences(year)}
        return standing.grouped(every, known, by, within=within)
    place = {"fund": 0, "organisation": 1}.get(by)
    if place is None:
        return standing.grouped(every, known, by)
    gave: dict[str, int] = {}
    for key, amount in given.items():
        gave[key[place]] = gave.get(key[place], 0) + amount
    return standing.grouped(every, known, by, contributed=gave)


def figures(
    every: Sequence[Line], year: Year, month: date, method: str = RUN_RATE
) -> tuple[dict[str, Figures], str]:
    """Every line's figures, and why the forecast asked for could not be made for all of them."""
    codes = [each.code for each in every]
    few = codes if len(codes) < 50 else []
    plan, actual = (books.by_month(book, year, few) for book in (books.PLAN, books.ACTUAL))
    promised = books.by_line(books.COMMITMENT, year.first, year.last, few)
    # A month of which nobody has posted anything yet says nothing of how much it will be.
    known_to = min(month, books.last_spent(year) or month)
    forecasts, why_not = foreseeing.run_rates(actual, year, known_to), ""
    if method == TWIN:
        volumes, costs = foreseeing.volumes(), costed.costs(later(known_to, -5), known_to)
        by_twin = foreseeing.twin_based(every, actual, year, known_to, costs, volumes)
        forecasts, why_not = forecasts | by_twin, volumes.why_not
        if not why_not and not by_twin:
            why_not = say("The twin knows none of these services, or nobody knows what they cost.")
    return standing.figures_of(plan, promised, actual, forecasts, month), why_not


def fence_states(year: Year) -> tuple[list[State], list[Broken]]:
    """The fences of a year as they stand, and the rings that ask too much together."""
    some, every, holding = fences(year), lines(), books.holding(year)
    return states(some, every, holding), together(some, every, holding)


def goalless() -> list[Line]:
    """Lines that serve no shared goal, but for those that only hold what is not allotted."""
    return [each for each in lines(goal="") if not each.unallotted]


def acts(*, line: str = "", year: Year | None = None, most: int = 500) -> list[Act]:
    """Acts on the plan, the latest first."""
    rows = ActRow.objects.order_by("-id")
    if line:
        rows = rows.filter(planactline__line=line)
    if year:
        rows = rows.filter(first__gte=year.first, first__lte=year.last)
    found = list(rows[:most])
    undone = dict(
        ActRow.objects.filter(undoes__in=[row.id for row in found]).values_list("undoes", "id")
    )
    return [act_of(row, undone.get(row.id)) for row in found]


def seen(*codes: str) -> int:
    """The last act on any of some lines, or on all: what a form sends back as `seen`."""
    some = LineRow.objects.filter(code__in=codes) if codes else LineRow.objects.all()
    return max(some.values_list("act", flat=True), default=0)


def steps(kind: str, code: str) -> list[FundsStep]:
    """How a fund, goal, line or fence was kept, the latest step first."""
    return list(FundsStep.objects.filter(kind=kind, code=code).order_by("-number"))
