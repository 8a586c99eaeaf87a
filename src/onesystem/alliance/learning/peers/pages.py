"""Peer review: practices beside each other on a funnel, and a pack for each; never a league."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.learning.peers import asked, exporting, queries, seeing, tables, working
from onesystem.alliance.learning.peers import practices as known
from onesystem.alliance.learning.peers.asked import actor_of
from onesystem.alliance.learning.peers.drawing import picture
from onesystem.alliance.learning.peers.figures import book
from onesystem.alliance.learning.peers.seeing import Viewer
from onesystem.flow import answers
from onesystem.flow.answers import Answer
from onesystem.flow.chances.question import Period
from onesystem.vocabulary import NotFound, NotPermitted, UserError, nearest
from onesystem.vocabulary.said import say

ROOT = "/peers/"
_FIRST = 3  # entries of the log on a pack


@require_safe
@access.page(right="peers.see")
def peers(request: HttpRequest) -> HttpResponse:
    """How do practices fare beside each other, for the ages and sexes of their lists?"""
    try:
        period = asked.period_of(request.GET)
    except UserError as error:
        return _refused(request, error)
    actor, figure = actor_of(request), asked.figure_of(request.GET)
    viewer, answer = asked.viewer_of(actor, period), working.ask(period, by=actor)
    context = {**_frame(request, period, viewer, answer), "figure": figure,
               "figures": [(f.code, f.title) for f in book().figures.values()]}  # fmt: skip
    if answer.found:
        review = seeing.review(answer.found, figure, viewer)
        listing = tables.practices(review, request.GET, ROOT)
        if taken := _exported(request, listing, [figure], period, f"peers-{figure.code}"):
            return taken
        context |= {"review": review, "listing": listing, "drawn": picture(review, viewer.mine)}
    return _shown(request, "peers.html", context, answer)


@require_safe
@access.page(right="peers.see")
def pack(request: HttpRequest, practice: str) -> HttpResponse:
    """How does this practice fare beside its peers, and what could be asked?"""
    try:
        period = asked.period_of(request.GET)
    except UserError as error:
        return _refused(request, error)
    actor = actor_of(request)
    viewer, answer = asked.viewer_of(actor, period), working.ask(period, by=actor)
    if not (viewer.names or practice == viewer.mine):
        raise NotPermitted(
            "a practice's pack is for that practice, and for who prepares the review",
            "Look at the funnel, where your own practice has its name",
        )
    context = {**_frame(request, period, viewer, answer), "practice": practice,
               "name": known.name_of(practice),
               "entries": queries.entries("", practice)[:_FIRST]}  # fmt: skip
    if answer.found:
        context |= _pack(answer, practice, viewer, request)
        figures = [review.figure for review, _ in context["funnels"]]
        if taken := _exported(request, context["listing"], figures, period, f"peers-{practice}"):
            return taken
    return _shown(request, "pack.html", context, answer)


@require_POST
@access.page(right="peers.see")
def anew(request: HttpRequest) -> HttpResponse:
    """Count again."""
    period = asked.period_of(request.GET)
    working.ask(period, by=actor_of(request), anew=True)
    return HttpResponseRedirect(f"{ROOT}?{urlencode({'to': f'{period.last:%Y-%m}'})}")


@require_POST
@access.page(right="peers.see")
def cancel(_request: HttpRequest, digest: str) -> HttpResponse:
    """Stop counting."""
    stopped = Period.kept(answers.cancel(digest).asked)
    return HttpResponseRedirect(f"{ROOT}?{urlencode({'to': f'{stopped.last:%Y-%m}'})}")


def _pack(answer: Answer, practice: str, viewer: Viewer, request: HttpRequest) -> dict[str, Any]:
    found, terms = answer.found or {}, book()
    if practice not in found["people"]:
        raise NotFound(
            say("nobody was on the list of {practice} in this time", practice=repr(practice)),
            nearest(practice, list(found["people"])) if viewer.names else "Choose other months",
        )
    reviews = [seeing.review(found, figure, viewer) for figure in terms.figures.values()]
    bands = tuple(terms.band(least) for least in terms.bands)
    return {
        "funnels": [(review, picture(review, practice)) for review in reviews],
        "listing": tables.pack(reviews, practice, request.GET),
        "profile": seeing.profile(found, practice, bands),
        "size": sum(found["people"][practice].values()), "method": exporting.METHOD,
        "outside": [r.figure.title for r in reviews if abs(_signal(r, practice)) == 2],
    }  # fmt: skip


def _signal(review: seeing.Review, practice: str) -> int:
    seen = review.of(practice)
    return seen.signal if seen else 0


def _exported(
    request: HttpRequest, listing: Any, figures: list[Any], period: Period, name: str
) -> HttpResponse | None:
    if request.GET.get("format") == "xlsx":
        return exporting.workbook(listing, figures, asked.words_of(period), name)
    return access.exported(listing, request, name)


def _frame(
    request: HttpRequest, period: Period, viewer: Viewer, answer: Answer
) -> dict[str, Any]:  # fmt: skip
    month = f"{period.last:%Y-%m}"
    return {
        "period": asked.words_of(period), "month": month, "answer": answer, "viewer": viewer,
        "usual": month == f"{working.usual().last:%Y-%m}", "query": request.GET,
        "here": f"{request.path}?{urlencode({**request.GET.dict(), 'to': month})}",
        "mine": viewer.mine, "mine_name": known.name_of(viewer.mine) if viewer.mine else "",
        "least": viewer.eyes.below,
    }  # fmt: skip


def _shown(
    request: HttpRequest, name: str, context: dict[str, Any], answer: Answer
) -> HttpResponse:  # fmt: skip
    made = render(request, f"alliance/learning/{name}", context)
    if request.headers.get("HX-Request") and not answer.working:
        made["HX-Refresh"] = "true"
    return made


def _refused(request: HttpRequest, error: UserError) -> HttpResponse:
    context = {"problem": error, "query": request.GET, "month": request.GET.get("to", "")}
    return render(request, "alliance/learning/peers.html", context, status=400)
