"""Plans of money in rows, charts and words: what templates lay out."""

from collections.abc import Sequence
from typing import Any

from onesystem.budget.pooled.presenters import amount
from onesystem.district import current
from onesystem.plan.charting import Bridged, Chart, Series, drawn, fallen
from onesystem.plan.money.bridge import MEANS, STEPS, Step
from onesystem.plan.money.drawing import Range
from onesystem.plan.money.shape import SETTINGS, MoneyPlan
from onesystem.plan.money.working import Bridge, Worked, YearOf
from onesystem.vocabulary.money import _SYMBOLS
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_BIG = ((10**11, "bn"), (10**8, "m"), (10**5, "k"))


def short(minor: float) -> str:
    """An amount in a few letters, for charts and figures: £512.3m."""
    symbol, sign = _SYMBOLS.get(current().currency, ""), "-" if minor < 0 else ""
    for size, word in _BIG:
        if abs(minor) >= size:
            digits = 3 if word == "k" else 4
            return f"{sign}{symbol}{abs(minor) / size:.{digits}g}{word}"
    return f"{sign}{symbol}{abs(minor) / 100:.0f}"


_LARGE = 50_000_000_00


def rounded(worked: Worked) -> tuple[int, str]:
    """What wide tables count in: whole units of the currency, or thousands of a large plan's."""
    symbol = _SYMBOLS.get(current().currency, current().currency)
    large = worked.years[0].cost >= _LARGE
    return (
        (100_000, say("thousands of {symbol}", symbol=symbol))
        if large
        else (100, say("whole {symbol}", symbol=symbol))
    )


def _cell(minor: int | None, unit: int) -> Any:
    """A rounded figure that sorts and is taken away as it is, to the penny."""
    return None if minor is None else Cell(f"{minor / unit:,.0f}", value=minor / 100)


def span(found: Range, money: int) -> str:
    """What is short in eight of ten draws, in words."""
    least, most = found.low - money, found.high - money
    if most <= 0:
        return say("{most} to {least} left", most=short(-most), least=short(-least))
    if least >= 0:
        return say("{least} to {most} short", least=short(least), most=short(most))
    return say("{least} left to {most} short", least=short(-least), most=short(most))


def chart(worked: Worked, found: Sequence[Range], *, real: bool) -> Chart:
    """Cost with its range, money, and what doing nothing would cost."""
    years = worked.years

    def of(amounts: Sequence[int]) -> list[float]:
        return [y.real(a) if real else a for y, a in zip(years, amounts, strict=True)]

    band = list(zip(of([r.low for r in found]), of([r.high for r in found]), strict=True))
    return drawn(
        [
            Series(
                name=say("Doing nothing"), values=of([y.nothing for y in years]), kind="nothing"
            ),
            Series(name=say("Cost as planned"), values=of([y.cost for y in years]), kind="cost"),
            Series(name=say("Money"), values=of([y.money for y in years]), kind="money"),
        ],
        [y.year.name[2:] for y in years],
        words=short,
        band=band,
    )


_YEARS = (
    Column("year", "Year"), Column("nothing", "Doing nothing", right=True),
    Column("cost", "Cost as planned", right=True), Column("low", "Low", right=True),
    Column("high", "High", right=True), Column("money", "Money", right=True),
    Column("gap", "Short", right=True),
    Column("enough", "Money does", right=True, unit="of 100 draws"),
    Column("hospital", "Hospital's money", right=True),
    Column("outside", "Outside's money", right=True),
    Column("share", "Outside's share", right=True, unit="%"),
)  # fmt: skip


def years(worked: Worked, found: Sequence[Range], query: Any, *, real: bool) -> Listing:
    """Year by year."""
    unit, words = rounded(worked)

    def of(year: YearOf, minor: int) -> Any:
        return _cell(year.real(minor) if real else minor, unit)

    rows = [
        [
            y.year.name, of(y, y.nothing), of(y, y.cost), of(y, r.low), of(y, r.high),
            of(y, y.money), of(y, y.gap),
            None if r.enough is None else round(r.enough * 100), of(y, y.shared.hospital),
            of(y, y.shared.outside),
            None if y.shared.share is None else round(float(y.shared.share) * 100, 1),
        ]
        for y, r in zip(worked.years, found, strict=True)
    ]  # fmt: skip
    prices = say("in the prices of the base year") if real else say("in cash")
    caption = say("Years, {prices}, {words}", prices=prices, words=words)
    return Listing(caption=caption, columns=_YEARS, all_rows=rows, query=query)


