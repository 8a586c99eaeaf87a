"""A case as a workbook, with what each figure is and what was assumed."""

from collections.abc import Iterator
from typing import Any

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.case import presenters, wording
from onesystem.plan.case.figures import GROUPS, Case, Figure

_SHEET = 31
_MEANS = (
    ("Doing nothing", "Today's model of care and rates by age, for the people of each year"),
    ("Low, high", "Eight of ten of a thousand draws lie between"),
    ("Today", "What there is; where nobody says, what is needed today"),
    ("published", "Today's level is published for the area"),
    ("derived", "Today's level is shared out or worked out from what is published"),
    ("assumed", "Nothing is published of it: a rate was assumed, and is named"),
)


def workbook_of(case: Case) -> bytes:
    """Cover, a sheet a group with every year, small areas, definitions, assumptions."""
    years = [str(year) for year in case.years]
    head = ("Figure", "Which", "Unit", "Today", *years)
    groups = [
        Sheet(name=title[:_SHEET], head=head, widths=(44, 10, 22, 16, *[14] * len(years)),
              rows=[row for each in case.group(key) for row in _rows(each)])
        for key, title in GROUPS.items()
    ]  # fmt: skip
    small = Sheet(name="Small areas", head=presenters.SMALL_HEAD, widths=(14, 30, *[18] * 5),
                  rows=(_whole(row) for row in presenters.small_areas(case)))  # fmt: skip
    return workbook(
        Sheet(name="Case", head=(), rows=list(_cover(case)), widths=(30, 110), keys=True),
        *groups, small,
        Sheet(name="Definitions", head=("Key", "Figure", "Unit", "Today's level", "Source"),
              rows=presenters.definitions(case), widths=(22, 44, 26, 14, 120)),
        Sheet(name="Assumptions", rows=presenters.assumptions(case),
              head=("Key", "What", "Taken", "Spread (sd)", "Unit", "As shipped", "Source"),
              widths=(22, 60, 10, 10, 16, 12, 120)),
    )  # fmt: skip


def _cover(case: Case) -> Iterator[tuple[str, Any]]:
    yield "Area", f"{case.area.name} ({case.area.code})"
    yield "Years", f"{case.years[0]} to {case.years[-1]}"
    yield "Prices", f"Money in {case.area.currency}, at the prices of {case.prices}"
    for sentence in wording.sentences(case):
        yield "If nothing is done", sentence
    for note in case.notes:
        yield "Note", note
    yield from _MEANS


def _rows(figure: Figure) -> Iterator[list[Any]]:
    scale = 100 if figure.group == "money" else 1
    for which, values in (("low", figure.low), ("middle", figure.middle), ("high", figure.high)):
        now = None if figure.now is None else round(figure.now / scale, 1)
        yield [figure.name, which, figure.unit, now, *(round(float(x) / scale, 1) for x in values)]


def _whole(row: list[Any]) -> list[Any]:
    return [round(each, 1) if isinstance(each, float) else each for each in row]
