"""What does care cost, of what is it made, how sure is that, and how does it change?"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access, people
from onesystem.budget.costing import charting, loading, presenters, queries, unit_costs
from onesystem.budget.costing.asked import BY, Asked, asked, whole_months
from onesystem.budget.costing.cells import month_of
from onesystem.budget.costing.pathway_figures import name_of
from onesystem.budget.costing.pathways import of_pathways as pathway_costs
from onesystem.budget.costing.pools import Used
from onesystem.budget.funds.exporting import exported
from onesystem.budget.ledger import queries as ledger
from onesystem.district import current
from onesystem.flow.measures import library
from onesystem.vocabulary.said import amid, say
from onesystem.vocabulary.tables import Cell, Column, Listing

_TABS = (("costs", say("Costs")), ("months", say("Post a month")), ("pools", say("Pools")),
         ("pathways", say("Pathways")), ("rules", say("Rules and rates")))  # fmt: skip
_FULL = 24  # months of a chart


@require_safe
@access.page(right="budget.see")
def costs(request: HttpRequest) -> HttpResponse:
    """What did care cost, by service, provider or setting, and on which basis is that known?"""
    said, here, exact = asked(request.GET), current(), sees_few(request)
    found = queries.costs(said.first, said.last, by=(said.by,))
    if said.search:
        wanted = said.search.casefold()
        found = [c for c in found
                 if wanted in presenters.named(said.by, c[said.by], here).casefold()]  # fmt: skip
    listing = Listing(
        caption=say("Costs by {by}, {words}", by=amid(BY[said.by]), words=said.words),
        columns=(Column(said.by, BY[said.by]), *presenters.COLUMNS),
        all_rows=[presenters.row(c, said.by, here, exact=exact, href=_behind(c, said))
                  for c in found],
        query=request.GET, default_sort="" if said.by == "month" else "minor",
        default_descending=True, exports=False, empty_title="Nothing cost anything here",
        empty_advice="Choose other months, or leave the search out. "
                     "`onesystem cost log` works costs out.",
    )  # fmt: skip
    defined = presenters.definitions(said.first, said.last, queries.kept().day)
    if taken := exported(request, listing, f"costs-by-{said.by}", defined):
        return taken
    months = whole_months()[-_FULL:]
    context = {
        **head("costs"), "said": said, "listing": listing, "defined": defined,
        "total": presenters.total(found, here, exact=exact),
        "coverage": presenters.coverage(
            queries.costs(said.first, said.last, by=("basis",))),
        "by": list(BY.items()),
        "charts": [
            charting.of_people(months, people.people_count(), say("Cost a person, by month"),
                               here.currency),
            charting.of_contacts(months, say("Cost a contact, by month"), here.currency),
        ] if months else [],
    }  # fmt: skip
    return render(request, "budget/costing/costs.html", context)


def _behind(cost: queries.Cost, said: Asked) -> str:
    if said.by != "service" or not cost["service"]:
        return ""
    address = reverse("costing:service", args=[cost["service"]])
    return f"{address}?from={said.first:%Y-%m}&to={said.last:%Y-%m}"


@require_safe
@access.page(right="budget.see")
def service(request: HttpRequest, service: str) -> HttpResponse:
    """What does a contact with this service cost, line by line, from which rate and source?"""
    said, here, exact = asked(request.GET), current(), sees_few(request)
    found = queries.costs(said.first, said.last, by=("service",), service=service)
    known = service in here.services
    if not found and not known:
        raise Http404(service)
    hidden = any(presenters.hides(c, here, exact=exact) for c in found)
    units = [] if hidden else unit_costs.of_service(service, said.first, said.last)
    months = queries.costs(said.first, said.last, by=("month",), service=service)
    listing = Listing(
        caption="Month by month", columns=(Column("month", "Month"), *presenters.COLUMNS),
        all_rows=[presenters.row(c, "month", here, exact=exact) for c in months],
        query=request.GET, exports=False, empty_title="Nothing cost anything here",
        empty_advice="Choose other months.",
    )  # fmt: skip
    defined = presenters.definitions(said.first, said.last, queries.kept().day)
    if taken := exported(request, listing, f"costs-of-{service}", defined):
        return taken
    whole, name = whole_months()[-_FULL:], here.service_name(service)
    context = {
        **head("costs"), "said": said, "service": service, "name": name, "units": units,
        "hidden": hidden, "listing": listing, "defined": defined, "found": found,
        "chart": None if hidden or not whole else charting.of_contacts(
            whole, say("A contact with {name}", name=name), here.currency, service=service),
    }  # fmt: skip
    return render(request, "budget/costing/service.html", context)


@require_safe
@access.page(right="budget.see")
def pools(request: HttpRequest) -> HttpResponse:
    """How much of what we pay for was used, and how much of it stood by?"""
    said, here = asked(request.GET), current()
    used = queries.pool_use(said.first, said.last)
    listing = Listing(
        caption=say("Pools, {words}", words=said.words),
        columns=(Column("pool", "Pool"), Column("month", "Month"),
                 Column("cost", "Cost", right=True), Column("used", "Used", right=True),
                 Column("unused", "Not used", right=True),
                 Column("share", "Of its minutes", right=True)),
        all_rows=[_pool_row(each, here) for each in used], query=request.GET, exports=False,
        empty_title="No pool is described",
        empty_advice="A pool says what a team really costs a month, and its practical minutes: "
                     "describe it in costs.toml. Until then a staff group's rate is used.",
    )  # fmt: skip
    defined = [
        (
            say("Pool"),
            (
                say(
                    "A staff group of some services: its cost of a month over its practical "
                    "minutes is what a minute costs."
                )
            ),
        ),
        (
            say("Not used"),
            (
                say(
                    "What is left of its cost: capacity that no contact used. With what was used "
                    "it is the pool, to the penny. Below nothing: more was used than there is."
                )
            ),
        ),
    ]
    if taken := exported(request, listing, "pools", defined):
        return taken
    context = {**head("pools"), "said": said, "listing": listing, "defined": defined}
    return render(request, "budget/costing/pools.html", context)


def measure_of(slug: str) -> str:
    """Where the measure of a pathway's cost is; nothing where it is not in force."""
    name = name_of(slug)
    return reverse("flow:measure", args=[name]) if name in library.told() else ""


