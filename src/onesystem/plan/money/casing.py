"""A plan of money out of an area's case for change: what doing nothing leads to is its demand.

The case says how need grows by setting and what each line costs at the prices of one year. Where
there is no case for an area, growth is assumed, and each line says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from onesystem.budget.months import Year
from onesystem.plan.case import queries as cases
from onesystem.plan.case.figures import Case, Figure
from onesystem.plan.money.shape import Funder, Line, MoneyPlan, Path
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

ASSUMED: Path = (180,)
REAL: Path = (100,)  # of money, where nobody says; Canterbury's grew by 3 to 6 per cent
_WORDS = say("Demand: assumed, 1.8 per cent a year")
_CASE = say("Demand: the case for change of the area, doing nothing")
_FUNDERS = {
    "money-health": ("health", say("Health")),
    "money-council": ("social-care", say("Social care")),
}


def case_for(area: str) -> Case | None:
    """The case of an area, where one can be made."""
    if not area:
        return None
    try:
        return cases.do_nothing(area)
    except UserError:
        return None


def growth(area: str, base: Year, years: int) -> Mapping[str, Path]:
    """The yearly growth of need by setting, in hundredths of a per cent; nothing without a case.

    Where a setting has several lines, each weighs as much as it costs today.
    """
    case = case_for(area)
    if case is None:
        return {}
    found: dict[str, list[tuple[Figure, float]]] = {}
    for figure in case.group("activity"):
        weight = _money(case, figure)
        if figure.setting and weight:
            found.setdefault(figure.setting, []).append((figure, weight))
    return {where: _path(case, some, base, years) for where, some in found.items()}


def _money(case: Case, figure: Figure) -> float:
    known = case.figures.get(f"money-{figure.key}")
    return float(known.middle[0]) if known else 0.0


def _path(case: Case, some: list[tuple[Figure, float]], base: Year, years: int) -> Path:
    """Each year over the one before; a year that the case does not reach grows as its last."""
    first = min(max(base.first.year - case.years[0], 0), len(case.years) - 2)
    last = len(case.years) - 1
    whole = [
        sum(weight * float(f.middle[at] / f.middle[0]) for f, weight in some)
        for at in range(len(case.years))
    ]
    steps = [min(first + n, last - 1) for n in range(years)]
    return tuple(round((whole[at + 1] / whole[at] - 1) * 10_000) for at in steps)


def source(setting: str, grows: Mapping[str, Path]) -> str:
    """Where a line's growth is from."""
    return _CASE if setting in grows else _WORDS


def lines_of(area: str, base: Year, years: int) -> tuple[Line, ...]:
    """A line for each that the case has a cost of, at the prices that the case names."""
    case = case_for(area)
    if case is None:
        return ()
    made = []
    for figure in case.group("activity"):
        known = case.figures.get(f"money-{figure.key}")
        if known is not None:
            path = _path(case, [(figure, 1.0)], base, years)
            made.append(Line(
                code=figure.key, name=figure.name, setting=figure.setting or "other",
                amount=round(_at(case, known, base)), demand=path,
                source=f"{_CASE}. Cost at {case.prices}: {known.source}"[:500],
            ))  # fmt: skip
    return tuple(made)


def funders_of(area: str, base: Year) -> tuple[Funder, ...]:
    """Who pays in the base year what the case has of them: the plan begins in balance."""
    case = case_for(area)
    return () if case is None else tuple(
        Funder(code=code, name=name, amount=round(_at(case, case.of(key), base)), growth=REAL,
               source="The case's cost of the base year: begun in balance; growth assumed")
        for key, (code, name) in _FUNDERS.items()
    )  # fmt: skip


def _at(case: Case, figure: Figure, base: Year) -> float:
    years = case.years
    return float(figure.middle[min(max(base.first.year - years[0], 0), len(years) - 1)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A line's demand over all years, in the plan and in the case, in per cent."""

    name: str
    planned: float
    foreseen: float | None

    @property
    def differs(self) -> bool:
        """Whether they are more than a tenth of a point a year apart, for five years."""
        return self.foreseen is not None and abs(self.planned - self.foreseen) > 0.5


def beside(plan: MoneyPlan) -> list[Beside]:
    """What the plan takes as demand, beside what the case foresees; nothing without a case."""
    grows = growth(plan.area, plan.first, plan.years)
    lines = {line.code: line.demand for line in lines_of(plan.area, plan.first, plan.years)}
    if not grows:
        return []
    return [
        Beside(name=line.name, planned=_over(line.demand, plan.years),
               foreseen=_over(found, plan.years) if (
                   found := lines.get(line.code) or grows.get(line.setting)) else None)
        for line in plan.lines
    ]  # fmt: skip


def _over(path: Path, years: int) -> float:
    made = 1.0
    for step in range(years):
        made *= 1 + path[min(step, len(path) - 1)] / 10_000
    return round((made - 1) * 100, 1)
