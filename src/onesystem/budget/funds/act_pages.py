"""Moving money with a reason, what was moved, and taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.budget.funds import actions, books, presenters, queries
from onesystem.budget.funds.asked import asked
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.pages import head, line_names
from onesystem.budget.funds.planning import Refused
from onesystem.budget.months import Year, month_in
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import begun, say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

_FIELDS = ("source", "to", "amount", "month", "months", "words")


@access.page(right="budget.move")
def move(request: HttpRequest) -> HttpResponse:
    """Move money from a line to another; where a rule forbids it, which, and what to do."""
    if request.method != "POST":
        typed = {name: request.GET.get(name, "") for name in _FIELDS}
        typed["month"] = typed["month"] or f"{_open():%Y-%m}"
        return _form(request, typed, queries.seen())
    typed = {name: request.POST.get(name, "")[:1000] for name in _FIELDS}
    seen = request.POST.get("seen", "")
    try:
        number = actions.move(
            source=_chosen(typed["source"], "from"), to=_chosen(typed["to"], "to"),
            amount=presenters.amount_in(typed["amount"]), month=month_in(typed["month"]),
            months=1 if typed["months"] == "one" else None, words=typed["words"],
            by=request.actor,  # type: ignore[attr-defined]
            seen=whole_or(seen, None),
        )  # fmt: skip
    except UserError as error:
        return _form(request, typed, queries.seen(), error)
    messages.success(request, say("Moved. You can take it back here."))
    return HttpResponseRedirect(f"{reverse('funds:moves')}#act-{number}")


def _chosen(code: str, which: str) -> str:
    if not code:
        raise UserError(
            say("no line was chosen to move money {which}", which=which), "Choose a line."
        )
    return code


def _form(
    request: HttpRequest, typed: dict[str, str], seen: int, error: UserError | None = None
) -> HttpResponse:
    year = Year.on(month_in(typed["month"]) if _is_month(typed["month"]) else _open(),
                   queries.begins())  # fmt: skip
    open_months = [m for y in (year, year.after) for m in y.months if not books.closed(m)]
    every, funds, currency = queries.lines(), queries.funds(), current().currency
    free = _free(year)
    lines = [
        (
            e.code,
            say(
                "{name} ({free} left, {name2})",
                name=e.name,
                free=free[e.code],
                name2=funds[e.fund].name,
            ),
        )
        for e in every
    ]
    states, _ = queries.fence_states(year)
    context = {
        **head(request, "moves"), "typed": typed, "error": error, "year": year,
        "rule": error.rule if isinstance(error, Refused) else "",
        "overtaken": isinstance(error, actions.Overtaken), "seen": seen,
        "lines": presenters.options(lines, say("Choose a line")),
        "months": [(f"{m:%Y-%m}", presenters.month_words(m)) for m in open_months],
        "fences": [presenters.fence_row(s, currency) for s in states],
    }  # fmt: skip
    return render(request, "budget/funds/move.html", context, status=200 if not error else 400)


def _is_month(text: str) -> bool:
    try:
        month_in(text)
    except UserError:
        return False
    return True


def _open() -> Any:
    """The month it is, or the first open one where that is closed already."""
    return queries.this_month()


def _free(year: Any) -> dict[str, str]:
    every = queries.lines()
    plan = books.by_line(books.PLAN, year.first, year.last)
    bound = books.bound(year, [])
    left = {each.code: plan.get(each.code, 0) - bound.get(each.code, 0) for each in every}
    return {code: presenters.whole(minor, current().currency) for code, minor in left.items()}


@require_safe
@access.page(right="budget.see")
def moves(request: HttpRequest) -> HttpResponse:
    """What was given, allotted and moved, by whom, why, and can it be taken back?"""
    said, currency, names = asked(request.GET), current().currency, line_names()
    some = queries.acts(year=said.year, line=request.GET.get("line", ""))
    kind = request.GET.get("kind", "")
    some = [a for a in some if not kind or a.kind == kind]
    rows = [presenters.act_row(act, names, currency) for act in some]
    table = Listing(
        caption="Moves", query=request.GET,
        columns=(Column("at", "At"), Column("kind", "What"), Column("amount", "Amount", right=True),
                 Column("lines", "Lines"), Column("months", "Months"), Column("why", "Why"),
                 Column("by", "By")),
        all_rows=[[from_micros(r["act"].at), r["kind"],
                   Cell(r["amount"], value=presenters.cell(r["act"].amount, currency).value),
                   "; ".join(r["lines"]), r["months"], r["act"].words, r["act"].by] for r in rows],
    )  # fmt: skip
    if taken := exported(request, table, "moves", [(say("Year"), said.year.name)]):
        return taken
    kinds = [(k, begun(v)) for k, v in presenters.KIND_WORDS.items()]
    context = {
        **head(request, "moves"), "year": said.year, "rows": rows, "kind": kind,
        "kinds": presenters.options(kinds, say("Everything")), "line": request.GET.get("line", ""),
        "line_name": names.get(request.GET.get("line", ""), ""),
        "years": [(y.name, f"{y.first:%Y-%m}", y == said.year)
                  for y in (said.year.before, said.year, said.year.after)],
    }  # fmt: skip
    return render(request, "budget/funds/moves.html", context)


@require_POST
@access.page(right="budget.move")
def undo(request: HttpRequest, act: int) -> HttpResponse:
    """Take an act back by a contrary one."""
    words = request.POST.get("words", "").strip() or say("Takes back act {act}", act=act)
    try:
        actions.undo(act=act, by=request.actor, words=words)  # type: ignore[attr-defined]
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("Taken back by a contrary move."))
    return HttpResponseRedirect(reverse("funds:moves"))
