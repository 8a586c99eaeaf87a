"""From one year's cost to the next, step by step, always in the same order. Pure.

    base 100.00, demand 2 %, pay 4 % on 70 %, prices 3 % on 30 %, efficiency 1 %
    demand        +2.00   the base by the growth of demand
    pay           +2.80   the base's pay by its growth
    prices        +0.90   the rest of the base by its growth
    interaction   +0.07   more work at dearer pay and prices: what the three leave over
    efficiency    -1.06   of what the year would cost with all that
    reinvested    +0.00   what of it stays with its service, as more elective work
    double run    +0.00   money for running old and new side by side, against the year before
    next year     104.71

Each step is worked out from exact rates and rounded once, to the nearest minor unit (a half to the
even one); the interaction takes what rounding leaves, so that the steps sum exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from onesystem.plan.money.labels import WHOLE
from onesystem.plan.money.shape import Doubled, Line, MoneyPlan, at
from onesystem.vocabulary.said import say_each

STEPS: Mapping[str, str] = say_each({
    "demand": "Demand", "pay": "Pay", "price": "Prices", "interaction": "Interaction",
    "efficiency": "Efficiency", "reinvested": "Reinvested as elective work",
    "doubled": "Double running",
})  # fmt: skip
MEANS: Mapping[str, str] = say_each({
    "demand": "More people, older people, more need: the year's cost by the growth of demand",
    "pay": "Pay awards on the part of the cost that is pay",
    "price": "Rising prices of all that is not pay",
    "interaction": "More work that is also dearer: what demand, pay and prices leave over when "
                   "each is taken of the same base; with the last minor unit of rounding",
    "efficiency": "The same for less, of what the year would cost with all before",
    "reinvested": "What of the efficiency stays with its service, as more elective work",
    "doubled": "Money for running old and new side by side, against the year before",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line's way from one year to the next; `more` is the elective work that was bought."""

    code: str
    before: int
    demand: int
    pay: int
    price: int
    interaction: int
    efficiency: int
    reinvested: int
    doubled: int = 0
    more: int = 0

    @property
    def after(self) -> int:
        """The next year's cost: the steps sum to it exactly."""
        return self.before + sum(int(getattr(self, name)) for name in STEPS)


def line_step(plan: MoneyPlan, line: Line, before: int, step: int) -> Step:
    """One line from year `step` to the next."""
    demand, pay, price = (
        Fraction(at(path, step), WHOLE) for path in (line.demand, plan.pay, plan.price)
    )
    share = Fraction(line.pay, 100)
    by_demand, by_pay = round(before * demand), round(before * share * pay)
    by_price = round(before * (1 - share) * price)
    pressed = round(before * (1 + demand) * (1 + share * pay + (1 - share) * price))
    released = round(pressed * Fraction(at(plan.saved(line), step), WHOLE))
    kept = round(released * Fraction(line.keeps, 100)) if released > 0 else 0
    return Step(
        code=line.code, before=before, demand=by_demand, pay=by_pay, price=by_price,
        interaction=pressed - before - by_demand - by_pay - by_price,
        efficiency=-released, reinvested=kept, more=kept // line.unit if line.unit else 0,
    )  # fmt: skip


def on_top(plan: MoneyPlan, number: int) -> int:
    """Money of a year that comes for double running alone, and ends with it."""
    year = plan.year(number)
    return sum(
        round(Fraction(each.amount * each.months_in(year), 12)) for each in plan.doubled if each.top
    )


def doubling(each: Doubled, plan: MoneyPlan, number: int) -> int:
    """What double running takes of a year: its months' part, and after its end what goes on."""
    year = plan.year(number)
    return (
        round(Fraction(each.amount * each.months_in(year), 12))
        + round(Fraction(each.after * each.months_after(year), 12))
    )  # fmt: skip


def doubled_step(plan: MoneyPlan, each: Doubled, step: int) -> Step:
    """Double running's way from a year to the next: it begins, runs, and ends."""
    before, after = doubling(each, plan, step), doubling(each, plan, step + 1)
    return Step(code=each.code, before=before, demand=0, pay=0, price=0, interaction=0,
                efficiency=0, reinvested=0, doubled=after - before)  # fmt: skip


def summed(steps: list[Step]) -> Step:
    """All lines together; the parts still sum to the whole, because each part is a sum."""
    names = ("before", *STEPS, "more")
    return Step(code="", **{name: sum(getattr(s, name) for s in steps) for name in names})
