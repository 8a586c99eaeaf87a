"""Signing, publishing and withdrawing from a contract's page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem import access
from onesystem.budget.contracts import actions, gating, queries
from onesystem.budget.contracts.keeping import NotYet
from onesystem.budget.contracts.pages import head
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or


@require_POST
@access.page(right="contracts.keep")
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Write down that a party signed."""
    return _do(request, slug, lambda **all_: actions.sign(
        party=request.POST.get("party", ""), signatory=request.POST.get("signatory", ""), **all_,
    ), say("The signature is saved."))  # fmt: skip


@require_POST
@access.page(right="contracts.keep")
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the open version away."""
    return _do(request, slug, lambda **all_: actions.withdraw(
        why=request.POST.get("why", ""), **all_), say("The version is withdrawn."))  # fmt: skip


@access.page(right="contracts.keep")
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Let it go live; where the gate misses something, say what, and who goes on all the same."""
    known = queries.contract(slug)
    if request.method != "POST" or known.open is None:
        return HttpResponseRedirect(reverse("contracts:contract", args=[slug]))
    why = request.POST.get("override", "")
    try:
        actions.publish(slug=slug, seen=_seen(request), by=request.actor, override=why)  # type: ignore[attr-defined]
    except NotYet as error:
        context = {
            **head(request), "contract": known, "version": known.open, "missing": error.problems,
            "asked": gating.asked(known.open.agreement), "seen": _seen(request),
        }  # fmt: skip
        return render(request, "budget/contracts/gate.html", context, status=422)
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("It is published: on its day it is in force."))
    return HttpResponseRedirect(reverse("contracts:contract", args=[slug]))


def _do(request: HttpRequest, slug: str, act: Callable[..., Any], done: str) -> HttpResponse:
    try:
        act(slug=slug, seen=_seen(request), by=request.actor)  # type: ignore[attr-defined]
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    to = reverse("contracts:contract", args=[slug])
    known = queries.contract(slug)
    return HttpResponseRedirect(f"{to}?version={known.versions[0].number}")


def _seen(request: HttpRequest) -> int:
    return whole_or(request.POST.get("seen"), -1)
