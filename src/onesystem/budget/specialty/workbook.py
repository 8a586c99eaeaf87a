"""A specialty's budget as a workbook, with what each figure is."""

from collections.abc import Iterator
from typing import Any

from onesystem.budget.specialty.building import PARTS, Built, kept
from onesystem.budget.specialty.reading import Standing
from onesystem.budget.specialty.shape import GROUPS, Specialty
from onesystem.flow.showing.workbook import Sheet, workbook

DEFINED = {
    "Pay": "Posts by dated pay scales, with employer's national insurance and pension",
    "Hours": "Posts by working weeks and weekly hours, and the share practically left for people",
    "Hours that work takes": "Planned pieces by the minutes of each step",
    "Used, not used": "The cost of a group by the share of its minutes; both sum to its cost",
    "By the old tariff": "Planned work at national unit costs of 2024/25, in place of prices",
    "Released bed-days": "Stay with the specialty: the elective work that days and staff allow",
}
_WORK = ("Work", "Last", "Change %", "Planned", "Source", "Steps")
_STAFF = ("Staff", "Posts", "Cost", "Hours", "Hours that work takes", "Used", "Not used")
_TARIFF = ("Work", "Planned", "Unit cost", "Would have paid", "Stands in")


def workbook_of(s: Specialty, built: Built, standing: Standing) -> bytes:
    """Cover, lines, work, capacity, old tariff, definitions."""
    lines = [(PARTS[x.part], x.words, x.rule, x.amount / 100, x.source) for x in built.lines]
    staff = [
        (GROUPS[c.group], c.hundredths / 100, c.cost / 100, c.minutes / 60, c.needed / 60,
         c.used / 100, c.unused / 100)
        for c in built.capacity
    ]  # fmt: skip
    old = [
        (t.name, t.planned, None if t.unit is None else t.unit / 100,
         None if t.amount is None else t.amount / 100, t.words)
        for t in built.tariff
    ]  # fmt: skip
    return workbook(
        Sheet(name="Budget", head=(), rows=_cover(s, built, standing), widths=(34, 60), keys=True),
        Sheet(name="Lines", head=("Part", "What", "Rule", "A year", "Source"), rows=lines,
              widths=(16, 40, 40, 14, 90)),
        Sheet(name="Work", head=_WORK, rows=_work(s), widths=(34, 10, 10, 10, 34, 80)),
        Sheet(name="Capacity", head=_STAFF, rows=staff, widths=(28, *[14] * 6)),
        Sheet(name="Old tariff", head=_TARIFF, rows=old, widths=(34, 12, 12, 16, 60)),
        Sheet(name="Definitions", head=(), rows=list(DEFINED.items()), widths=(30, 90), keys=True),
    )  # fmt: skip


def _cover(s: Specialty, built: Built, standing: Standing) -> Iterator[tuple[str, Any]]:
    yield "Specialty", s.name
    yield "Year", s.year
    yield "Version", standing.version
    yield "State", standing.state[0]
    yield "Budget", built.total / 100
    yield "By the old tariff", built.would / 100
    for as_, step in standing.signed.items():
        yield f"Signed as {as_}", f"{step.by}, {step.at:%-d %B %Y}"
    days = kept(s, built)
    if days:
        yield "Released bed-days kept", days.days
        yield "More elective work", days.more


def _work(s: Specialty) -> Iterator[tuple[Any, ...]]:
    for w in s.works:
        steps = "; ".join(f"{x.words}: {x.minutes} min {GROUPS[x.group]}" for x in w.steps)
        yield w.name, w.volume, w.growth, w.planned, w.source, steps
