"""A plan of staff as a workbook, with what each figure is and what was assumed."""

from collections.abc import Iterator
from typing import Any

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.workforce.limiting import limited
from onesystem.plan.workforce.projecting import Projection, Unsure
from onesystem.plan.workforce.roles import role, sources
from onesystem.plan.workforce.shape import BANDS, OVER, TIERS
from onesystem.plan.workforce.telling import ends

DEFINED = {
    "In post": "Full-time equivalents at the beginning of a year",
    "Retire": "Those over 55, evenly over the years in which the plan says they retire",
    "Leave": "Of those under 55, for other reasons",
    "Newly trained": "Of the places paid for, those who finish, from the month they begin to work",
    "Done by others": "Of what is needed, hours that another role does; below nothing: for others",
    "Short": "Needed, less what others do, less who is in post at the year's end",
    "Low, high": "Eight of ten draws lie between",
    "Paid for": "Places that the money for training pays for, each role cut by the same part",
    "Done": "Work that the hours of staff allow: first what cannot wait",
}
_FLOW = ("Role", "Year", "In post", "Retire", "Leave", "Newly trained", "Join", "At the end",
         "Needed", "Done by others", "Short", "Low", "High", *BANDS, OVER)  # fmt: skip


def workbook_of(found: Projection) -> bytes:
    """Cover, years, training, work, definitions."""
    plan = found.plan
    training = [
        (f"{i.month:%Y-%m}", role(i.role).name, i.wanted, i.places, i.cost / 100,
         f"{i.ready:%Y-%m}", i.qualify)
        for i in found.intakes
    ]  # fmt: skip
    work = [
        (name, each.name, TIERS[each.tier], each.wanted, each.done, each.undone,
         role(each.binds).name if each.binds else "")
        for number, name in enumerate(ends(plan), 1)
        for each in limited(found, number)
    ]  # fmt: skip
    return workbook(
        Sheet(name="Plan", head=(), rows=_cover(found), widths=(34, 90), keys=True),
        Sheet(name="Years", head=_FLOW, rows=_years(found), widths=(44, *[14] * 17)),
        Sheet(name="Training", head=("Intake", "Role", "Wanted", "Paid for", "Cost",
                                     "Begin to work", "Finish"),
              rows=training, widths=(12, 44, 10, 10, 16, 14, 10)),
        Sheet(name="Work", head=("Year", "Work", "When staff are short", "Wanted", "Done",
                                 "Not done", "Whose hours bind"),
              rows=work, widths=(10, 40, 24, 14, 14, 14, 44)),
        Sheet(name="Definitions", head=(), widths=(24, 100), keys=True,
              rows=[*DEFINED.items(), ("Range", Unsure().source),
                    *zip(("Training", "Assumed", "Over 55"), sources(), strict=True)]),
    )  # fmt: skip


def _cover(found: Projection) -> Iterator[tuple[str, Any]]:
    plan = found.plan
    yield "Plan", plan.name
    yield "Area", plan.area
    yield "From", f"{plan.base:%B %Y}"
    yield "Years", plan.years
    yield "Those over 55 retire within", f"{plan.retire} years"
    yield "Hours with people, a year", plan.hours
    yield "Money for training, a year", "no limit" if plan.money is None else plan.money / 100
    for staff in plan.staff:
        yield role(staff.role).name, staff.source


def _years(found: Projection) -> Iterator[tuple[Any, ...]]:
    for code, years in found.years.items():
        for name, y, span in zip(ends(found.plan), years, found.ranges[code], strict=True):
            yield (role(code).name, name, y.opens, y.retire, y.leave, y.qualify, y.join, y.closes,
                   y.needed, y.eased, y.short, *span, *y.by_age)  # fmt: skip
