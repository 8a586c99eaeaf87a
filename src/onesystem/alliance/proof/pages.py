"""The pages of proof: which decisions are looked at when, what one did, and what becomes of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter import heading
from onesystem.alliance.commit.presenters import STATES
from onesystem.alliance.proof import actions, judging, presenters, queries
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or


@require_safe
@access.page(right="alliance.see")
def every(request: HttpRequest) -> HttpResponse:
    """Which decisions are due for a look, and what came of the others?"""
    if not heading.there():
        return HttpResponseRedirect("/alliance/")
    context = heading.head(request, "reviews/")
    found = queries.every(context["stands"].alliance)
    state = request.GET.get("state", "")
    listing = presenters.reviews([s for s in found if not state or s.state == state], request.GET)
    if taken := access.exported(listing, request, "reviews"):
        return taken
    context |= {"listing": listing, "state": state, "due": sum(s.state == "due" for s in found)}
    return render(request, "alliance/proof/every.html", context)


@require_safe
@access.page(right="alliance.see")
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """Did it work, what does the settlement share, and what next?"""
    return render(request, "alliance/proof/decision.html", _shown(request, number))


def _shown(request: HttpRequest, number: int, **more: Any) -> dict[str, Any]:
    try:
        reviews = queries.of(number)
    except NotFound as error:
        raise Http404(str(error)) from None
    if not reviews:
        raise Http404("This decision has no review: it was not set going, or nothing judges it.")
    context, now = heading.head(request, "reviews/"), reviews[0]
    beside = judging.settlement(now.row)
    return context | {
        "review": now, "decision": now.decision, "state": STATES[now.decision.state],
        "words": presenters.STANDS[now.state], "judged": presenters.judged(now),
        "beside": presenters.beside(beside, request.GET) if beside else None,
        "shares": presenters.sharing(beside, {}) if beside and beside.has else None,
        "settled": beside, "earlier": presenters.said(reviews),
        "looked": actions.on_agenda(now.row), "verdicts": presenters.VERDICTS,
        "compares": not now.row.verdict
        and (context["keeps"] or access.may(request.actor, "measures.sign")),  # type: ignore[attr-defined]
        "closes": context["keeps"] and not now.row.verdict, "wrong": "", "typed": {},
    } | more  # fmt: skip


def _review(number: int) -> queries.Standing:
    found = queries.of(number)
    if not found:
        raise Http404("This decision has no review.")
    return found[0]


@require_POST
@access.page(right="alliance.see")
def draw(request: HttpRequest, number: int) -> HttpResponse:
    """Draw what it did with the figures up to now."""
    try:
        actions.draw(review=_review(number).row.id, by=request.actor)  # type: ignore[attr-defined]
    except UserError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("proof:decision", args=[number]))


@require_POST
@access.page(right="alliance.see")
def work(request: HttpRequest, number: int) -> HttpResponse:
    """Work on what is being drawn for a moment; the page asks until it is there."""
    home = reverse("proof:decision", args=[number])
    left = actions.work(review=_review(number).row.id)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(home)
    if left:
        return render(request, "alliance/proof/_working.html", {"number": number})
    response = HttpResponse(status=204)
    response["HX-Redirect"] = home
    return response


@require_POST
@access.page(right="alliance.keep")
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Adopt, change or stop."""
    review, said = _review(number), request.POST
    try:
        made = actions.close(
            review=review.row.id, verdict=said.get("verdict", ""), reason=said.get("reason", ""),
            seen=whole_or(said.get("seen"), -1),
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except UserError as error:
        context = _shown(request, number, wrong=str(error), typed=said)
        return render(request, "alliance/proof/decision.html", context, status=400)
    if made:
        messages.success(request, say("It goes back to a meeting: write what is to be changed."))
        return HttpResponseRedirect(f"/alliance/proposals/{made}/")
    messages.success(request, say("Said, and registered."))
    return HttpResponseRedirect(reverse("proof:decision", args=[number]))
