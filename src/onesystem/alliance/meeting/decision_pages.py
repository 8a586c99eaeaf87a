"""Decisions and what stands behind them; the register, for members and for the public; actions."""

from importlib.util import find_spec
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import (
    actions,
    decided_rows,
    doing,
    exporting,
    linking,
    presenters,
    queries,
    store,
    within,
)
from onesystem.alliance.meeting.changes import KINDS
from onesystem.alliance.meeting.heading import head, whole
from onesystem.alliance.meeting.knowing import around, lines, today
from onesystem.alliance.meeting.naming import words_of
from onesystem.vocabulary import NotFound, NotPermitted, UserError
from onesystem.vocabulary.said import say


@require_safe
@access.page(right="alliance.see")
def decisions(request: HttpRequest) -> HttpResponse:
    """What did the alliance agree, is it resourced, and when is it looked at again?"""
    context = head(request, say("Decisions"))
    text, state = request.GET.get("q", "").casefold(), request.GET.get("state", "")
    code, of = context["stands"].alliance, request.GET.get("of", "")
    every = [each for each in queries.decisions(code) if within.fits(each.row, of)]
    found = [
        each for each in every
        if text in each.title.casefold()
        and (state in ("", each.state) or (state == "waits" and each.waits_for_money))
    ]  # fmt: skip
    listing = presenters.decisions(found, request.GET)
    if taken := access.exported(listing, request, "decisions"):
        return taken
    states = [("", say("Any")), ("waits", say("agreed, not resourced")),
              *((k, w) for k, (w, _) in presenters.DECIDED.items() if k != "agreed")]  # fmt: skip
    context |= {
        "listing": listing, "every": len(every), "states": states,
        "of": [("", say("Any")), *within.choices(code)],
        "waiting": [each for each in every if each.waits_for_money],
        "due": queries.at_review(today()),
    }  # fmt: skip
    return render(request, "alliance/meeting/decisions.html", context)


@require_safe
@access.page(right="alliance.see")
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """What was agreed, by whom, for which reasons, with which money, and how is it judged?"""
    known = queries.decision(number)
    context = head(request, say("Decisions"))
    made = known.proposed
    entries = [e for e in store.entries() if e.entry.decision == number]
    names = {m.key: m for m in context["stands"].seated}
    context |= {
        "decision": known, "made": made, "state": presenters.state_of(known),
        "register": presenters.register_rows(entries), "item": known.row.item,
        "changes": [(KINDS.get(c.kind, c.kind), words_of(c), c) for c in made.changes],
        "owner": names.get(made.owner), "lines": lines(),
        "measures": around(known.alliance).measures,
        "kinds": linking.KINDS, "agreed": presenters.to_local(known.agreed_at, _zone()),
        "voices": _voices(entries), "parts_of": _parts(known),
        "attached": decided_rows.Decision.objects.filter(funds=number).order_by("number"),
        "total": sum(ask.amount for ask in known.asks),
    }  # fmt: skip
    return render(request, "alliance/meeting/decision.html", context)


def _zone() -> str:
    from onesystem.district import current

    return current().zone


def _voices(entries: Any) -> list[Any]:
    import json

    first = next((e for e in entries if e.entry.kind == "decided"), None)
    return list(json.loads(first.entry.body)["voices"]) if first else []


def _parts(known: queries.Decision) -> list[tuple[str, str]]:
    """Where other parts of the room go on with it."""
    here = [
        ("commit", say("Money, and what goes live"), f"/alliance/decisions/{known.number}/money/"),
        ("proof", say("Did it work?"), f"/alliance/decisions/{known.number}/review/"),
    ]
    return [
        (words, href) for part, words, href in here if find_spec(f"onesystem.alliance.{part}.urls")
    ]


