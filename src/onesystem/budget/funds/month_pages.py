"""Months: which are open, what is to be done before one closes, and closing it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.funds import books, closing, costed, presenters, queries
from onesystem.budget.funds.asked import asked
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.pages import head, line_names
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import month_in
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing


@require_safe
@access.page(right="budget.see")
def months(request: HttpRequest) -> HttpResponse:
    """Which months are closed, which is to be closed next, and what lies in each?"""
    said, currency = asked(request.GET), current().currency
    known = {m.month: m for m in ledger.months()}
    sums = {book: _by_month(book, said.year) for book in (books.PLAN, books.ACTUAL)}
    rows = []
    for month in said.year.months:
        at = known.get(month)
        closed = books.closed(month)
        rows.append([
            Cell(presenters.month_words(month), value=f"{month:%Y-%m}",
                 href=reverse("funds:month", args=[f"{month:%Y-%m}"])),
            _state(month, closed=closed),
            at.by if at and at.closed else "",
            at.legs if at else 0,
            presenters.cell(sums[books.PLAN].get(month, 0), currency),
            presenters.cell(sums[books.ACTUAL].get(month, 0), currency),
        ])  # fmt: skip
    listing = Listing(
        caption=f"Months of {said.year.name}", query=request.GET, all_rows=rows,
        columns=(Column("month", "Month"), Column("state", "State"), Column("by", "Closed by"),
                 Column("entries", "Entries", right=True), Column("plan", "Plan", right=True),
                 Column("actual", "Actual", right=True)),
    )  # fmt: skip
    if taken := exported(request, listing, "months", [(say("Year"), said.year.name)]):
        return taken
    next_ = next((m for m in said.year.months if not books.closed(m)
                  and m < queries.this_month()), None)  # fmt: skip
    context = {
        **head(request, "months"), "year": said.year, "listing": listing,
        "next": (f"{next_:%Y-%m}", presenters.month_words(next_)) if next_ else None,
        "years": [(y.name, f"?month={y.first:%Y-%m}", y == said.year)
                  for y in (said.year.before, said.year, said.year.after)],
    }  # fmt: skip
    return render(request, "budget/funds/months.html", context)


def _state(month: date, *, closed: bool) -> Cell:
    if closed:
        return Cell(say("closed"), tag="good")
    if month <= queries.this_month():
        return Cell(say("open"), tag="info")
    return Cell(say("ahead"), tag="quiet")


def _by_month(book: str, year: Any) -> dict[date, int]:
    made: dict[date, int] = {}
    for line in books.by_month(book, year).values():
        for month, amount in line.items():
            made[month] = made.get(month, 0) + amount
    return made


@access.page(right="budget.see")
def month(request: HttpRequest, month: str) -> HttpResponse:
    """What is to be done before this month closes, and do contacts and ledger agree?"""
    at = month_in(month)
    error = None
    if request.method == "POST":
        try:
            closing.close(
                month=at, by=request.actor,  # type: ignore[attr-defined]
                known=request.POST.get("known") == "1",
                override=request.POST.get("override", ""), why=request.POST.get("why", ""),
            )  # fmt: skip
        except UserError as refused:
            error = refused
        else:
            messages.success(
                request, say("{month_words} is closed.", month_words=presenters.month_words(at))
            )
            return HttpResponseRedirect(reverse("funds:month", args=[month]))
    return _month(request, at, error)


def _month(request: HttpRequest, at: date, error: UserError | None) -> HttpResponse:
    here, closed = current(), books.closed(at)
    found = costed.reconciled(at)
    exact = access.may(request.actor, "person.open")  # type: ignore[attr-defined]
    rows = presenters.reconciled_rows(
        found.rows if found else (), costed.contacts(at), here, line_names(), exact=exact
    )
    listing = Listing(
        caption="Costed contacts beside the ledger", query=request.GET, all_rows=rows,
        columns=(Column("name", "Service"), Column("kind", "Costs of"), Column("line", "Line"),
                 Column("contacts", "Contacts", right=True),
                 Column("costed", "Costed", right=True),
                 Column("posted", "In the ledger", right=True),
                 Column("left", "Left over", right=True), Column("why", "Why")),
        empty_title="Nothing is costed for this month",
        empty_advice="Post its costs from the page of costs.",
    )  # fmt: skip
    name = f"reconciliation-{at:%Y-%m}"
    if taken := exported(request, listing, name, [(say("Month"), presenters.month_words(at))]):
        return taken
    steps = closing.checklist(at) if not closed else []
    context = {
        **head(request, "months"),
        "at": at,
        "words": presenters.month_words(at),
        "error": error,
        "closed": next((m for m in ledger.months() if m.month == at and m.closed), None),
        "steps": steps,
        "stops": any(s.state == closing.STOPS for s in steps),
        "overrides": [s for s in steps if s.state == closing.STOPS and s.override],
        "why": request.POST.get("why", ""),
        "known": any(s.state == closing.KNOWN for s in steps),
        "listing": listing,
        "found": [
            (words, presenters.exact(minor, here.currency))
            for words, minor in (
                (say("Contacts cost"), found.contacts),
                (say("Capacity that nobody used"), found.unused),
                (say("In the ledger"), found.posted),
                (say("Left over"), found.left),
            )
        ]
        if found
        else [],
    }
    return render(request, "budget/funds/month.html", context, status=400 if error else 200)
