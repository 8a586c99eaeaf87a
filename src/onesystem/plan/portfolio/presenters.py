"""A proposal in words and tables. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from onesystem.budget.pooled.presenters import amount, money
from onesystem.plan.portfolio.building import QUARTERS, Allowed
from onesystem.plan.portfolio.departing import Departure
from onesystem.plan.portfolio.limits import MONEYS, Price
from onesystem.plan.portfolio.plan_of import Outcome
from onesystem.plan.portfolio.proposing import Proposal
from onesystem.plan.portfolio.shape import NEVER, Problem
from onesystem.plan.portfolio.work import posts
from onesystem.vocabulary.said import listed, say, say_counted, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

KINDS = say_each({
    "money": "Money", "training": "Money for training", "change": "Capacity for change",
    "staff": "Staff", "places": "Places", "floor": "What has to be done at least",
    "must": "Has to have started",
})  # fmt: skip
LINES = say_each({
    "pay": "Pay", "agency": "Agency", "hiring": "Training places", "cost": "Other care",
    "setup": "Set-up of options", "running": "Running them",
})  # fmt: skip
_MOST = 6
DEFINED = (
    (
        say("Proposal"),
        (
            say(
                "The starts of options, the staff and the work that cost least in all, under "
                "every limit: money spent, and what work left undone counts as"
            )
        ),
    ),
    (
        say("Left undone"),
        say("Units that nobody does in a period: not a queue that is worked off later"),
    ),
    (
        say("Doing nothing"),
        say("No option; staff, agency and work at their best under the same limits"),
    ),
    (
        say("Binds"),
        say("In how many of its quarters, moments or years nothing of a limit is left over"),
    ),
    (
        say("A little more"),
        (
            say(
                "What everything together would cost less if the limit were let out by the "
                "stated step and all were chosen again"
            )
        ),
    ),
    (
        say("At the margin"),
        say("What a very small step is worth where options start as proposed (the dual)"),
    ),
    (
        say("Departing"),
        (
            say(
                "How much more everything would cost if this one choice were made otherwise, "
                "and all others were made again at their best"
            )
        ),
    ),
    (
        say("A post"),
        say("Whole-time, paid in the middle of its scale, with what employers pay besides"),
    ),
)


def quarter(begins: date, at: int) -> str:
    """A quarter in words: the months in which it begins, by its number from the plan's first."""
    months = begins.year * 12 + begins.month - 1 + 3 * at
    return f"{date(months // 12, months % 12 + 1, 1):%b %Y}"


def starts(begins: date, at: int) -> str:
    """When an option starts, in words."""
    return say("not at all") if at == NEVER else quarter(begins, at)


def options(
    found: Proposal, problem: Problem, begins: date, decided: Mapping[str, int] | None = None
) -> Listing:
    """When each option starts, and what deciding otherwise costs."""
    assert found.best is not None  # noqa: S101 - there is a proposal
    rows: list[list[Any]] = []
    ordered = sorted(problem.choices, key=lambda c: (_last(found.best, c.name), c.name))
    for choice in ordered:
        at = found.best.starts[choice.name]
        mine = [each for each in found.departures if each.option == choice.name]
        rows.append([
            choice.name,
            Cell(starts(begins, at), value=at, tag="quiet" if at == NEVER else "good"),
            *([starts(begins, decided[choice.name])] if decided is not None else []),
            amount(choice.setup), amount(choice.running * QUARTERS),
            f"{sum(choice.staff.values()):.2g}",
            Cell("; ".join(departing(each, at, begins) for each in mine) or say("as it has to be")),
        ])  # fmt: skip
    people = (Column("decided", "People decided"),) if decided is not None else ()
    return Listing(
        caption="When options start", all_rows=rows, exports=False, per_page=500,
        columns=(
            Column("option", "Option"), Column("start", "Proposed start"), *people,
            Column("setup", "Set-up", right=True), Column("running", "Running a year", right=True),
            Column("staff", "Posts", right=True), Column("else", "Departing from it costs"),
        ),
    )  # fmt: skip


def _last(best: Outcome | None, name: str) -> int:
    at = best.starts[name] if best else NEVER
    return 10_000 if at == NEVER else at


def departing(each: Departure, proposed: int, begins: date) -> str:
    """One departure in a few words, with what it costs."""
    if each.start == NEVER:
        what = say("not at all")
    elif proposed == NEVER:
        what = say("started in {quarter}", quarter=quarter(begins, each.start))
    else:
        late = each.start - proposed
        what = say_counted("{n} quarter later", "{n} quarters later", late)
    return f"{what}: " + ("cannot be" if each.cost is None else short(each.cost))


