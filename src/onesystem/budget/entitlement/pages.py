"""Pages without people: the rules with their tables, a calculator, and who waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from onesystem import access, district
from onesystem.budget.entitlement import forms, presenters, queries
from onesystem.budget.entitlement.actions import today
from onesystem.budget.entitlement.doors import either
from onesystem.budget.entitlement.here import country_of, rates_of
from onesystem.budget.entitlement.reading import case_of
from onesystem.budget.entitlement.rule_sets import RULE_SETS
from onesystem.budget.entitlement.typed import case_said
from onesystem.budget.funds.exporting import exported
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_TABLE = (
    Column("name", "Rate"), Column("key", "For"), Column("amount", "Amount", right=True),
    Column("since", "From"), Column("until", "Until"), Column("source", "Source"),
    Column("assumed", "Assumed because"), Column("local", "Whose"),
)  # fmt: skip

_SAID = (
    (say("Amount"), say("Whole pence (cents) a week, or what the name says")),
    (say("From, Until"), say("In force from the first day to before the second")),
    (
        say("Assumed because"),
        say("The amount was not read where the rule says it; how it was arrived at"),
    ),
    (say("Whose"), say("The law's, or this district's charges.toml, which counts before it")),
)


@require_safe
@either
def rules(request: HttpRequest) -> HttpResponse:
    """By which rules does anybody pay here?"""
    here, day = district.current(), _day(request)
    country = request.GET.get("country") or country_of(here.currency)
    nz = country == "New Zealand"
    found = presenters.tables(
        rates_of(here.path, say("New Zealand") if nz else say("England")),
        day,
        "NZD" if nz else "GBP",
        every=request.GET.get("all") == "1",
    )
    listing = Listing(caption="Rates", columns=_TABLE, query=request.GET, per_page=400,
                      all_rows=[_row(each) for each in found],
                      empty_advice="Choose another day.")  # fmt: skip
    if taken := exported(request, listing, "charging-rates", _SAID):
        return taken
    context = {
        "listing": listing, "groups": presenters.groups(found), "sets": RULE_SETS.values(),
        "day": day, "country": country,
        "every": request.GET.get("all") == "1", "here": here,
        "may_assess": access.may(request.actor, "means.assess"),  # type: ignore[attr-defined]
        "counts": _counts(request), "assumed": [f for f in found if f["assumed"]],
    }  # fmt: skip
    return render(request, "budget/entitlement/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@either
def calculator(request: HttpRequest) -> HttpResponse:
    """What would somebody pay? Nothing is kept."""
    here, given = district.current(), request.POST
    nz = (given.get("country") or request.GET.get("country") or country_of(here.currency)) == (
        "New Zealand"
    )
    currency = "NZD" if nz else "GBP"
    context: dict[str, Any] = {"country": say("New Zealand") if nz else say("England"), "person": 0}
    premiums = given.getlist("premium") if request.method == "POST" else []
    if request.method == "POST":
        try:
            case = case_of(case_said(given, premiums, currency))
            context["beside"] = presenters.beside(case, here.path)
        except UserError as error:
            context["problem"] = error
    start = (
        given
        if request.method == "POST"
        else {
            "day": today().isoformat(),
            "weeks": "13",
            "setting": say("care home"),
            "resident": "single",
            "eligible": "1",
        }
    )
    context |= forms.means_form(start, premiums, today(), currency)
    status = 422 if "problem" in context else 200
    return render(request, "budget/entitlement/calculator.html", context, status=status)


@require_safe
@access.page(right="means.assess")
def waiting(request: HttpRequest) -> HttpResponse:
    """Who waits for a charge, a payer or a review?"""
    day = today()
    state = request.GET.get("state", "")
    found = [w for w in queries.waiting(day) if state in {"", w.state}]
    listing = Listing(
        caption="Who waits", query=request.GET, all_rows=[_waiting(each, day) for each in found],
        columns=(Column("person", "Person"), Column("state", "What is to be done"),
                 Column("settle", "Payer to be settled by"), Column("review", "Review")),
        empty_title="Nobody waits", empty_advice="Who is assessed shows here until it is settled.",
    )  # fmt: skip
    access.record(by=request.actor, act="charges.listed", what=state or "all",  # type: ignore[attr-defined]
                  detail={"people": len(found)})  # fmt: skip
    if taken := access.exported(listing, request, "charges-waiting"):
        return taken
    context = {"listing": listing, "state": state, "day": day,
               "states": [("", say("All")), *presenters.STATES_WAITING]}  # fmt: skip
    return render(request, "budget/entitlement/waiting.html", context)


def _waiting(each: queries.Waiting, day: Any) -> list[Any]:
    from django.urls import reverse

    words, kind = presenters.state_words(each.state)
    late = each.settle_by is not None and each.settle_by < day
    return [
        Cell(say("Person {person}", person=each.person), value=each.person,
             href=reverse("entitlement:person", kwargs={"person": each.person})),
        Cell(words, tag=kind),
        Cell(f"{each.settle_by:%-d %b %Y}", value=each.settle_by, note="late" if late else "")
        if each.settle_by else "",
        Cell(f"{each.review:%-d %b %Y}", value=each.review) if each.review else "",
    ]  # fmt: skip


def _counts(request: HttpRequest) -> list[tuple[str, str]]:
    """How many stand where; small counts are not told to those who may not see people."""
    may = access.may(request.actor, "person.open")  # type: ignore[attr-defined]
    few = district.current().suppress_below
    return [
        (presenters.STATES[state], str(many) if may or many >= few else say("under {few}", few=few))
        for state, many in sorted(queries.counts().items()) if state
    ]  # fmt: skip


def _row(each: dict[str, Any]) -> list[Any]:
    until = each["until"]
    whose = say("This district's") if each["local"] else say("Law")
    return [
        each["name"].capitalize(), each["key"], Cell(each["said"], value=each["amount"]),
        Cell(f"{each['since']:%-d %b %Y}", value=each["since"]),
        Cell(f"{until:%-d %b %Y}", value=until) if until else "", each["source"], each["assumed"],
        Cell(whose, tag="warn", title=each["harsher"]) if each["harsher"] else whose,
    ]  # fmt: skip


def _day(request: HttpRequest) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()
