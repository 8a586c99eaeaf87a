"""A plan of money as a workbook, with what each figure is and what was assumed."""

from collections.abc import Iterator, Sequence
from typing import Any

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.plan.money.bridge import MEANS, STEPS
from onesystem.plan.money.drawing import Range, Unsure
from onesystem.plan.money.shape import RULES, typed
from onesystem.plan.money.working import Worked

DEFINED = {
    "Doing nothing": "Demand, pay and prices on today's lines; no efficiency, no double running",
    "Cost as planned": "The same less efficiency, with what of it is reinvested and double running",
    "Low, high": "Eight of ten draws of a thousand lie between",
    "Money": "What funders give, with real growth and inflation",
    "Short": "Cost less money; below nothing, money is left",
    "Real": "In the prices of the base year, by the plan's inflation",
    "Hospital's, outside's money": "The money by the plan's rule for growth",
}


def workbook_of(worked: Worked, found: Sequence[Range]) -> bytes:
    """Cover, years, bridges, lines, efficiency, definitions."""
    plan = worked.plan
    years = [
        (y.year.name, y.nothing / 100, y.cost / 100, r.low / 100, r.high / 100, y.money / 100,
         y.gap / 100, y.real(y.cost) / 100, y.real(y.money) / 100, y.shared.hospital / 100,
         y.shared.outside / 100, y.shared.how)
        for y, r in zip(worked.years, found, strict=True)
    ]  # fmt: skip
    labels = [(x.name, x.percent, x.working, x.means) for x in worked.labels]
    return workbook(
        Sheet(name="Plan", head=(), rows=_cover(worked), widths=(34, 90), keys=True),
        Sheet(name="Years", head=("Year", "Doing nothing", "Cost as planned", "Low", "High",
                                  "Money", "Short", "Cost, real", "Money, real",
                                  "Hospital's money", "Outside's money", "Rule"),
              rows=years, widths=(10, *[18] * 10, 60)),
        Sheet(name="Bridges", head=("From", "To", "Line", "Before", *STEPS.values(), "After",
                                    "More elective work"),
              rows=_bridges(worked), widths=(10, 10, 34, *[16] * 10)),
        Sheet(name="Lines", head=("Line", "Setting", plan.base, "Pay %", "Demand % a year",
                                  "Efficiency % a year", "Stays %", "Source"),
              rows=[(x.name, x.setting, x.amount / 100, x.pay, typed(x.demand),
                     typed(plan.saved(x)), x.keeps, x.source) for x in plan.lines],
              widths=(34, 18, 18, 10, 20, 20, 10, 70)),
        Sheet(name="Efficiency", head=("Sum", "Per cent", "Working", "What it is"), rows=labels,
              widths=(20, 12, 30, 90)),
        Sheet(name="Definitions", head=(), widths=(30, 100), keys=True,
              rows=[*DEFINED.items(), *((STEPS[n], MEANS[n]) for n in STEPS),
                    ("Range", Unsure().source)]),
    )  # fmt: skip


def _cover(worked: Worked) -> Iterator[tuple[str, Any]]:
    plan = worked.plan
    yield "Plan", plan.name
    yield "Area", plan.area
    yield "Base year", plan.base
    yield "Years", plan.years
    yield "Pay, % a year", typed(plan.pay)
    yield "Prices, % a year", typed(plan.price)
    yield "Inflation, % a year", typed(plan.inflation)
    yield "Efficiency, % a year", typed(plan.efficiency)
    yield "Rates from", plan.rates_source
    yield "Growth", f"{RULES[plan.rule.kind]}: {plan.rule.rate / 100:g} %. {plan.rule.source}"
    for each in plan.funders:
        yield f"{each.name} gives", each.amount / 100
    for both in plan.doubled:
        top = ", money on top" if both.top else ""
        span = f"{both.first:%B %Y} to {both.last:%B %Y}"
        yield f"Double running: {both.name}", f"{both.amount / 100:,.2f} a year, {span}{top}"
    yield "Short in the last year", worked.last.gap / 100


def _bridges(worked: Worked) -> Iterator[tuple[Any, ...]]:
    names = {line.code: line.name for line in worked.plan.lines}
    names |= {both.code: both.name for both in worked.plan.doubled}
    for bridge in worked.bridges:
        for step in (*bridge.lines, bridge.whole):
            yield (
                bridge.before.name, bridge.after.name, names.get(step.code, "All"),
                step.before / 100, *(getattr(step, name) / 100 for name in STEPS),
                step.after / 100, step.more,
            )  # fmt: skip