def short(minor: int) -> str:
    """An amount to be read at a glance."""
    pounds = minor / 100
    if abs(pounds) >= 1e6:
        return say(
            "{money}{pounds} million", money=money(100)[:1], pounds=f"{pounds / 1000000.0:,.3g}"
        )
    return money(round(pounds) * 100)[:-3]


def limits(found: Proposal, begins: date) -> Listing:
    """Which limits bind, and what a little more of each is worth."""
    rows = [
        [
            name(each), _tight(each), step(each), short(each.worth) if each.worth else "nothing",
            margin(each, begins),
        ]
        for each in sorted(found.prices, key=lambda p: -p.worth)
    ]  # fmt: skip
    return Listing(
        caption="Which limits bind, and their price", all_rows=rows, exports=False, per_page=500,
        columns=(
            Column("limit", "Limit"), Column("binds", "Binds"), Column("step", "A little more is"),
            Column("worth", "It would bring, in all", right=True),
            Column("margin", "At the margin, choices as they are"),
        ),
    )  # fmt: skip


def name(each: Any) -> str:
    """A limit in words: of a price or of a clash."""
    if each.of and each.kind in ("staff", "places"):
        return str(each.of)
    return f"{KINDS[each.kind]}: {each.of}" if each.of else KINDS[each.kind]


def _tight(each: Price) -> Cell:
    if not each.binds:
        return Cell(say("does not bind"), tag="good")
    unit = "years" if each.kind in MONEYS else "quarters"
    if not each.tight:
        return Cell(say("for what starts"), tag="warn")
    return Cell(
        say("in {tight} of {rows} {unit}", tight=each.tight, rows=each.rows, unit=unit), tag="warn"
    )


def step(each: Price) -> str:
    """The step by which a limit was let out."""
    if each.kind in MONEYS:
        part = "1%" if each.kind == "money" else say("a tenth")
        return say("{part} a year, {step} in all", part=part, step=short(round(each.step)))
    if each.kind == "change":
        return say("one more start each quarter")
    if each.kind == "staff":
        return say("one more post all along, before its pay")
    return say("{step} more days a quarter", step=f"{each.step:.0f}")


def margin(each: Price, begins: date) -> str:
    """The dual in words: by year for money, all along for the others."""
    if each.kind in MONEYS:
        told = [
            f"{quarter(begins, QUARTERS * n)[-4:]}: {by / 1000:.2f}"
            for n, by in enumerate(each.by_row) if by
        ]  # fmt: skip
        if not told:
            return ""
        years, more = listed(told[:_MOST]), len(told) - _MOST
        if more > 0:
            years = say("{years} and {n} years more", years=years, n=more)
        return say("pence saved by a penny: {years}", years=years)
    return say("{margin} for a whole one", margin=short(each.margin)) if each.margin else ""


def work(found: Proposal, problem: Problem) -> Listing:
    """What is wanted of each kind of care, and left undone by year."""
    best, nothing = found.best, found.nothing
    assert best is not None  # noqa: S101 - there is a proposal
    rows = []
    for service in problem.services:
        wanted, mine = sum(service.wanted), sum(best.unmet[service.name])
        before = sum(nothing.unmet[service.name]) if nothing else None
        rows.append([
            service.name, f"{wanted:,.0f}", f"{before:,.0f}" if before is not None else "",
            f"{mine:,.0f}", _gap(mine, before), money(service.undone),
        ])  # fmt: skip
    return Listing(
        caption="Work wanted and left undone, all years", all_rows=rows, exports=False,
        per_page=500,
        columns=(
            Column("care", "Care"), Column("wanted", "Wanted", right=True),
            Column("nothing", "Undone, doing nothing", right=True),
            Column("best", "Undone, as proposed", right=True), Column("gap", "Change", right=True),
            Column("counts", "A unit undone counts as", right=True),
        ),
    )  # fmt: skip


def _gap(mine: float, before: float | None) -> Cell | str:
    if before is None or abs(mine - before) < 0.5:
        return ""
    return Cell(
        f"{mine - before:+,.0f}", value=mine - before, tag="good" if mine < before else "bad"
    )