def bridged(bridge: Bridge) -> Bridged:
    """The chart of a bridge."""
    whole = bridge.whole
    steps = [(words.split(" as ")[0], getattr(whole, name)) for name, words in STEPS.items()]
    return fallen((bridge.before.name, whole.before), steps, (bridge.after.name, whole.after),
                  words=short)  # fmt: skip


def bridge_steps(bridge: Bridge) -> list[dict[str, Any]]:
    """A bridge as a table: each step, its amount, its part of the year before, what it is."""
    before = bridge.whole.before
    made = [
        {"name": bridge.before.name, "amount": before, "share": None, "means": say("Cost before")}
    ]
    for name, words in STEPS.items():
        minor = getattr(bridge.whole, name)
        share = round(minor / before * 100, 2) if before else None
        made.append({"name": words, "amount": minor, "share": share, "means": MEANS[name]})
    made.append({"name": bridge.after.name, "amount": bridge.whole.after, "share": None,
                 "means": say("Cost after: the steps sum to it exactly")})  # fmt: skip
    return made


def bridges(worked: Worked, query: Any) -> Listing:
    """Every bridge of the plan, a row a year."""
    columns = (
        Column("year", "To"), Column("before", "Before", right=True),
        *(Column(name, words, right=True) for name, words in STEPS.items()),
        Column("after", "After", right=True),
    )  # fmt: skip
    unit, words = rounded(worked)
    rows = [[b.after.name, *_step(b.whole, unit)] for b in worked.bridges]
    caption = say("All bridges, {words}", words=words)
    return Listing(caption=caption, columns=columns, all_rows=rows, query=query)


def by_line(worked: Worked, bridge: Bridge, query: Any) -> Listing:
    """A bridge line by line."""
    names = _names(worked.plan)
    columns = (
        Column("line", "Line"), Column("before", "Before", right=True),
        *(Column(name, words, right=True) for name, words in STEPS.items()),
        Column("after", "After", right=True),
        Column("more", "More elective work", right=True),
    )  # fmt: skip
    unit, words = rounded(worked)
    rows = [[names[s.code], *_step(s, unit), s.more or None] for s in bridge.lines]
    caption = say("Line by line, {words}", words=words)
    return Listing(caption=caption, columns=columns, all_rows=rows, query=query)


def _step(step: Step, unit: int) -> list[Any]:
    amounts = (step.before, *(getattr(step, name) for name in STEPS), step.after)
    return [_cell(each, unit) for each in amounts]


def _names(plan: MoneyPlan) -> dict[str, str]:
    return {x.code: x.name for x in (*plan.lines, *plan.doubled)}


def lines(worked: Worked, query: Any) -> Listing:
    """What each line costs at the beginning and at the end, and what moves it."""
    columns = (
        Column("line", "Line"), Column("setting", "Setting"),
        Column("base", worked.plan.base, right=True),
        Column("last", worked.last.year.name, right=True),
        Column("demand", "Demand", right=True, unit="% a year"),
        Column("pay", "Pay's part", right=True, unit="%"), Column("source", "Source"),
    )  # fmt: skip
    last = dict(worked.last.by_line)
    rows = [
        [x.name, SETTINGS.get(x.setting, say("Other")), amount(x.amount), amount(last[x.code]),
         _spoken(x.demand), x.pay, x.source]
        for x in worked.plan.lines
    ]  # fmt: skip
    return Listing(caption="Lines", columns=columns, all_rows=rows, query=query,
                   empty_title="Nothing costs anything yet",
                   empty_advice="Edit the plan, and add what there is to pay for.")  # fmt: skip


def _spoken(path: Sequence[int]) -> str:
    """A path in a cell: one rate, or the first and the last."""
    same = len(set(path)) == 1
    return (
        f"{path[0] / 100:g}"
        if same
        else say("{path} to {path2}", path=f"{path[0] / 100:g}", path2=f"{path[-1] / 100:g}")
    )


def compared(before: Worked, after: Worked, query: Any) -> Listing:
    """Two versions beside each other, year by year."""
    one = {y.year.name: y for y in before.years}
    columns = (
        Column("year", "Year", sorts=False), Column("was", "Cost before", right=True, sorts=False),
        Column("now", "Cost after", right=True, sorts=False),
        Column("money_was", "Money before", right=True, sorts=False),
        Column("money_now", "Money after", right=True, sorts=False),
        Column("gap", "Short, more", right=True, sorts=False),
    )  # fmt: skip
    rows = []
    for y in after.years:
        was = one.get(y.year.name)
        rows.append([
            y.year.name, amount(was.cost if was else None), amount(y.cost),
            amount(was.money if was else None), amount(y.money),
            amount(y.gap - was.gap if was else None),
        ])  # fmt: skip
    return Listing(caption="Differences", columns=columns, all_rows=rows, query=query)
