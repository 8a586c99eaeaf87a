"""The whole system's position, the lines behind it, and one line with its months and entries."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.funds import books, charting, costed, foreseeing, presenters, queries
from onesystem.budget.funds.asked import FILTERS, Asked, asked
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.queries import Whole
from onesystem.budget.funds.shape import Line
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import last_day
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import amid, say
from onesystem.vocabulary.tables import Cell, Listing
from onesystem.vocabulary.words import NONE

_ON_LINES = ("budget", "reserved", "spent")  # the other leg says from whom or to whom
_TABS = ("programme", "organisation", "setting", "place", "fund", "fence", "goal")


@require_safe
@access.page(right="budget.see")
def position(request: HttpRequest) -> HttpResponse:
    """Where does the whole system stand: given, planned, spent, promised, and foreseen?"""
    said, currency = asked(request.GET), current().currency
    whole = queries.position(said.by, month=said.month, method=said.method)
    listing = _listing(request, said, whole, _names(said.by))
    defined = presenters.definitions(said.year, said.month, said.method, currency)
    if taken := exported(request, listing, f"position-{said.by}", defined):
        return taken
    states, together = queries.fence_states(said.year)
    context = {
        **head(request, "position"), **_when(said), "whole": whole, "listing": listing,
        "figures": _figures(whole, currency), "defined": defined, "said": said,
        "tabs": [(presenters.BY_WORDS[by], f"?{said.address(by=by)}", by == said.by)
                 for by in _TABS],
        "fences": [presenters.fence_row(s, currency) for s in states], "together": together,
        "goalless": len(queries.goalless()), "first_open": books.first_open(said.year),
        "chart": charting.cumulative(said.year, said.month, whole, currency),
        "foot": _foot(whole, said.by, currency),
    }  # fmt: skip
    return render(request, "budget/funds/position.html", context)


@require_safe
@access.page(right="budget.see")
def lines(request: HttpRequest) -> HttpResponse:
    """Which budget lines are behind a figure, and how does each of them stand?"""
    said, currency = asked(request.GET), current().currency
    some = said.lines()
    whole = queries.position("line", month=said.month, method=said.method, some=some)
    listing = _listing(request, said, whole, {each.code: each.name for each in some}, by="line")
    defined = presenters.definitions(said.year, said.month, said.method, currency)
    if taken := exported(request, listing, "budget-lines", defined):
        return taken
    context = {
        **head(request, "lines"), **_when(said), "whole": whole, "listing": listing,
        "figures": _figures(whole, currency), "defined": defined, "said": said,
        "filters": _filters(said), "kept": _kept(said),
    }  # fmt: skip
    return render(request, "budget/funds/lines.html", context)


@require_safe
@access.page(right="budget.see")
def line(request: HttpRequest, code: str) -> HttpResponse:
    """What is this line for, how do its months stand, and what is it made of?"""
    one, said, currency = queries.line(code), asked(request.GET), current().currency
    whole = queries.position("line", month=said.month, method=said.method, some=[one])
    behind, why_not = _behind(request, one, said)
    names_of_lines = line_names()
    names = {**queries.names([one.organisation, one.service, one.place]),
             **{k: f.name for k, f in queries.funds().items()}}  # fmt: skip
    context = {
        **head(request, "lines"), **_when(said), "line": one, "whole": whole, "said": said,
        "figures": _figures(whole, currency), "names": names, "months": _months(one, said),
        "entries": [(e, presenters.exact(e.leg.amount, currency)) for e in ledger.entries(
            line=code, account=_ON_LINES, month_from=said.year.first, month_to=said.year.last,
            per_page=25)],
        "many": ledger.many(line=code, account=_ON_LINES, month_from=said.year.first,
                            month_to=said.year.last),
        "behind": behind, "why_not": why_not, "goal": queries.goals().get(one.goal),
        "goals": presenters.options([(g.code, g.words) for g in queries.goals().values()],
                                    say("No shared goal")),
        "acts": [presenters.act_row(a, names_of_lines, currency, code)
                 for a in queries.acts(line=code, most=20)],
        "steps": queries.steps("line", code), "defined":
            presenters.definitions(said.year, said.month, said.method, currency),
    }  # fmt: skip
    return render(request, "budget/funds/line.html", context)


def head(request: HttpRequest, here: str) -> dict[str, Any]:
    """What every page of funds has: whether one may move, and the tabs of the room."""
    actor = request.actor  # type: ignore[attr-defined]
    places = (
        ("position", say("Position")),
        ("lines", say("Lines")),
        ("moves", say("Moves")),
        ("all_funds", say("Funds")),
        ("all_fences", say("Fences")),
        ("all_goals", say("Goals")),
        ("months", say("Months")),
        ("shift", say("Shift")),
    )
    return {
        "may_move": access.may(actor, "budget.move"),
        "currency": current().currency,
        "money": lambda minor: presenters.exact(minor, current().currency),
        "whole_money": lambda minor: presenters.whole(minor, current().currency),
        "room": [(words, reverse(f"funds:{name}"), name == here) for name, words in places],
        "beside": [
            (words, to)
            for words, to in (
                (say("Ledger"), "/budget/ledger/"),
                (say("Costs"), "/budget/costs/"),
                (say("Capitation"), "/budget/capitation/"),
            )
            if _there(to)
        ],
    }


def _there(path: str) -> bool:
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).func is not None
    except Resolver404:
        return False


def line_names() -> dict[str, str]:
    """The names of all lines, by code."""
    return {each.code: each.name for each in queries.lines()}


def _names(by: str) -> dict[str, str]:
    if by == "fund":
        return {code: each.name for code, each in queries.funds().items()}
    if by == "fence":
        return {each.code: each.name for each in queries.fences()}
    if by == "goal":
        return {code: each.words for code, each in queries.goals().items()}
    if by in {"organisation", "place"}:
        here = current()
        known = here.organisations if by == "organisation" else here.places
        return {code: each.name for code, each in known.items()}
    return {}


def _listing(
    request: HttpRequest, said: Asked, whole: Whole, names: dict[str, str], by: str = ""
) -> Listing:
    by, currency, file = by or said.by, current().currency, bool(request.GET.get("format"))
    given = any(each.contributed is not None for each in whole.rows)
    rows = []
    for each in whole.rows:
        words = presenters.named(each.key, by, names)
        to = (
            f"{reverse('funds:line', args=[each.key])}?{said.address()}"
            if by == "line"
            else f"{reverse('funds:lines')}?{said.address(**{by: each.key})}"
        )
        name = Cell(words, href=to if each.of else "")
        rows.append(presenters.row(each, name, by, currency, contributed=given, file=file))
    return Listing(
        caption=say("Position by {by}", by=amid(presenters.BY_WORDS[by])),
        columns=presenters.columns(by, contributed=given, file=file), all_rows=rows,
        query=request.GET,
        empty_title="There is no budget line yet" if not said.filters else "No line fits",
        empty_advice="Open a fund and its lines first." if not said.filters
        else "Leave a filter out, or search by other words.",
    )  # fmt: skip


def _foot(whole: Whole, by: str, currency: str) -> list[Any]:
    """All lines together, as the last line of the table."""
    given = any(each.contributed is not None for each in whole.rows)
    total = replace(whole.total, contributed=whole.contributed)
    return presenters.row(total, say("All lines"), by, currency, contributed=given)


def _when(said: Asked) -> dict[str, Any]:
    """The months that can be asked for, and the methods."""
    years = (said.year.before, said.year, said.year.after)
    months = [(f"{m:%Y-%m}", presenters.month_words(m)) for year in years for m in year.months]
    return {
        "year": said.year, "month": said.month, "month_value": f"{said.month:%Y-%m}",
        "months_known": months, "month_words": presenters.month_words(said.month),
        "methods": [(k, say("{v} forecast", v=v)) for k, v in presenters.METHOD_WORDS.items()],
    }  # fmt: skip


def _figures(whole: Whole, currency: str) -> list[dict[str, Any]]:
    total = whole.total
    forecast = total.forecast

    def money(minor: int) -> str:
        return presenters.whole(minor, currency)

    made = [
        {
            "label": say("Contributed this year"),
            "value": money(whole.contributed),
            "note": say("by all funds"),
        },
        {
            "label": say("Plan of the year"),
            "value": money(total.plan),
            "note": say("{plan_to_date} to date", plan_to_date=money(total.plan_to_date)),
        },
        {
            "label": say("Spent to date"),
            "value": money(total.actual),
            "note": say(
                "{actual} of the plan to date", actual=_percent(total.actual, total.plan_to_date)
            ),
        },
        {
            "label": say("Committed"),
            "value": money(total.committed),
            "note": say("{available} available", available=money(total.available)),
        },
        {
            "label": say("Forecast of the year"),
            "value": money(forecast.amount) if forecast else NONE,
            "note": presenters.spread_words(forecast, currency),
        },
        {
            "label": say("Variance"),
            "value": money(total.variance) if forecast else NONE,
            "kind": "bad" if (total.variance or 0) < 0 else "",
            "note": say("more than was planned")
            if (total.variance or 0) < 0
            else say("less than was planned"),
        },
    ]
    return made if whole.by != "line" else made[1:]


def _percent(part: int, of: int) -> str:
    return f"{part / of * 100:.1f} %" if of > 0 else NONE


def _filters(said: Asked) -> list[dict[str, Any]]:
    """A select for each thing by which lines are narrowed."""
    every, made = queries.lines(), []
    for name in FILTERS[:6]:
        names = _names(name)
        values = sorted({each.said(name) for each in every if each.said(name)})
        if values:
            pairs = [(v, names.get(v, v)) for v in values]
            if name == "goal":
                pairs.append(("none", say("no shared goal")))
            made.append({"name": name, "words": presenters.BY_WORDS[name],
                         "options": presenters.options(pairs, say("Any")),
                         "value": said.filters.get(name, "")})  # fmt: skip
    return made


def _kept(said: Asked) -> dict[str, str]:
    return {k: v for k, v in said.filters.items() if k in {"fence", "service"}}


def _months(one: Line, said: Asked) -> list[dict[str, Any]]:
    currency = current().currency
    plan, actual = (
        books.by_month(book, said.year, [one.code]).get(one.code, {})
        for book in (books.PLAN, books.ACTUAL)
    )
    made, planned, spent = [], 0, 0
    entries = f"/budget/ledger/?line={quote(one.code)}"
    for month in said.year.months:
        planned, spent = planned + plan.get(month, 0), spent + actual.get(month, 0)
        past = month <= said.month
        made.append({
            "month": presenters.month_words(month), "value": f"{month:%Y-%m}", "past": past,
            "closed": books.closed(month),
            "plan": presenters.exact(plan.get(month, 0), currency),
            "actual": presenters.exact(actual.get(month, 0), currency) if past else "",
            "left": presenters.exact(planned - spent, currency) if past else "",
            "over": past and spent > planned,
            "entries": f"{entries}&from={month:%Y-%m}&to={month:%Y-%m}",
        })  # fmt: skip
    return made


def _behind(request: HttpRequest, one: Line, said: Asked) -> tuple[list[dict[str, Any]], str]:
    """The contacts that the actuals of a line are made of, by service, to date."""
    services = foreseeing.services_of(one)
    if not services:
        return [], say("This line names no service, so no contacts stand behind it.")
    try:
        some = costed.behind(said.year.first, last_day(said.month), services)
    except UserError as error:
        return [], str(error)
    exact = access.may(request.actor, "person.open")  # type: ignore[attr-defined]
    return presenters.behind_rows(
        some, current(), exact=exact, months=f"from={said.year.first:%Y-%m}&to={said.month:%Y-%m}"
    ), say(
        "Nobody came to these services in the months to date, or their costs are not worked out."
    )