def staff(found: Proposal, problem: Problem) -> Listing:
    """Posts by group at each year's end, hired and from agencies."""
    best = found.best
    assert best is not None  # noqa: S101 - there is a proposal
    years = range(problem.years)
    rows = []
    for group in problem.groups:
        posts = best.posts[group.name]
        ends = [posts[min(len(posts), QUARTERS * (y + 1)) - 1] for y in years]
        rows.append([
            group.name, f"{group.there:,.2f}", *(f"{each:,.2f}" for each in _few(ends)),
            f"{sum(best.hired[group.name]):,.2f}", f"{max(best.agency[group.name]):,.2f}",
        ])  # fmt: skip
    return Listing(
        caption="Staff, whole-time posts", all_rows=rows, exports=False, per_page=500,
        columns=(
            Column("group", "Group"), Column("now", "Now", right=True),
            *(Column(f"y{n}", f"After year {n + 1}", right=True) for n in _few(list(years))),
            Column("hired", "Hired on top", right=True),
            Column("agency", "Most from agencies", right=True),
        ),
    )  # fmt: skip


def _few(every: list[Any]) -> list[Any]:
    """All of five years; of more, every fifth and the last."""
    return every if len(every) <= 5 else [*every[4::5]]


def moneys(found: Proposal, problem: Problem, begins: date) -> Listing:
    """Money by year and what it is for."""
    best = found.best
    assert best is not None  # noqa: S101 - there is a proposal
    rows = []
    for year in range(problem.years):
        mine = [each for each in best.lines if each.year == year]
        by_what = [sum(e.amount for e in mine if e.what == what) for what in LINES]
        limit = problem.money[year]
        rows.append([
            quarter(begins, QUARTERS * year), *(_whole(each) for each in by_what),
            _whole(best.year(year)), _whole(limit), _whole(limit - best.year(year)),
        ])  # fmt: skip
    return Listing(
        caption="Money by year", all_rows=rows, exports=False, per_page=500,
        columns=(
            Column("year", "Year from"),
            *(Column(key, words, right=True) for key, words in LINES.items()),
            Column("spent", "Spent", right=True), Column("limit", "There is", right=True),
            Column("left", "Left", right=True),
        ),
    )  # fmt: skip


def _training(problem: Problem, trained: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What a plan of staff gave, in words."""
    if not trained:
        return []
    some = ", ".join(posts()[code].name for code in trained["of"])
    ends = [*dict.fromkeys(short(each(problem.training)) for each in (min, max))] if (
        problem.training) else []  # fmt: skip
    left = (
        say("between {ends} and {ends2}", ends=ends[0], ends2=ends[1])
        if len(ends) > 1
        else "".join(ends)
    )
    return [("Training", (
        f"as version {trained['number']} of {trained['name']} says of {some}: who leaves, who "
        "comes and which places are commissioned, for as many staff as there are here; "
        + (f"what its money for training leaves over, {left} a year, is all that hiring "
           "on top may cost" if left else "nobody limits its money for training")
    ))]  # fmt: skip


def _whole(minor: int) -> Cell:
    """Whole pounds to read; to the penny in its title and in files."""
    near = money(round(minor / 100) * 100)[:-3]
    return Cell(near, value=minor / 100, title=money(minor))


def assumptions(
    may: Allowed, problem: Problem, source: str, grows: Mapping[str, float],
    trained: Mapping[str, Any] | None = None,
) -> list[tuple[str, str]]:  # fmt: skip
    """What the proposal is built on, each as an assumption."""
    case = "; ".join(f"{setting} {rate * 100:.2f}%" for setting, rate in grows.items())
    return [
        *([("Need grows a year", f"as the case for change says: {case}")] * bool(case)),
        (
            say("Need grows") if not case else say("Other need grows"),
            say("{demand}% a year", demand=f"{may.demand * 100:.3g}"),
        ),
        (
            say("Money grows"),
            f"{may.money * 100:.3g}% a year over prices, from today's spending"
            + (f", and {short(may.extra)} a year on top" if may.extra else ""),
        ),
        (say("Starts"), say("{starts} a quarter at most", starts=f"{may.starts:g}")),
        (
            say("Staff"),
            (
                f"{may.empty * 100:.3g}% of posts stand empty; {may.hires * 100:.3g}% of them "
                f"a year can be hired on top; agencies give {may.agency * 100:.3g}% at most, "
                "at half as much again"
                + ("" if trained else "; who leaves is followed by those in training")
            ),
        ),
        *_training(problem, trained),
        (say("Work undone"), say("counts {worth} times what it costs", worth=f"{may.worth:g}")),
        *([("At least", f"{may.floor * 100:.3g}% of each kind of care is done")] * bool(may.floor)),
        (say("Minutes"), source),
        (
            say("Places"),
            say("{places}: 92% of them can be used", places=", ".join(problem.places) or "none"),
        ),
    ]
