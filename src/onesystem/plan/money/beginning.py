"""A plan of money as it begins, out of an area's case for change. Pure but for tables read."""

from dataclasses import replace

from onesystem.budget.months import Year
from onesystem.plan.money import casing
from onesystem.plan.money.shape import MoneyPlan

BASE = "2026/27"  # the first year of cases
EMPTY = MoneyPlan(
    slug="new", name="", base=BASE, pay=(350, 280), price=(250,), inflation=(240, 200),
    efficiency=(150,), rates_source="Assumed until somebody writes whose forecast they are",
)  # fmt: skip


def of_case(*, slug: str, name: str, area: str, year: Year, years: int) -> MoneyPlan:
    """What the area's people cost when nothing is done, paid for in full in the first year."""
    return replace(
        EMPTY, slug=slug, name=name, base=year.name, begins=year.first.month, years=years,
        area=area, lines=casing.lines_of(area, year, years),
        funders=casing.funders_of(area, year),
    )  # fmt: skip
