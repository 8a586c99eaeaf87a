"""Statements as a page, on paper and as a file; receipts for those who may open the person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.budget.personal import presenters, queries
from onesystem.budget.personal.exporting import as_workbook
from onesystem.budget.personal.numbers import reference
from onesystem.budget.personal.standing import ENDS
from onesystem.people.presenters import who_words
from onesystem.record.mine.door import opens_own
from onesystem.record.mine.pages import show as show_mine
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.tables import Listing

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@require_safe
@access.opens_person
def statement(request: HttpRequest, person: int, budget: int) -> HttpResponse:
    """The statement, for whoever keeps the budget."""
    access.require(request.actor, "personal.keep")  # type: ignore[attr-defined]
    context, taken = _statement(request, person, budget)
    if taken:
        return taken
    here, at = district.current(), district.now()
    context["who"] = who_words(person, people.identities_of(person), here, at=at)
    context["receipt_view"] = "personal:receipt"
    return render(request, "budget/personal/statement.html", context)


@require_safe
@opens_own
def mine_statement(request: HttpRequest, person: int, budget: int) -> HttpResponse:
    """One's own statement."""
    context, taken = _statement(request, person, budget)
    person = context.pop("person")
    return taken or show_mine(request, "budget/personal/mine_statement.html", person, **context)


def _statement(
    request: HttpRequest, person: int, budget: int
) -> tuple[dict[str, Any], HttpResponse | None]:
    row = queries.one(budget)
    if queries.whose(budget) != person:
        raise NotFound("this person has no such budget", "Look at their list.")
    told = queries.statement(row)
    listing = Listing(caption=f"Statement of {reference(row.pk)}", columns=presenters.LINES,
                      all_rows=presenters.statement_csv(told))  # fmt: skip
    name = f"statement-{reference(row.pk).lower()}"
    context = {
        "person": person, "budget": row, "reference": reference(row.pk), "told": told,
        "rows": presenters.statement_rows(told, row.currency),
        "ended": presenters.ended_words(row.state, row.ended_why, row.ended_on, ENDS),
        "money": lambda minor: presenters.money(minor, row.currency),
    }  # fmt: skip
    taken = access.exported(listing, request, name)
    return context, taken or as_workbook(listing, request, name, presenters.MEANINGS)


@require_safe
@access.opens_person
def receipt(request: HttpRequest, person: int, receipt: int) -> HttpResponse:
    """A receipt, for whoever keeps the budget."""
    access.require(request.actor, "personal.keep")  # type: ignore[attr-defined]
    return _file(person, receipt)


@require_safe
@opens_own
def mine_receipt(request: HttpRequest, person: int, receipt: int) -> HttpResponse:  # noqa: ARG001
    """A receipt of one's own."""
    return _file(person, receipt)


def _file(person: int, receipt: int) -> HttpResponse:
    """The bytes as they were sent: never from a cache, never run, never guessed to be a page."""
    found = queries.receipt(receipt, person=person)
    response = HttpResponse(bytes(found.body), content_type=found.kind)
    ending = _ENDINGS[found.kind]
    response["Content-Disposition"] = f'attachment; filename="receipt-{found.pk}.{ending}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
