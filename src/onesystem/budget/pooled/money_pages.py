"""Money in and out of a pooled fund, and the end of its year."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.pooled import actions, presenters
from onesystem.budget.pooled.edit_pages import _seen
from onesystem.budget.pooled.pages import head
from onesystem.budget.pooled.typed import month, pence
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

_COLUMNS = (
    Column("month", "Month"), Column("what", "What"), Column("words", "Words"),
    Column("of", "From or to"), Column("amount", "Amount", right=True), Column("by", "By"),
    Column("at", "Posted"), Column("posting", "Posting", right=True),
)  # fmt: skip
_IN, _OUT, _SHARED = "received", "spent", "shared"
_WHAT = say_each({_IN: "came in", _OUT: "was spent", _SHARED: "shared at the end"})


@access.page(right="budget.see")
def money(request: HttpRequest, fund: str) -> HttpResponse:
    """What came in, what was spent, and what is written next?"""
    context = head(request, fund, "money")
    refused: UserError | None = None
    if request.method == "POST":
        access.require(request.actor, "pooled.keep")  # type: ignore[attr-defined]
        try:
            said = _post(request, context)
        except UserError as error:
            refused = error
        else:
            messages.success(request, said)
            return HttpResponseRedirect(f"/pooled/{fund}/money/{context['kept']}")
    a, year = context["a"], context["year"]
    listing = _entries(request, fund, context)
    if taken := access.exported(listing, request, f"{fund}-{year.slug}-money"):
        return taken
    typed = {name: str(value) for name, value in request.POST.items()}
    context |= {
        "listing": listing, "refused": refused, "typed": typed, "key": uuid4().hex,
        "contributions": [(c.code, f"{c.words or c.code}, {presenters.partner(a, c.partner)}")
                          for c in a.contributions if c.kind != "in-kind"],
        "schemes": [(s.code, s.name) for s in a.cash_schemes],
        "months": [(f"{m:%Y-%m}", f"{m:%B %Y}") for m in year.months],
        "settled": context["standing"].settled,
    }  # fmt: skip
    return render(request, "budget/pooled/money.html", context, status=422 if refused else 200)


def _post(request: HttpRequest, context: dict[str, Any]) -> str:
    said, a = request.POST, context["a"]
    common: dict[str, Any] = {
        "fund": a.fund, "year": a.year, "by": request.actor,  # type: ignore[attr-defined]
    }  # fmt: skip
    if said.get("what") == "take-back":
        number = said.get("posting", "")
        actions.take_back(**common, posting=whole_or(number, 0), why=said.get("why", ""))
        return say("Taken back by a posting of its own.")
    common |= {
        "amount": pence(said.get("amount", "")), "month": month(said.get("month", "")),
        "words": said.get("words", "").strip()[:400],
        # The same form sent twice posts once.
        "key": f"pooled:{a.fund}:{a.year}:{said.get('key', '') or uuid4().hex}",
    }  # fmt: skip
    if said.get("what") == "in":
        actions.receive(**common, contribution=said.get("contribution", ""))
        return say("Saved: it came in.")
    actions.spend(**common, scheme=said.get("scheme", ""))
    return say("Saved: it was spent.")


def _entries(request: HttpRequest, fund: str, context: dict[str, Any]) -> Listing:
    a, rows = context["a"], []
    found = ledger.entries(book="actual", fund=fund, cause=f"pooled:{fund}:{a.year}", per_page=0)
    for each in found:
        leg = each.leg
        if leg.account not in _WHAT:
            continue
        scheme = a.scheme(leg.line.removeprefix(f"{fund}."))
        note = say("taken back") if each.reversed_by else say("takes back") if each.reverses else ""
        rows.append([
            Cell(f"{each.month:%b %Y}", value=each.month), Cell(_WHAT[leg.account], note=note),
            each.words,
            Cell(scheme.name, note=presenters.service(leg.service) if leg.service else "")
            if scheme else presenters.partner(a, leg.organisation),
            presenters.amount(-leg.amount if leg.account == _IN else leg.amount), each.by,
            Cell(f"{each.at:%-d %b %Y}", value=each.at), each.posting,
        ])  # fmt: skip
    return Listing(
        caption="Entries", columns=_COLUMNS, all_rows=rows, query=request.GET,
        default_sort="posting", default_descending=True, empty_title="Nothing has moved yet",
        empty_advice="Write beside what came in and what was spent.",
    )  # fmt: skip


@require_POST
@access.page(right="pooled.keep")
def settle(request: HttpRequest, fund: str) -> HttpResponse:
    """Share what was spent over or is left, and close the year; or open it again."""
    context = head(request, fund, "sharing")
    common: dict[str, Any] = {
        "fund": fund, "year": context["a"].year, "seen": _seen(request),
        "by": request.actor, "why": str(request.POST.get("why", "")),  # type: ignore[attr-defined]
    }  # fmt: skip
    try:
        if request.POST.get("do") == "reopen":
            actions.reopen(**common)
            messages.success(request, say("Open again: what was shared is posted back."))
        else:
            actions.settle(**common)
            messages.success(request, say("{year} is settled.", year=context["a"].year))
    except UserError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"/pooled/{fund}/sharing/{context['kept']}")
