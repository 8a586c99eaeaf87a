"""The pages for those who command money: what waits for them, and what went live."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter import heading
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.commit import actions, presenters, queries
from onesystem.alliance.commit.standing import Line
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting.queries import Decision
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or


@require_safe
@access.page(right="alliance.see")
def waiting(request: HttpRequest) -> HttpResponse:
    """Which decisions wait for money, and which of them for mine?"""
    if not heading.there():
        return HttpResponseRedirect("/alliance/")
    context = heading.head(request, "money/")
    party = queries.party_of(request.actor)  # type: ignore[attr-defined]
    names = _parties(context["stands"])
    found = queries.waiting(context["stands"].alliance)
    listing = presenters.waiting(found, party, names, request.GET)
    if taken := access.exported(listing, request, "agreed-not-resourced"):
        return taken
    every = meeting.decisions(context["stands"].alliance)
    context |= {
        "listing": listing, "party": names.get(party, ""),
        "mine": sum(bool(each.of(party)) for each in found),
        "going": presenters.going(each for each in every if each.state != "agreed"),
    }  # fmt: skip
    return render(request, "alliance/commit/waiting.html", context)


def _parties(stands: Any) -> dict[str, str]:
    return {party.code: party.name for party in stands.parties}


@require_safe
@access.page(right="alliance.see")
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """Who pays for this decision, and what goes live with it?"""
    context = _shown(request, _found(number))
    listing = context["reserved"] or context["listing"]
    if taken := access.exported(listing, request, f"decision-{number}-money"):
        return taken
    return render(request, "alliance/commit/decision.html", context)


def _found(number: int) -> Decision:
    try:
        return meeting.decision(number)
    except NotFound as error:
        raise Http404(str(error)) from None


def _shown(request: HttpRequest, found: Decision, **more: Any) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    context = heading.head(request, "money/")
    names, lines = _parties(context["stands"]), heading.lines()
    stands, row = queries.standing(found), queries.resourced(found.number)
    party = queries.party_of(actor, found.alliance)
    funds = found.state == "agreed" and access.may(actor, "alliance.fund")
    own = [each for each in stands.lines if each.ask.funder == party] if funds else []
    return context | {
        "decision": found, "standing": stands, "state": presenters.STATES[found.state],
        "listing": presenters.asks(stands, names, lines, request.GET),
        "mine": [(each, presenters.period(each.ask)) for each in own if not each.confirmed],
        "given": [(each, presenters.period(each.ask)) for each in own if each.confirmed],
        "options": [("", "Choose a line"), *sorted(lines.items(), key=lambda pair: pair[1])],
        "hindered": queries.hindered(found.number) if found.state == "agreed" else None,
        "again": found.state == "agreed" and stands.complete and _may_try(actor),
        "live": presenters.live(found), "row": row,
        "carried": queries.carried(found.number) if row else [],
        "reserved": presenters.reserved(row, names, lines, request.GET) if row else None,
        "said": presenters.said(queries.words(found.number)),
        "owner": charter.standing(found.alliance).member(found.owner), "wrong": {}, "typed": {},
        "trouble": "",
        "missing": [names.get(code, code) for code in stands.missing],
    } | more  # fmt: skip


def _may_try(actor: access.Actor) -> bool:
    return access.may(actor, "alliance.fund") or access.may(actor, "alliance.keep")


@require_POST
@access.page(right="alliance.fund")
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm an amount; the decision is set going where it was the last."""
    found = _found(number)
    nth, line = _nth(request), request.POST.get("line", "")[:60]
    try:
        asked = _line(found, nth)
        told = actions.confirm(
            decision=number, nth=nth, amount=asked.ask.amount, since=asked.ask.since,
            until=asked.ask.until, line=line, by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except UserError as error:
        context = _shown(request, found, wrong={nth: str(error)}, typed={nth: line})
        if nth not in {each.nth for each, _ in context["mine"]}:
            context["trouble"] = str(error)
        return render(request, "alliance/commit/decision.html", context, status=400)
    _say(request, told)
    return _back(number)


def _say(request: HttpRequest, told: actions.Outcome) -> None:
    if told.resourced:
        messages.success(request, say("It is resourced: the money is reserved, and it goes live."))
    elif told.hindered:
        messages.error(
            request,
            say("Confirmed, and nothing was set going: {hindered}.", hindered=told.hindered),
        )
    else:
        messages.success(request, say("Confirmed. It waits for the others."))


def _nth(request: HttpRequest) -> int:
    return whole_or(request.POST.get("nth"), -1)


def _line(found: Decision, nth: int) -> Line:
    lines = queries.standing(found).lines
    if not 0 <= nth < len(lines):
        raise NotFound("this decision asks for no such amount", "Load the page again.")
    return lines[nth]


@require_POST
@access.page(right="alliance.fund")
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take back what was confirmed, before the money is reserved."""
    try:
        actions.withdraw(
            decision=number, nth=_nth(request), reason=request.POST.get("reason", "")[:1000],
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        messages.success(request, say("Taken back. Nothing goes live until it is confirmed again."))
    except UserError as error:
        messages.error(request, str(error))
    return _back(number)


@require_POST
@access.page(right="alliance.see")
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Try once more to set a decision going, after what stood in the way is gone."""
    try:
        _say(request, actions.resource(decision=number, by=request.actor))  # type: ignore[attr-defined]
    except UserError as error:
        messages.error(request, str(error))
    return _back(number)


def _back(number: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("commit:decision", args=[number]))
