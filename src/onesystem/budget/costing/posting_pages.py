"""Is a month's cost in the ledger, to the penny; and if not, why not?"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.costing import actions, presenters, queries
from onesystem.budget.costing.asked import month_in, whole_months
from onesystem.budget.costing.pages import head
from onesystem.budget.costing.posting import WORDS, Row
from onesystem.budget.funds.exporting import exported
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import begun, say
from onesystem.vocabulary.tables import Cell, Column, Listing

_SHOWN = 24  # months


@require_safe
@access.page(right="budget.see")
def months(request: HttpRequest) -> HttpResponse:
    """Which months are in the ledger, which are not, and what is left over?"""
    here = current()
    told = [queries.reconcile(m) for m in reversed(whole_months()[-_SHOWN:])]
    listing = Listing(
        caption="Months",
        columns=(Column("month", "Month"), Column("cost", "Costs", right=True),
                 Column("unused", "Unused capacity", right=True),
                 Column("posted", "In the ledger", right=True),
                 Column("left", "Left over", right=True), Column("closed", "Month")),
        all_rows=[
            [Cell(f"{r.month:%B %Y}", value=f"{r.month:%Y-%m}",
                  href=reverse("costing:month", args=[f"{r.month:%Y-%m}"])),
             presenters.cell(r.contacts, here), presenters.cell(r.unused, here),
             presenters.cell(r.posted, here),
             presenters.cell(r.left, here, tag="good" if not r.left else "warn"),
             "closed" if r.closed else "open"]
            for r in told
        ],
        query=request.GET, exports=False, empty_title="No whole month is costed yet",
        empty_advice="`onesystem cost log` works costs out.",
    )  # fmt: skip
    if taken := exported(request, listing, "costed-months", _MEANING):
        return taken
    return render(request, "budget/costing/months.html",
                  {**head("months"), "listing": listing, "defined": _MEANING})  # fmt: skip


_MEANING = [
    (say("Costs"), say("What contacts cost in the month, each in whole minor units.")),
    (say("Unused capacity"), say("What pools cost beyond what contacts used of them.")),
    (
        say("In the ledger"),
        say("What is posted of it to the actual book, less what was reversed there."),
    ),
    (say("Left over"), say("Costs and unused capacity less what is in the ledger.")),
]


@require_safe
@access.page(right="budget.see")
def month(request: HttpRequest, month: str) -> HttpResponse:
    """What did this month cost by service, which line pays, and what is left over, and why?"""
    told, here = queries.reconcile(_month(month)), current()
    listing = Listing(
        caption=f"Costs of {told.month:%B %Y} against the ledger",
        columns=(Column("service", "Service"), Column("what", "What"), Column("line", "Line"),
                 Column("minor", "Cost", right=True), Column("posted", "In the ledger", right=True),
                 Column("left", "Left over", right=True), Column("why", "Why")),
        all_rows=[_row(row, here) for row in told.rows], query=request.GET, exports=False,
        empty_title="Nothing cost anything in this month", empty_advice="Choose another month.",
    )  # fmt: skip
    if taken := exported(request, listing, f"costs-{month}", _MEANING):
        return taken
    may = access.may(request.actor, "budget.move")  # type: ignore[attr-defined]
    context = {
        **head("months"), "told": told, "listing": listing, "defined": _MEANING, "may": may,
        "whole": told.month in whole_months(), "at": f"{told.month:%Y-%m}",
        "lacks": any(row.left and not row.line for row in told.rows),
        "due": sum(row.left for row in told.rows if row.line),
        "changed": any(row.left and row.line for row in told.rows),
    }  # fmt: skip
    return render(request, "budget/costing/month.html", context)


def _row(row: Row, here: Any) -> list[Any]:
    return [
        Cell(here.service_name(row.service) if row.service else say("no service"),
             href=reverse("costing:service", args=[row.service]) if row.service else ""),
        begun(WORDS[row.kind]),
        Cell(row.line, href=reverse("funds:line", args=[row.line])) if row.line else "",
        presenters.cell(row.minor, here), presenters.cell(row.posted, here),
        presenters.cell(row.left, here, tag="good" if not row.left else "warn"), row.why,
    ]  # fmt: skip


@require_POST
@access.page(right="budget.move")
def post(request: HttpRequest, month: str) -> HttpResponse:
    """Post what is not in the ledger yet."""
    of = _month(month)
    try:
        into = month_in(request.POST.get("into", ""))
        numbers = actions.post_month(month=of, by=request.actor, into=into)  # type: ignore[attr-defined]
    except UserError as error:
        if error.exit_code == 12:
            raise
        messages.error(request, str(error))
    else:
        if numbers:
            messages.success(
                request,
                say(
                    "Posted as {map}. An entry is taken back in the ledger, by correcting it.",
                    map=" and ".join(map(str, numbers)),
                ),
            )
        else:
            messages.info(request, say("Nothing was to be posted."))
    return HttpResponseRedirect(reverse("costing:month", args=[f"{of:%Y-%m}"]))


def _month(text: str) -> date:
    try:
        found = month_in(text)
    except UserError as error:
        raise Http404(text) from error
    if found is None:
        raise Http404(text)
    return found
