"""What a figure of a settlement is the sum of, down to the contacts behind it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.contracts import behind as contacts
from onesystem.budget.contracts import presenters, queries
from onesystem.budget.contracts.fact_tables import Shown, table, total
from onesystem.budget.contracts.knowing import around
from onesystem.budget.contracts.pages import head
from onesystem.district import current
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.tables import Cell, Column, Listing


@require_safe
@access.page(right="budget.see")
def fact(request: HttpRequest, slug: str, settlement: int, fact: str) -> HttpResponse:
    """Which services, months, measures or entries is this figure the sum of?"""
    known, one, near = queries.contract(slug), queries.settled(slug, settlement), around()
    origin = _origin(one, fact)
    exact = access.may(request.actor, "person.open")  # type: ignore[attr-defined]
    shown = Shown(origin, near, (slug, settlement, fact), exact, request.GET)
    listing = table(shown)
    if taken := access.exported(listing, request, f"{slug}-{settlement}-{fact}"):
        return taken
    context = {
        **head(request), "contract": known, "one": one, "origin": origin, "listing": listing,
        "total": total(origin), "exact": exact,
        "period": presenters.period(one.row.since, one.row.until),
        "below": current().suppress_below,
    }  # fmt: skip
    return render(request, "budget/contracts/fact.html", context)


def _origin(one: queries.Settled, fact: str) -> dict[str, Any]:
    for each in one.kept["origins"]:
        if each["fact"] == fact:
            return dict(each)
    raise NotFound(f"this settlement has no fact {fact!r}", "Look at its working again.")


@require_safe
@access.page(right="person.open")
def behind(request: HttpRequest, slug: str, settlement: int, fact: str) -> HttpResponse:
    """Which contacts are behind a service's month, and what did each cost?"""
    access.require(request.actor, "budget.see")  # type: ignore[attr-defined]
    known, one, near = queries.contract(slug), queries.settled(slug, settlement), around()
    origin = _origin(one, fact)
    service, month = request.GET.get("service", ""), request.GET.get("month", "")
    part = [p for p in origin["parts"]
            if (p.get("service"), p.get("month", "")[:7]) == (service, month)]  # fmt: skip
    if not part:
        raise NotFound("nothing of this figure lies there", "Choose a service and month of it.")
    scope = known.version(one.row.version).agreement.scope
    found = contacts.of(service, part[0]["month"], by=request.actor, scope=scope)  # type: ignore[attr-defined]
    currency = current().currency
    listing = Listing(
        caption=f"{near.services[service].name}, {month}", query=request.GET,
        columns=(Column("contact", "Contact"), Column("person", "Person"),
                 Column("began", "Began"), Column("ended", "Ended"),
                 Column("cost", "Cost in the month", right=True)),
        all_rows=[
            [str(c.contact), Cell(f"person {c.person}", href=f"/people/{c.person}/"),
             c.began, c.ended,
             Cell(presenters.money(c.minor, currency), value=c.minor / 100)]
            for c in found
        ],
        empty_title="No contact is known there any more",
        empty_advice="The log may have been corrected since; the figure stays as it was settled.",
    )  # fmt: skip
    then, now = sum(p["minor"] for p in part), sum(c.minor for c in found)
    context = {
        **head(request), "contract": known, "one": one, "origin": origin, "listing": listing,
        "then": presenters.money(then, currency), "today": presenters.money(now, currency),
        "same": then == now, "service": near.services[service].name, "month": month,
    }  # fmt: skip
    return render(request, "budget/contracts/behind.html", context)
