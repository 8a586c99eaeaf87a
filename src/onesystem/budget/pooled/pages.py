"""Pooled funds: which there are, and where one stands."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.months import Year
from onesystem.budget.pooled import actions, presenters, queries, reading
from onesystem.budget.pooled.agreement import KINDS, LEFT, OBJECTIVES
from onesystem.budget.pooled.frameworks import framework
from onesystem.flow import measures as log_measures
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_FUNDS = (
    Column("name", "Fund"), Column("year", "Year"), Column("board", "Board"),
    Column("partners", "Partners"), Column("planned", "Paid in", right=True),
    Column("spent", "Spent", right=True), Column("state", "State"),
)  # fmt: skip


@require_safe
@access.page(right="budget.see")
def funds(request: HttpRequest) -> HttpResponse:
    """Which money do health and social care hold together?"""
    actor = request.actor  # type: ignore[attr-defined]
    rows = []
    for each in queries.funds():
        a = each.agreement
        at = queries.position(a.fund, a.year, by=actor)
        rows.append([
            Cell(a.name, href=f"/pooled/{a.fund}/"), a.year, a.board,
            ", ".join(p.name for p in a.partners), presenters.amount(at.planned),
            presenters.amount(at.spent),
            Cell(say("settled"), tag="good") if each.settled else Cell(say("open"), tag="info"),
        ])  # fmt: skip
    listing = Listing(caption="Pooled funds", columns=_FUNDS, all_rows=rows, query=request.GET)
    if taken := access.exported(listing, request, "pooled-funds"):
        return taken
    context = {"listing": listing, "keeps": access.may(actor, "pooled.keep")}
    return render(request, "budget/pooled/funds.html", context)


@require_safe
@access.page(right="budget.see")
def fund(request: HttpRequest, fund: str) -> HttpResponse:
    """Where does this fund stand: money, schemes, conditions, measures?"""
    actor = request.actor  # type: ignore[attr-defined]
    context = head(request, fund, "fund")
    a, year = context["a"], context["year"]
    at = queries.position(fund, a.year, by=actor)
    listing = presenters.schemes(at, request.GET, f"/pooled/{fund}/")
    if taken := access.exported(listing, request, f"{fund}-{year.slug}-schemes"):
        return taken
    metrics = queries.metrics(fund, a.year, by=actor)
    context |= {
        "at": at, "listing": listing, "rules": context["rules"],
        "metrics": [m for m in metrics if m.measured.headline] or metrics[:3],
        "benefits": queries.benefits(fund, a.year, by=actor, known=metrics),
        "paid": [(c, presenters.partner(a, c.partner), KINDS[c.kind],
                  at.books.received_of(c.code)) for c in a.contributions],
        "left": LEFT[a.left], "months": year.months,
    }  # fmt: skip
    return render(request, "budget/pooled/fund.html", context)


@require_safe
@access.page(right="budget.see")
def scheme(request: HttpRequest, fund: str, scheme: str) -> HttpResponse:
    """What is this scheme for, what did it cost, and what moved?"""
    actor = request.actor  # type: ignore[attr-defined]
    context = head(request, fund, "fund")
    a, year = context["a"], context["year"]
    found = a.scheme(scheme)
    if found is None:
        raise NotFound(
            say(
                "{name} has no scheme {scheme} in {year}",
                name=a.name,
                scheme=repr(scheme),
                year=a.year,
            ),
            "Choose another year, or one in the list",
        )
    at = queries.position(fund, a.year, by=actor)
    measure = next((m for m in queries.metrics(fund, a.year, by=actor)
                    if m.measured.name == found.measure), None)  # fmt: skip
    rows = [[Cell(f"{month:%B %Y}", value=month), presenters.amount(plan),
             presenters.amount(at.books.spent_on(scheme, [month]))]
            for month, plan in presenters.planned(found, year)]  # fmt: skip
    listing = Listing(
        caption="Month by month", query=request.GET, all_rows=rows,
        columns=(Column("month", "Month"), Column("plan", "Plan", right=True),
                 Column("spent", "Spent", right=True)),
    )  # fmt: skip
    if taken := access.exported(listing, request, f"{fund}-{year.slug}-{scheme}"):
        return taken
    limited = [b for b in queries.benefits(fund, a.year, by=actor) if b.scheme.code == scheme]
    context |= {
        "s": found, "at": at, "listing": listing, "measure": measure,
        "owner": presenters.partner(a, found.owner), "kind": KINDS[a.kind_of(found)],
        "provider": presenters.organisation(found.provider), "benefit": limited[:1],
        "objective": OBJECTIVES.get(found.objective, ""),
        "services": [(s, presenters.service(s)) for s in found.services],
        "spent": at.books.spent_on(scheme),
    }  # fmt: skip
    return render(request, "budget/pooled/scheme.html", context)


@require_safe
@access.page(right="budget.see")
def measures(request: HttpRequest, fund: str) -> HttpResponse:
    """Does it move what it is to move, and is that signal or noise?"""
    actor = request.actor  # type: ignore[attr-defined]
    context = head(request, fund, "measures")
    a = context["a"]
    found = queries.metrics(fund, a.year, by=actor)
    listing = Listing(
        caption="Measures", query=request.GET, columns=_MEASURES,
        all_rows=[_measure(m) for m in found],
    )  # fmt: skip
    if taken := access.exported(listing, request, f"{fund}-{context['year'].slug}-measures"):
        return taken
    by_measure: dict[str, list[str]] = {}
    for s in a.schemes:
        by_measure.setdefault(s.measure, []).append(s.name)
    context |= {"metrics": found, "listing": listing, "schemes": by_measure}
    return render(request, "budget/pooled/measures.html", context)


_MEASURES = (
    Column("name", "Measure"), Column("target", "Target", right=True),
    Column("so_far", "Year so far", right=True), Column("before", "A year ago", right=True),
    Column("on_track", "On track"), Column("signal", "Signal"),
)  # fmt: skip


def _measure(m: Any) -> list[Any]:
    got = m.measured
    track = {
        "yes": (say("yes"), "good"),
        "no": (say("no"), "bad"),
        "": (say("cannot be told"), "quiet"),
    }
    word, kind = track[got.on_track]
    return [
        Cell(got.title, href=f"/measures/{got.name}/"), Cell(m.said(got.target), value=got.target),
        Cell(m.said(got.so_far), value=got.so_far), Cell(m.said(got.before), value=got.before),
        Cell(word, tag=kind), got.signal,
    ]  # fmt: skip


@require_safe
@access.page(right="budget.see")
def sharing(request: HttpRequest, fund: str) -> HttpResponse:
    """Who pays what is spent over, who gets what is left, line by line?"""
    context = head(request, fund, "sharing")
    a, standing = context["a"], context["standing"]
    result = actions.share(fund, a.year)
    listing = presenters.working(result, a, request.GET)
    if taken := access.exported(listing, request, f"{fund}-{context['year'].slug}-sharing"):
        return taken
    context |= {
        "result": result, "listing": listing, "pays": presenters.pays(result, a),
        "over": queries.today() > context["year"].ends, "settled": standing.settled,
    }  # fmt: skip
    return render(request, "budget/pooled/sharing.html", context)


@require_safe
@access.page(right="budget.see")
def history(request: HttpRequest, fund: str) -> HttpResponse:
    """Who agreed what, when and why?"""
    context = head(request, fund, "history")
    context["steps"] = presenters.history(queries.steps(fund, context["a"].year))
    return render(request, "budget/pooled/history.html", context)


def figures_stand(actor: access.Actor) -> Any:
    """How the figures of measures stand, for who may see them; None where they are kept."""
    if not access.may(actor, "measures.see"):
        return None
    found = log_measures.stands()
    return None if found.state == "kept" else found


def head(request: HttpRequest, fund: str, here: str) -> dict[str, Any]:
    """What every page of a fund has: the year that is asked for, else the running one."""
    every = reading.years(fund)
    asked = request.GET.get("year", "").replace("-", "/")
    running = Year.on(queries.today()).name
    names = [each.agreement.year for each in every]
    name = asked if asked in names else running if running in names else names[0]
    standing = next(each for each in every if each.agreement.year == name)
    actor = request.actor  # type: ignore[attr-defined]
    year = standing.year
    try:
        rules, unruled = framework(year), None
    except UserError as error:
        rules, unruled = None, error
    kept = f"?year={year.slug}"
    base = f"/pooled/{fund}/"
    return {
        "a": standing.agreement, "standing": standing, "figures": figures_stand(actor),
        "year": year, "years": names,
        "fund_slug": fund, "base": base, "kept": kept, "rules": rules, "unruled": unruled,
        "keeps": access.may(actor, "pooled.keep"), "money": presenters.money,
        "title_of": queries.title_of,
        "tabs": [
            (say("Where it stands"), base + kept, here == "fund"),
            (say("Measures"), f"{base}measures/{kept}", here == "measures"),
            (say("Money in and out"), f"{base}money/{kept}", here == "money"),
            (say("Over- and underspend"), f"{base}sharing/{kept}", here == "sharing"),
            (say("Returns"), f"{base}returns/{kept}", here == "returns"),
            (say("History"), f"{base}history/{kept}", here == "history"),
        ],
    }  # fmt: skip
