"""Entries and postings: what moved, who posted it, and what led to it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.ledger import exporting, presenters, queries
from onesystem.budget.ledger.asked import Asked
from onesystem.district import current
from onesystem.flow.showing.common import file_of
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Listing, csv_text


class _Entries(Sequence[Any]):
    """The entries that fit, looked up a page at a time."""

    def __init__(self, asked: Asked, *, people: bool) -> None:
        self.filters, self.here, self.people = asked.filters, current(), people
        self.many = queries.many(**self.filters)

    def __len__(self) -> int:
        return self.many

    def __getitem__(self, some: Any) -> Any:
        first, last, _ = some.indices(self.many)
        page = first // queries.PER_PAGE + 1
        found = queries.entries(page=page, per_page=queries.PER_PAGE, **self.filters)
        return [
            presenters.row(presenters.seen(each, people=self.people), self.here)
            for each in found[: last - first]
        ]

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("the entries of a ledger are looked up a page at a time")


@require_safe
@access.page(right="budget.see")
def entries(request: HttpRequest) -> HttpResponse:
    """What was posted, on what, for what, by whom?"""
    here, asked = current(), Asked.of(request.GET)
    if form := request.GET.get("format", ""):
        return _file(request, asked, form)
    shown = Listing(
        caption="Entries",
        columns=presenters.COLUMNS,
        all_rows=_Entries(asked, people=sees_people(request)),
        query=request.GET,
        per_page=queries.PER_PAGE,
        empty_title="No entry fits" if asked.narrows else "Nothing was posted yet",
        empty_advice="Leave a filter out." if asked.narrows else
        "Fund a line, cost a month, or take postings in with: onesystem ledger post FILE",
    )  # fmt: skip
    sums = [] if asked.of_cells is None else queries.balances(by=("book", "account"),
                                                              **asked.of_cells)  # fmt: skip
    context = {
        **head(request, "entries"), "listing": shown, "asked": asked, "said": asked.said,
        "sums": [(presenters.BOOK_WORDS[row["book"]], row["account"],
                  presenters.money(row["amount"], here.currency)) for row in sums],
        "months": [("", say("Any")), *((f"{m.month:%Y-%m}", f"{m.month:%b %Y}")
                                  for m in reversed(queries.months()))],
        "books": presenters.books(), "accounts": presenters.accounts(asked.said.get("book", "")),
        "lines": presenters.options("line", here), "funds": presenters.options("fund", here),
        "bodies": presenters.options("organisation", here),
    }  # fmt: skip
    return render(request, "budget/ledger/entries.html", context)


def head(request: HttpRequest, here: str) -> dict[str, Any]:
    """What the pages of the ledger have in common."""
    places = (("entries", say("Entries")), ("months", say("Months")), ("check", say("Check")))
    return {
        "people": sees_people(request),
        "room": [(words, reverse(f"ledger:{name}"), name == here) for name, words in places],
        "moves": access.may(request.actor, "budget.move"),  # type: ignore[attr-defined]
    }


def sees_people(request: HttpRequest) -> bool:
    """Whether what is said of one person's money is shown: to those who keep such money."""
    actor = request.actor  # type: ignore[attr-defined]
    return access.may(actor, "personal.keep") or access.may(actor, "means.assess")


def _file(request: HttpRequest, asked: Asked, form: str) -> HttpResponse:
    """What is shown, as a file; a file of the ledger is in the trail."""
    people = sees_people(request)
    makes = {
        "csv": lambda a: _csv(a, people=people),
        "xlsx": lambda a: exporting.as_workbook(a.filters, people=people),
        "beancount": lambda a: _text(a, people=people),
    }
    if form not in makes:
        raise NotFound(
            say("there is no form {form}", form=repr(form)),
            say("There are {makes}", makes=", ".join(makes)),
        )
    made = makes[form](asked)
    access.record(by=request.actor, act="ledger.exported", what=form,  # type: ignore[attr-defined]
                  detail={"q": bool(asked.q), **asked.said})  # fmt: skip
    if form != "beancount":
        return file_of(made, form, "ledger")
    response = HttpResponse(made, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ledger.beancount"'
    response["Cache-Control"] = "no-store"
    return response


def _csv(asked: Asked, *, people: bool) -> str:
    found = queries.entries(per_page=exporting.MOST, **asked.filters)
    return csv_text(exporting.HEAD, [exporting.row(each, people=people) for each in found])


def _text(asked: Asked, *, people: bool) -> str:
    return exporting.as_text(month_from=asked.month_from, month_to=asked.month_to, people=people)


@require_safe
@access.page(right="budget.see")
def posting(request: HttpRequest, number: int) -> HttpResponse:
    """What moved, who posted it, and what led to it?"""
    here, people = current(), sees_people(request)
    kept = presenters.whole(queries.posting(number), people=people)
    context = {
        **head(request, "entries"), "kept": kept, "legs": presenters.legs(kept, here),
        "book": presenters.BOOK_WORDS[kept.book],
        "ties": [(how, presenters.whole(e, people=people)) for how, e in presenters.ties(kept)],
        "cause": presenters.cause(kept),
        "held": presenters.money(queries.held(number), here.currency)
        if kept.book == "commitment" and kept.reservation is None else "",
    }  # fmt: skip
    return render(request, "budget/ledger/posting.html", context)