def _pool_row(each: Used, here: Any) -> list[Any]:
    month = month_of(each.month)
    kind = "bad" if each.unused < 0 else ("warn" if each.share < 0.5 else "good")
    return [
        Cell(each.pool.words, title=each.pool.source),
        Cell(f"{month:%B %Y}", value=f"{month:%Y-%m}"),
        presenters.cell(each.pool.cost, here), presenters.cell(each.used, here),
        presenters.cell(each.unused, here),
        Cell(f"{100 * each.share:.0f} %", value=round(each.share, 4), tag=kind),
    ]  # fmt: skip


@require_safe
@access.page(right="budget.see")
def of_pathways(request: HttpRequest) -> HttpResponse:
    """What do the steps of pathways cost that were done?"""
    said, here = asked(request.GET), current()
    found = pathway_costs(said.first, said.last)
    listing = Listing(
        caption=say("Pathways, {words}", words=said.words),
        columns=(Column("title", "Pathway"), Column("minor", "Cost", right=True),
                 Column("minutes", "Minutes", right=True), Column("unknown", "Without a rate")),
        all_rows=[
            [Cell(each.title, href=measure_of(each.slug)), presenters.cell(each.minor, here),
             Cell(f"{sum(each.minutes.values()):,}", value=sum(each.minutes.values())),
             ", ".join(each.unknown)]
            for each in found
        ],
        query=request.GET, exports=False, empty_title="No step of a pathway was done",
        empty_advice="Choose other months. Steps count when they are done on a person's pathway.",
    )  # fmt: skip
    defined = [
        (
            say("Cost"),
            (
                say(
                    "The minutes that each step done is expected to take, at the rate of its staff "
                    "group. They are within contacts that are costed by themselves, so they are "
                    "shown beside those and never posted."
                )
            ),
        )
    ]
    if taken := exported(request, listing, "pathway-costs", defined):
        return taken
    context = {**head("pathways"), "said": said, "listing": listing, "defined": defined}
    return render(request, "budget/costing/pathways.html", context)


@require_safe
@access.page(right="budget.see")
def rules(request: HttpRequest) -> HttpResponse:
    """Which rules and rates are in force, since when, and who says so?"""
    here, book = current(), loading.book()
    months = queries.months()
    month = asked(request.GET).last if months else book.rules.since
    context = {
        **head("rules"), "said": asked(request.GET), "month": month, "uncosted": book.rules.none,
        "own": (here.path / loading.FILE).exists(), "file": loading.FILE,
        **unit_costs.in_force(book, month, here),
    }  # fmt: skip
    return render(request, "budget/costing/rules.html", context)


def head(at: str) -> dict[str, Any]:
    """What every page of costs has: its tabs, how far costs go, the district."""
    here = current()
    return {
        "tabs": [(words, reverse(f"costing:{name}"), name == at) for name, words in _TABS],
        "kept": queries.kept(), "here": here,
        "money": lambda minor: presenters.money(minor, here),
        "months": [(f"{m:%Y-%m}", f"{m:%B %Y}") for m in reversed(queries.months_held())],
        "open": [m.month for m in ledger.months() if not m.closed],
    }  # fmt: skip


def sees_few(request: HttpRequest) -> bool:
    """Whether figures of a few are shown: to those who may open the people behind them."""
    return access.may(request.actor, "person.open")  # type: ignore[attr-defined]
