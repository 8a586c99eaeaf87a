"""Triage in place: the form of an act, doing it with one request or with many, what became of each.

The same pages serve with and without script: with it, the parts come into the open inbox.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from onesystem import access
from onesystem.care.drafts import actions as drafts
from onesystem.care.requests import inbox, inbox_acting, inbox_presenters, inbox_seeing, inbox_verbs
from onesystem.care.requests.inbox_acting import NEXT, Outcome, Pick, Words
from onesystem.care.requests.inbox_pages import PART, back_to
from onesystem.care.requests.inbox_presenters import Line
from onesystem.care.requests.inbox_queries import service_of, some_rows
from onesystem.care.requests.inbox_verbs import VERBS, Verb
from onesystem.care.requests.telling import URGENCIES
from onesystem.care.services import queries as services
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

SLOTS = 12  # that a form offers
FOUND = 8  # services that a search shows


@require_http_methods(["GET", "POST"])
@access.page(right=inbox.RIGHT)
def act(request: HttpRequest, service: str) -> HttpResponse:
    """Do something with the requests that were chosen, or ask first what is to be said with it."""
    by = inbox.asker(request.actor)  # type: ignore[attr-defined]
    inbox.require(by, service)
    given = request.POST if request.method == "POST" else request.GET
    verb, chosen = _asked(given)
    if verb is None:
        return _menu(request, service, chosen)
    if request.method == "GET" or (verb.asks and "said" not in given):
        return _form(request, service, verb, chosen, words=Words.of(given))
    words = Words.of(given)
    try:
        told = inbox_acting.act(verb.act, chosen, service=service, by=by, words=words)
    except UserError as error:
        return _form(request, service, verb, chosen, words=words, problem=error)
    if any(each.done for each in told) and not any(not each.done for each in told):
        drafts.done(by, draft_key(verb, service, chosen))
    return _results(request, service, verb, told, words)


def _asked(given: Any) -> tuple[Verb | None, list[Pick]]:
    """The act and the requests; a row's own button says both."""
    if one := given.get("one", ""):
        name, _, value = one.partition(":")
        return VERBS.get(name), inbox_acting.picks([value])
    return VERBS.get(given.get("do", "")), inbox_acting.picks(given.getlist("r"))


def draft_key(verb: Verb, service: str, chosen: Sequence[Pick]) -> str:
    """Under which what somebody writes is kept until it is sent."""
    about = chosen[0].request if len(chosen) == 1 else service
    return f"inbox:{verb.act}:{about}"


def _lines(service: str, chosen: Sequence[Pick]) -> list[Line]:
    """The requests that were chosen, of those that are in this inbox."""
    where = service_of(pick.request for pick in chosen)
    mine = [pick.request for pick in chosen if where.get(pick.request) == service]
    moment, here = now(), current()
    return inbox_presenters.lines(
        some_rows(mine, inbox_seeing.clock_of(service)), here, at=to_micros(moment),
        today=to_local(moment, here.zone).date(), names=inbox.names_shown(service),
    )  # fmt: skip


def _shown(request: HttpRequest, service: str, chosen: Sequence[Pick]) -> dict[str, Any]:
    return {
        "service": service,
        "name": current().service_name(service),
        "chosen": chosen,
        "lines": _lines(service, chosen),
        "act": reverse("inbox:act", args=[service]),
        "query": (request.POST or request.GET).get("query", ""),
        "back": _back(request),
        "shapes": inbox_presenters.SHAPES,
        "part": bool(request.headers.get(PART)),
    }


def _back(request: HttpRequest) -> str:
    """The request whose own page it was asked from; empty for the inbox."""
    back = (request.POST or request.GET).get("back", "")
    return back if back.isdecimal() and len(back) < 21 else ""


def _menu(request: HttpRequest, service: str, chosen: Sequence[Pick]) -> HttpResponse:
    """What can be done with a request."""
    context = _shown(request, service, chosen)
    states = [line.state for line in context["lines"]]
    context["verbs"] = [
        verb for verb in VERBS.values()
        if states and all(verb in inbox_verbs.offered(state) for state in states)
    ]  # fmt: skip
    return _render(request, "menu", context)