@require_safe
@access.page(right="alliance.see")
def register(request: HttpRequest) -> HttpResponse:
    """Every decision with its reasons, numbered, sealed: is it as it was written?"""
    context = head(request, say("Register"))
    entries = list(store.entries(context["stands"].alliance))
    text, kind = request.GET.get("q", "").casefold(), request.GET.get("kind", "")
    found = [
        e for e in entries
        if text in e.entry.body.casefold() and kind in ("", e.entry.kind)
    ]  # fmt: skip
    if form := request.GET.get("format"):
        access.record(by=request.actor, act="register.exported", what=form)  # type: ignore[attr-defined]
        return exporting.file(found, form)
    from onesystem.alliance.meeting.register import KINDS as ENTRIES

    context |= {
        "register": presenters.register_rows(found), "every": len(entries),
        "faults": store.verify() if request.GET.get("verify") else None,
        "entry_kinds": [("", say("Any")), *ENTRIES.items()],
        "measures": around(context["stands"].alliance).measures,
    }  # fmt: skip
    return render(request, "alliance/meeting/register.html", context)


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """What has the alliance decided, in plain words? For everybody, without signing in."""
    try:
        there = charter.standing()
    except NotFound:
        return render(request, "alliance/meeting/public.html", {"stands": None, "register": []})
    text = request.GET.get("q", "")[:200].casefold()
    entries = list(store.entries(there.alliance))
    found = [e for e in entries if text in e.entry.body.casefold()]
    if form := request.GET.get("format"):
        return exporting.file(found, form)
    states = {each.number: presenters.state_of(each) for each in queries.decisions(there.alliance)}
    context = {
        "stands": there, "register": presenters.register_rows(found), "every": len(entries),
        "states": states, "query": request.GET, "show": presenters, "sayings": presenters.SAID,
        "parties": {p.code: p.name for p in there.parties},
        "measures": around(there.alliance).measures, "handlings": presenters.HANDLINGS,
        "last": entries[-1] if entries else None,
    }  # fmt: skip
    return render(request, "alliance/meeting/public.html", context)


@require_POST
@access.page(right="alliance.keep")
def correct(request: HttpRequest) -> HttpResponse:
    """Say what is wrong in the register, in an entry of its own."""
    try:
        actions.correct(
            entry=whole(request.POST.get("entry")), why=request.POST.get("why", ""),
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("The correction is registered; the entry stays as it was."))
    return HttpResponseRedirect("/alliance/register/")


@require_safe
@access.page(right="alliance.see")
def doings(request: HttpRequest) -> HttpResponse:
    """Who said that they would do what, and is it done?"""
    context = head(request, say("Actions"))
    state, mine = request.GET.get("state", "open"), request.GET.get("mine")
    every = queries.actions_of(context["stands"].alliance)
    me = context["mine"]
    found = [
        each for each in every
        if state in ("any", each.state) and (not mine or (me and each.owner_id == me.key))
    ]  # fmt: skip
    listing = presenters.actions(found, today(), request.GET)
    if taken := access.exported(listing, request, "actions"):
        return taken
    own = [a for a in every if a.state == "open"
           and (context["keeps"] or (me and a.owner_id == me.key))]  # fmt: skip
    states = [
        ("open", say("Open")),
        ("done", say("Done")),
        ("dropped", say("Dropped")),
        ("any", say("Any")),
    ]
    context |= {"listing": listing, "every": len(every), "states": states, "own": own,
                "ended": [a for a in every if a.state != "open"][:20]}  # fmt: skip
    return render(request, "alliance/meeting/actions.html", context)


@require_POST
@access.page(right="alliance.see")
def doing_act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """Done, dropped with a reason, or opened again."""
    by, words = request.actor, request.POST.get("words", "")  # type: ignore[attr-defined]
    try:
        if act == "reopen":
            doing.reopen(action=key, by=by)
        else:
            doing.finish(action=key, by=by, words=words, dropped=act == "drop")
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, say("It is open again.") if act == "reopen" else say("Saved."))
    return HttpResponseRedirect("/alliance/actions/")
