"""Plans of staff in rows, charts and words: what templates lay out."""

from collections.abc import Sequence
from typing import Any

from onesystem.budget.months import later
from onesystem.budget.pooled.presenters import amount
from onesystem.plan.charting import Chart, Series, drawn
from onesystem.plan.workforce.limiting import Limited, limited
from onesystem.plan.workforce.mixing import worth
from onesystem.plan.workforce.paying import costs
from onesystem.plan.workforce.pipeline import Intake
from onesystem.plan.workforce.projecting import Projection, YearOf
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import BANDS, OVER, TIERS, Workforce
from onesystem.plan.workforce.telling import ends
from onesystem.plan.workforce.vacancies import KINDS, Posts, Vacant
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing


def short_of(found: Projection, query: Any) -> Listing:
    """How many of each role are short at the end of each year."""
    names = ends(found.plan)
    columns = (
        Column("role", "Role"), Column("now", "In post now", right=True),
        *(Column(f"y{n}", name[2:], right=True) for n, name in enumerate(names)),
        Column("range", "Range at the end", right=True, sorts=False),
    )  # fmt: skip
    rows = []
    for code, years in found.years.items():
        low, high = found.ranges[code][-1]
        rows.append(
            [
                Cell(role(code).name, href=f"?role={code}#role"),
                _whole(years[0].opens),
                *(_whole(y.short) for y in years),
                say("{low} to {high}", low=f"{round(low):,}", high=f"{round(high):,}"),
            ]
        )
    return Listing(caption="Short at the end of each year, full-time", columns=columns,
                   all_rows=rows, query=query, empty_title="Nobody is in the plan yet",
                   empty_advice="Edit the plan, and say who is in post.")  # fmt: skip


def _whole(value: float) -> Cell:
    return Cell(f"{round(value):,}", value=round(value))


_FLOW = (
    Column("year", "Year"), Column("opens", "In post", right=True),
    Column("retire", "Retire", right=True), Column("leave", "Leave", right=True),
    Column("qualify", "Newly trained", right=True), Column("join", "Join", right=True),
    Column("closes", "At the end", right=True), Column("needed", "Needed", right=True),
    Column("eased", "Done by others", right=True), Column("short", "Short", right=True),
    Column("low", "Low", right=True), Column("high", "High", right=True),
)  # fmt: skip


def flow(found: Projection, code: str, query: Any) -> Listing:
    """A role's years: who leaves, who comes, who is needed."""
    rows = []
    for name, y, (low, high) in zip(
        ends(found.plan), found.years[code], found.ranges[code], strict=True
    ):
        figures = (y.opens, -y.retire, -y.leave, y.qualify, y.join, y.closes, y.needed, y.eased,
                   y.short, low, high)  # fmt: skip
        rows.append([name, *(round(each, 1) for each in figures)])
    return Listing(caption=role(code).name, columns=_FLOW, all_rows=rows, query=query)


def ages(years: Sequence[YearOf]) -> list[dict[str, Any]]:
    """A role by age, at the beginning and in the last year."""
    first, last = years[0], years[-1]
    made = []
    for place, band in enumerate((*BANDS, OVER)):
        now, then = first.by_age[place], last.by_age[place]
        made.append({
            "band": band, "now": round(now), "then": round(then),
            "now_share": round(now / first.opens * 100) if first.opens else 0,
            "then_share": round(then / last.opens * 100) if last.opens else 0,
        })  # fmt: skip
    return made


def chart(found: Projection, code: str, other: Projection | None = None) -> Chart:
    """What is needed of a role and who is in post; dotted, who would be."""
    years, ranges = found.years[code], found.ranges[code]
    staff = found.plan.of(code)
    now = staff.needed / 100 if staff else 0.0
    needed = [now, *(y.needed - y.eased for y in years)]
    series = [
        Series(name="Needed", values=needed, kind="cost"),
        Series(name=say("In post"), values=_posts(years), kind="money"),
    ]
    if other is not None:
        series.append(Series(name=say("If tried"), values=_posts(other.years[code]), kind="other"))
    # The range is of what is short: below what is needed by as much.
    band = [(years[0].opens, years[0].opens)]
    band += [(y.needed - y.eased - high, y.needed - y.eased - low)
             for y, (low, high) in zip(years, ranges, strict=True)]  # fmt: skip
    return drawn(series, ["now", *(name[2:] for name in ends(found.plan))],
                 words=lambda value: f"{value:,.0f}", band=band)  # fmt: skip


def _posts(years: Sequence[YearOf]) -> list[float]:
    return [years[0].opens, *(y.closes for y in years)]


def training(found: Projection, query: Any) -> Listing:
    """Each year's training places by role: wanted, paid for, when they come, what they cost."""
    plan = found.plan
    columns = (
        Column("month", "Intake"), Column("role", "Role"), Column("wanted", "Wanted", right=True),
        Column("places", "Paid for", right=True), Column("cost", "Cost", right=True),
        Column("ready", "Begin to work"), Column("qualify", "Of whom finish", right=True),
    )  # fmt: skip
    rows = [_intake(i) for i in found.intakes if i.month >= plan.base and _fixed(i)]
    rows += [_any_month(plan, code, some) for code, some in _unfixed(found).items()]
    return Listing(caption="Training places", columns=columns, all_rows=rows, query=query,
                   per_page=30, empty_title="Nobody is trained in this plan",
                   empty_advice="Edit the plan, and add training places.")  # fmt: skip


def _fixed(each: Intake) -> bool:
    return bool(each.wanted and role(each.role).intakes)


