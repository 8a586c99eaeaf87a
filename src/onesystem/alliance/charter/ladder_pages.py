"""Disagreements: which are open, on which rung, until when; what was said; raising one."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter import ladder, presenters, queries
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, do
from onesystem.alliance.charter.heading import head
from onesystem.alliance.charter.keeping import found
from onesystem.alliance.charter.more_rows import Disagreement, DisagreementStep
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

LIST = "/alliance/disagreements/"
DID = say_each(
    {
        "raised": "Raised",
        "said": "Said",
        "climbed": "Went up a rung",
        "resolved": "Resolved",
        "withdrawn": "Withdrawn",
    }
)


@require_safe
@access.page(right="alliance.see")
def listed(request: HttpRequest) -> HttpResponse:
    """What do we not agree on, where does it stand, until when?"""
    context = head(request, "disagreements/")
    s = context["stands"]
    wanted, rows = request.GET.get("state", ""), []
    for d in Disagreement.objects.filter(alliance=s.alliance).order_by("-number"):
        state, kind = presenters.ladder_state(d, s.at)
        if wanted and wanted != (state if state != "overdue" else "open"):
            continue
        rows.append([
            d.number, Cell(d.title, href=f"{LIST}{d.number}/"), ladder.KINDS[d.kind],
            f"{d.rung}. {ladder.ladder_of(d)[d.rung - 1].name}",
            presenters.day_of(from_micros(d.due)) if d.state == "open" else "",
            presenters.day_of(from_micros(d.at)), Cell(state, tag=kind),
        ])  # fmt: skip
    listing = Listing(
        caption="Disagreements", all_rows=rows, query=request.GET,
        columns=(Column("n", "No", right=True), Column("title", "On what"), Column("kind", "Kind"),
                 Column("rung", "Rung"), Column("due", "Due"), Column("raised", "Raised"),
                 Column("state", "State")),
        empty_title="Nothing is disagreed on" if not wanted else "None fits",
        empty_advice="A member raises it here: it has a clock, and climbs until it is settled.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "disagreements"):
        return taken
    rungs = s.version.charter.ladder if s.version else ()
    context |= {"listing": listing, "wanted": wanted, "rungs": rungs}
    return render(request, "alliance/charter/disagreements.html", context)


@require_safe
@access.page(right="alliance.see")
def disagreement(request: HttpRequest, number: int) -> HttpResponse:
    """What is it about, where does it stand, what was tried?"""
    context = head(request, "disagreements/")
    s = context["stands"]
    d = found(Disagreement, "disagreement", alliance=s.alliance, number=number)
    names = {p.code: p.name for p in s.parties}
    rungs = ladder.ladder_of(d)
    context |= {
        "d": d, "state": presenters.ladder_state(d, s.at), "rungs": rungs, "did": DID,
        "kind": ladder.KINDS[d.kind], "rung": rungs[d.rung - 1], "due": from_micros(d.due),
        "raised": from_micros(d.at), "acts": bool(context["mine"] or context["keeps"]),
        "between": [names.get(c, c) for c in json.loads(d.between)],
        "last": d.rung >= len(rungs),
        "steps": [(t, from_micros(t.at)) for t in
                  DisagreementStep.objects.filter(of=d).order_by("-step")],
    }  # fmt: skip
    return render(request, "alliance/charter/disagreement.html", context)


@access.page(right="alliance.propose")
def raised(request: HttpRequest) -> HttpResponse:
    """Raise a disagreement."""
    context = head(request, "disagreements/")
    s = context["stands"]
    parties: Options = [("", say("Nobody more")), *((p.code, p.name) for p in s.parties)]
    form = Form(
        title=say("What do we not agree on?"),
        button=say("Raise it"),
        back=LIST,
        draft="alliance-disagreement",
        about=say(
            "It begins between those concerned, and climbs the charter's ladder when its "
            "days are over. Everybody in the alliance can read it."
        ),
        fields=[
            Field("title", say("In a few words"), most=200),
            Field("words", say("What each side says"), "area", rows=5, most=4000),
            Field("kind", "Kind", "choice", options=list(ladder.KINDS.items())),
            Field("one", "Between", "choice", options=parties),
            Field("other", "and", "choice", options=parties),
            Field("proposal", say("Number of the proposal that it is about, if any")),
        ],
    )

    def act(said: Said) -> str:
        number = ladder.raise_(
            alliance=s.alliance, title=said.text("title"), text=said.text("words"),
            kind=said.text("kind"), proposal=said.number("proposal"),
            between=[c for c in (said.text("one"), said.text("other")) if c],
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{LIST}{number}/"

    return ask(request, form, act, say("Raised: its clock runs."), **context)


@require_POST
@access.page(right="alliance.see")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Say something of it, let it climb, resolve it or take it back."""
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]

    def press(said: Said) -> None:
        what = said.text("do")
        here = {"alliance": s.alliance, "number": number, "text": said.text("words"), "by": by}
        if what == "climb":
            ladder.climb(seen=said.seen, **here)
        elif what == "resolve":
            ladder.resolve(seen=said.seen, **here)
        elif what == "withdraw":
            ladder.withdraw(**here)
        else:
            ladder.say(**here)

    return do(request, press, say("Saved."), f"{LIST}{number}/")