def _form(
    request: HttpRequest, service: str, verb: Verb, chosen: Sequence[Pick], *,
    words: Words | None = None, problem: UserError | None = None,
    told: Sequence[Outcome] = (),
) -> HttpResponse:  # fmt: skip
    context = _shown(request, service, chosen) | {
        "verb": verb,
        "words": words or Words(),
        "problem": problem,
        "told": told,
        "draft": draft_key(verb, service, chosen),
        **_choices(verb, service, chosen),
    }
    return _render(request, "form", context, status=422 if problem or told else 200)


def _choices(verb: Verb, service: str, chosen: Sequence[Pick]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "code" in verb.asks:
        today = to_local(now(), current().zone).date()
        made["reasons"] = [(each.code, each.words) for each in inbox_verbs.reasons(today)]
    if "slot" in verb.asks:
        free = services.free_slots(service, now(), now() + inbox_acting.AHEAD)
        made |= {"slots": free[:SLOTS] if len(chosen) == 1 else [], "free": len(free),
                 "next": NEXT}  # fmt: skip
    if "urgency" in verb.asks:
        made["urgencies"] = list(URGENCIES.items())
    if "to" in verb.asks:
        made["found"] = []
    return made


def _results(
    request: HttpRequest, service: str, verb: Verb, told: Sequence[Outcome], words: Words
) -> HttpResponse:
    """What became of each. Where some were not done, what was written is in the form still."""
    done = [each for each in told if each.done]
    left = [each for each in told if not each.done]
    summary = said(verb, told)
    if left and verb.asks:
        again = _seen_now([each.pick for each in left])
        return _form(request, service, verb, again, words=words, told=told)
    if not request.headers.get(PART) and not left:
        messages.success(request, summary)
        if (back := _back(request)) and verb.act != "redirect":  # there it is another's
            return HttpResponseRedirect(reverse("requests:one", args=[back]))
        return back_to(service, request.POST.get("query", ""))
    context = _shown(request, service, [each.pick for each in left])
    context |= {"done": done, "left": left, "said": summary, "verb": verb}
    return _render(request, "results", context)


def _seen_now(chosen: Sequence[Pick]) -> list[Pick]:
    """The same requests with the steps that they have now: one has been told what is new."""
    clock = inbox_seeing.clock_of("")
    seen = {row.request: row.seen for row in some_rows([p.request for p in chosen], clock)}
    return [Pick(pick.request, seen.get(pick.request)) for pick in chosen]


def said(verb: Verb, told: Sequence[Outcome]) -> str:
    """What became of them, in one sentence for the voice.

    >>> said(VERBS["accept"], [Outcome(pick=Pick(1, 1), done=True)] * 3)
    '3 accepted.'
    """
    done = sum(each.done for each in told)
    left = [each for each in told if not each.done]
    if not left:
        return f"{done} {verb.done}."
    because = left[0].what if len({each.what for each in left}) == 1 else say("see each below")
    return say(
        "{done} {done2}, {left} not: {because}.",
        done=done,
        done2=verb.done,
        left=len(left),
        because=because,
    )


@require_safe
@access.page(right=inbox.RIGHT)
def search(request: HttpRequest, service: str) -> HttpResponse:
    """Services of the directory by words, to redirect to one."""
    text = request.GET.get("q", "").strip()[:100]
    found = [
        entry for entry in services.search(text)
        if entry.service != service and not entry.listed and entry.accepts
    ]  # fmt: skip
    context = {"found": found[:FOUND] if text else [], "text": text, "more": len(found) > FOUND}
    return render(request, "care/inbox/_services.html", context)


def _render(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    template = f"care/inbox/_{name}.html" if context["part"] else "care/inbox/acting.html"
    return render(request, template, {**context, "body": f"care/inbox/_{name}.html"}, status=status)
