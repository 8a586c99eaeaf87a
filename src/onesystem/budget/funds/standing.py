"""The whole system's position as rows: what each line holds, summed by what is asked. Pure.

    contributed   given to the funds (of the year)         plan        of the year, and to date
    commitments   promised and not yet drawn               actuals     posted to date
    forecast      what the year comes to, with interval    variance    plan less forecast
    available     plan of the year less promised and spent

A figure of a group is the sum of its lines. Lines lie in one group each, but for ring fences,
which may lie over one another: their rows do not sum to the whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from onesystem.budget.funds.forecasting import Forecast, added
from onesystem.budget.funds.shape import UNALLOTTED, Line

GROUPINGS = ("programme", "organisation", "setting", "place", "fund", "fence", "goal", "line")
WHOLE, NOWHERE = "", "none"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line holds, in minor units."""

    plan: int = 0
    plan_to_date: int = 0
    committed: int = 0
    actual: int = 0
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A group of lines and what they come to. `of` is how many lines; `contributed` where known."""

    key: str
    of: int
    plan: int
    plan_to_date: int
    committed: int
    actual: int
    forecast: Forecast | None
    contributed: int | None = None
    lines: tuple[str, ...] = field(default=(), repr=False)

    @property
    def variance(self) -> int | None:
        """What would be left at the end of the year; below zero is an overspend."""
        return None if self.forecast is None else self.plan - self.forecast.amount

    @property
    def available(self) -> int:
        """What of the year's plan is neither promised nor spent."""
        return self.plan - self.committed - self.actual


def keys(line: Line, by: str) -> tuple[str, ...]:
    """The group that a line lies in; what is not allotted yet is a group of its own."""
    if line.unallotted and by not in {"fund", "line"}:
        return (UNALLOTTED,)
    return (line.said(by) or NOWHERE,)


def grouped(
    lines: Iterable[Line],
    figures: Mapping[str, Figures],
    by: str,
    *,
    contributed: Mapping[str, int] | None = None,
    within: Mapping[str, Sequence[str]] | None = None,
) -> list[Position]:
    """Lines by group, the largest plan first. `within` says the lines of each ring fence."""
    groups: dict[str, list[str]] = {}
    if within is None:
        for line in lines:
            groups.setdefault(keys(line, by)[0], []).append(line.code)
    else:
        groups = {key: list(codes) for key, codes in within.items()}
    for key in contributed or {}:
        groups.setdefault(key, [])
    made = [summed(key, codes, figures) for key, codes in groups.items()]
    if contributed is not None:
        made = [replace(each, contributed=contributed.get(each.key, 0)) for each in made]
    return sorted(made, key=lambda p: (-p.plan, -p.actual, p.key))


def summed(key: str, codes: Sequence[str], figures: Mapping[str, Figures]) -> Position:
    """Several lines as one row. A line without forecast counts with what it has spent."""
    some = [figures.get(code, Figures()) for code in codes]
    parts = [f.forecast for f in some if f.forecast is not None]
    whole = added(parts)
    return Position(
        key=key, of=len(codes), plan=sum(f.plan for f in some),
        plan_to_date=sum(f.plan_to_date for f in some), committed=sum(f.committed for f in some),
        actual=sum(f.actual for f in some), forecast=whole, lines=tuple(codes),
    )  # fmt: skip


def figures_of(
    plan: Mapping[str, Mapping[date, int]],
    committed: Mapping[str, int],
    actual: Mapping[str, Mapping[date, int]],
    forecasts: Mapping[str, Forecast],
    month: date,
) -> dict[str, Figures]:
    """Every line's figures: `month` is the last that counts as to date."""
    return {
        code: Figures(
            sum(plan.get(code, {}).values()), _upto(plan.get(code, {}), month),
            committed.get(code, 0), _upto(actual.get(code, {}), month), forecasts.get(code),
        )
        for code in {*plan, *committed, *actual}
    }  # fmt: skip


def _upto(months: Mapping[date, int], last: date) -> int:
    return sum(amount for month, amount in months.items() if month <= last)
