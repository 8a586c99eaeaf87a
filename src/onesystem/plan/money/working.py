"""A plan of money worked out: cost, money, gap and sharing of each year, and the bridges. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.funds.shift import Envelope, envelope
from onesystem.budget.months import Year
from onesystem.plan.money.bridge import Step, doubled_step, doubling, line_step, on_top, summed
from onesystem.plan.money.labels import WHOLE, Label, of_path
from onesystem.plan.money.shape import MoneyPlan, at
from onesystem.plan.money.sharing import Shared, shared


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOf:
    """One year: what it costs, what there is, and what doing nothing would cost.

    `real` figures are in the prices of the base year.
    """

    year: Year
    cost: int
    nothing: int  # without efficiency, without double running
    money: int
    extra: int  # of the money: for double running alone
    deflator: Fraction
    by_line: tuple[tuple[str, int], ...]
    shared: Shared

    @property
    def gap(self) -> int:
        """What is short; below nothing where money is left."""
        return self.cost - self.money

    def real(self, amount: int) -> int:
        """An amount of the year in the prices of the base year."""
        return round(amount / self.deflator)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """From one year to the next: all of it, and line by line."""

    before: Year
    after: Year
    whole: Step
    lines: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """All that a plan comes to."""

    plan: MoneyPlan
    years: tuple[YearOf, ...]
    bridges: tuple[Bridge, ...]
    funders: tuple[tuple[str, tuple[Envelope, ...]], ...]

    @property
    def labels(self) -> tuple[Label, Label, Label]:
        """What the plan's efficiency is over all its years, by the three sums."""
        return of_path([at(self.plan.efficiency, n) for n in range(self.plan.years)])

    @property
    def last(self) -> YearOf:
        """The last year."""
        return self.years[-1]

    @property
    def more(self) -> int:
        """How much more elective work reinvested efficiency has bought by the end, a year."""
        return sum(bridge.whole.more for bridge in self.bridges)


def work(plan: MoneyPlan) -> Worked:
    """Work a plan out."""
    bridges = _bridges(plan)
    funders = tuple((f.code, _given(plan, f.amount, f.growth)) for f in plan.funders)
    nothing = _nothing(plan)
    inflation, made = Fraction(1), list[YearOf]()
    for number, year in enumerate(plan.all_years):
        money = sum(given[number].cash for _, given in funders)
        lines = _lines(plan, bridges, number)
        if number:
            inflation *= 1 + Fraction(at(plan.inflation, number - 1), WHOLE)
            sharing = shared(made[-1].shared, money, plan.rule, at(plan.inflation, number - 1))
        else:
            sharing = _begins(plan, money)
        made.append(
            YearOf(year=year, cost=sum(amount for _, amount in lines), nothing=nothing[number],
                   money=money + on_top(plan, number), extra=on_top(plan, number),
                   deflator=inflation, by_line=lines, shared=sharing)
        )  # fmt: skip
    return Worked(plan=plan, years=tuple(made), bridges=bridges, funders=funders)


def _given(plan: MoneyPlan, amount: int, growth: tuple[int, ...]) -> tuple[Envelope, ...]:
    real = [Fraction(at(growth, n), WHOLE) for n in range(plan.years)]
    dearer = [Fraction(at(plan.inflation, n), WHOLE) for n in range(plan.years)]
    return tuple(envelope(amount, real, dearer))


def _bridges(plan: MoneyPlan) -> tuple[Bridge, ...]:
    amounts = {line.code: line.amount for line in plan.lines}
    made = []
    for step in range(plan.years):
        steps = [line_step(plan, line, amounts[line.code], step) for line in plan.lines]
        amounts = {each.code: each.after for each in steps}
        steps += [doubled_step(plan, each, step) for each in plan.doubled]
        made.append(Bridge(before=plan.year(step), after=plan.year(step + 1),
                           whole=summed(steps), lines=tuple(steps)))  # fmt: skip
    return tuple(made)


def _lines(
    plan: MoneyPlan, bridges: tuple[Bridge, ...], number: int
) -> tuple[tuple[str, int], ...]:
    if number:
        return tuple((each.code, each.after) for each in bridges[number - 1].lines)
    return (
        *((line.code, line.amount) for line in plan.lines),
        *((each.code, doubling(each, plan, 0)) for each in plan.doubled),
    )


def _nothing(plan: MoneyPlan) -> list[int]:
    """What each year would cost if nobody did anything: pressures alone."""
    amounts = [line.amount for line in plan.lines]
    made = [sum(amounts)]
    for step in range(plan.years):
        for place, line in enumerate(plan.lines):
            each = line_step(plan, line, amounts[place], step)
            amounts[place] = each.after - each.efficiency - each.reinvested
        made.append(sum(amounts))
    return made


def _begins(plan: MoneyPlan, money: int) -> Shared:
    """The base year's money is held as its cost is: by the hospital's part of it."""
    hospital = sum(line.amount for line in plan.lines if line.hospital)
    whole = sum(line.amount for line in plan.lines)
    inside = round(Fraction(money * hospital, whole)) if whole else 0
    return Shared(hospital=inside, outside=money - inside, how="as its cost is")