def _intake(i: Intake) -> list[Any]:
    return [
        Cell(f"{i.month:%B %Y}", value=i.month.isoformat()), role(i.role).name, i.wanted,
        Cell(f"{i.places:,}", value=i.places, tag="warn") if i.places < i.wanted else i.places,
        amount(i.cost), Cell(f"{i.ready:%B %Y}", value=i.ready.isoformat()), round(i.qualify, 1),
    ]  # fmt: skip


def _unfixed(found: Projection) -> dict[str, list[Intake]]:
    """The first year's intakes of roles that begin in any month, by role."""
    made: dict[str, list[Intake]] = {}
    last = later(found.plan.base, 12)
    for i in found.intakes:
        if found.plan.base <= i.month < last and not role(i.role).intakes:
            made.setdefault(i.role, []).append(i)
    return made


def _any_month(plan: Workforce, code: str, some: Sequence[Intake]) -> list[Any]:
    months = role(code).months
    return [
        Cell(say("Any month, the first year"), value=plan.base.isoformat()), role(code).name,
        sum(i.wanted for i in some), sum(i.places for i in some),
        amount(sum(i.cost for i in some)), say("After {months} months", months=months),
        round(sum(i.qualify for i in some), 1),
    ]  # fmt: skip


def undone(found: Projection, year: int, query: Any) -> Listing:
    """What shortages leave undone in a year."""
    columns = (
        Column("name", "Work"), Column("tier", "When staff are short"),
        Column("wanted", "Wanted", right=True), Column("done", "Done", right=True),
        Column("undone", "Not done", right=True), Column("binds", "Whose hours bind"),
    )  # fmt: skip
    return Listing(caption="What staff can do", columns=columns, query=query,
                   all_rows=[_limited(each) for each in limited(found, year)],
                   empty_title="No work is in the plan",
                   empty_advice="Edit the plan, and say what staff do.")  # fmt: skip


def _limited(each: Limited) -> list[Any]:
    undone = _whole(each.undone) if round(each.undone) else None
    return [each.name, TIERS[each.tier], _whole(each.wanted), _whole(each.done), undone,
            Cell(role(each.binds).name, tag="warn") if each.binds else ""]  # fmt: skip


def demands(plan: Workforce) -> list[dict[str, Any]]:
    """Posts that options take on, the first first."""
    return [
        {"words": each.words, "role": role(each.role).name, "posts": f"{each.posts / 100:,.2f}",
         "start": f"{each.start:%B %Y}", "plan": each.plan, "source": each.source}
        for each in sorted(plan.demands, key=lambda d: (d.start, d.words, d.role))
    ]  # fmt: skip


def mixes(plan: Workforce) -> list[dict[str, Any]]:
    """Each mix of skill, whole: whom it eases, and who is needed instead."""
    made = []
    for mix in plan.mixes:
        staff = plan.of(mix.from_role)
        paid = costs(mix.from_role, mix.to_role)
        found = worth(mix, (staff.needed if staff else 0) / 100, paid or {})
        made.append({
            "words": mix.words, "from": role(mix.from_role).name, "to": role(mix.to_role).name,
            "share": mix.share, "start": f"{mix.start:%B %Y}", "eased": round(found.eased, 1),
            "instead": round(found.instead, 1), "months": role(mix.to_role).months,
            "saves": found.saves if paid else None,
            "source": mix.source,
        })  # fmt: skip
    return made


def asked(found: Projection, of: str, code: str, year: int, query: Any) -> Listing | None:
    """The table of a plan's page that an address names."""
    if of == "role" and code:
        return flow(found, code, query)
    if of == "training":
        return training(found, query)
    return undone(found, year, query) if of == "work" else None


_POSTS = (
    Column("name", "Place"), Column("kind", "Kind"), Column("role", "Role"),
    Column("posts", "Posts", right=True), Column("filled", "Filled", right=True),
    Column("vacant", "Vacant", right=True), Column("rate", "Rate", right=True, unit="%"),
    Column("counted", "Counted on"), Column("note", "To know"),
)  # fmt: skip


def vacancies(rows: Sequence[Posts], query: Any) -> Listing:
    """Posts by place."""
    return Listing(
        caption="Posts", columns=_POSTS, query=query, default_sort="vacant",
        default_descending=True, empty_title="No posts are counted",
        empty_advice="Count them below, one by one or as a file.",
        all_rows=[
            [p.name, KINDS[p.kind], role(p.role).name, p.posts / 100, p.filled / 100,
             p.vacant / 100, round(p.vacant / p.posts * 100, 1) if p.posts else None,
             p.counted.isoformat(), Cell(say("hard to recruit for"), tag="warn") if p.hard else ""]
            for p in rows
        ],
    )  # fmt: skip


def together(rows: Sequence[Vacant]) -> list[dict[str, Any]]:
    """By kind of place and role: how many are vacant, and where."""
    return [
        {"kind": KINDS[v.kind], "role": role(v.role).name, "posts": v.posts / 100,
         "vacant": v.vacant / 100, "rate": round(v.rate * 100, 1), "places": v.places,
         "with_one": v.with_one, "share": round(v.places_share * 100)}
        for v in rows
    ]  # fmt: skip


def compared(before: Projection, after: Projection, query: Any) -> Listing:
    """Two versions beside each other: how many are short at the end."""
    columns = (
        Column("role", "Role", sorts=False),
        Column("was", "Short at the end, before", right=True, sorts=False),
        Column("now", "After", right=True, sorts=False),
        Column("more", "More", right=True, sorts=False),
    )  # fmt: skip
    rows = []
    for code in [*before.years, *(c for c in after.years if c not in before.years)]:
        one = round(before.years[code][-1].short) if code in before.years else None
        other = round(after.years[code][-1].short) if code in after.years else None
        both = one is not None and other is not None
        rows.append([role(code).name, one, other, other - one if both else None])
    return Listing(caption="Differences", columns=columns, all_rows=rows, query=query)
