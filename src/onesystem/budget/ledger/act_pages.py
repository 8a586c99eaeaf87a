"""Taking back, closing and checking: what finance does with the ledger itself."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from onesystem import access
from onesystem.access import quick
from onesystem.budget.ledger import actions, checklist, presenters, queries
from onesystem.budget.ledger.asked import month_of
from onesystem.budget.ledger.pages import head, sees_people
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, UserError, to_local
from onesystem.vocabulary.said import say, say_date


@require_http_methods(["GET", "POST"])
@access.page(right="budget.move")
def correct(request: HttpRequest, number: int) -> HttpResponse:
    """Take a posting back, with a reason."""
    kept, error = presenters.whole(queries.posting(number), people=sees_people(request)), None
    why = request.POST.get("why", "")
    if request.method == "POST":
        try:
            made = actions.correct(posting=number, by=request.actor, why=why)  # type: ignore[attr-defined]
        except UserError as told:
            error = told
        else:
            messages.success(
                request,
                say("Taken back. Posting {made} says so, and nothing is lost.", made=made[0]),
            )
            return HttpResponseRedirect(reverse("ledger:posting", args=[made[0]]))
    context = {
        **head(request, "entries"), "kept": kept, "legs": presenters.legs(kept, current()),
        "with_it": [each for how, each in presenters.ties(kept) if each.act == kept.act],
        "error": error, "why": why,
    }  # fmt: skip
    return render(request, "budget/ledger/correct.html", context)


@require_safe
@access.page(right="budget.see")
def months(request: HttpRequest) -> HttpResponse:
    """Which months are closed, and what lies in each?"""
    currency, known = current().currency, queries.months()
    spent = {row["month"]: row["amount"] for row in queries.balances(
        by=("month",), book="actual", account="spent")}  # fmt: skip
    today = to_local(now(), current().zone).date().replace(day=1)
    context = {
        **head(request, "months"), "any": bool(known),
        "known": [(m, presenters.money(spent.get(m.month, 0), currency),
                   not m.closed and m.month < today) for m in reversed(known)],
    }  # fmt: skip
    return render(request, "budget/ledger/months.html", context)


@require_http_methods(["GET", "POST"])
@access.page(right="budget.move")
def close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month, after a look at what should be in it."""
    wanted = month_of(month)
    if wanted is None:
        raise NotFound(say("{month} is no month", month=repr(month)), "Write it as 2026-04")
    items, length, error = list(checklist.items(wanted)), _length(), None
    if request.method == "POST":
        try:
            _close(request, wanted, items, length)
        except UserError as told:
            error = told
        else:
            messages.success(request, say("{wanted} is closed.", wanted=say_date(wanted, "%B %Y")))
            return HttpResponseRedirect(reverse("ledger:months"))
    context = {**head(request, "months"), "month": wanted, "items": items, "seen": length,
               "error": error, "why": request.POST.get("why", ""),
               "overrides": [i for i in items if i.stops and i.override]}  # fmt: skip
    return render(request, "budget/ledger/close.html", context)


def _close(request: HttpRequest, month: Any, items: list[checklist.Item], length: int) -> None:
    for item in items:
        if item.stops and not item.override:
            raise UserError(
                say("this must be right first: {words}", words=item.words.lower()),
                "See the list below",
            )
    if request.POST.get("seen") != str(length):
        raise UserError(
            "something was posted since you looked at the list", "Look at it again, then close"
        )
    if request.POST.get("sure") != "1":
        raise UserError("closing a month cannot be undone", "Tick that you have looked at the list")
    actions.close(
        month=month, by=request.actor,  # type: ignore[attr-defined]
        override=request.POST.get("override", ""), why=request.POST.get("why", ""),
    )  # fmt: skip


def _length() -> int:
    found = quick.rows("SELECT length FROM budget_ledger_head WHERE id = 1")
    return int(found[0][0]) if found else 0


@require_http_methods(["GET", "POST"])
@access.page(right="budget.see")
def check(request: HttpRequest) -> HttpResponse:
    """Is the ledger as it was written?"""
    ran = request.method == "POST"
    found = quick.rows("SELECT length, digest, currency FROM budget_ledger_head WHERE id = 1")
    context = {
        **head(request, "check"), "ran": ran, "end": found[0] if found else None,
        "faults": queries.verify() if ran else [], "at": now(),
    }  # fmt: skip
    if ran:
        access.record(by=request.actor, act="ledger.verified",  # type: ignore[attr-defined]
                      detail={"faults": len(context["faults"])})  # fmt: skip
    return render(request, "budget/ledger/check.html", context)
