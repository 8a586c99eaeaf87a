"""Procurements: which there are, what the record holds, and what stands against an award."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.alliance.charter import buying, presenters, rules
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, thing, things
from onesystem.alliance.charter.awarding import due_after
from onesystem.alliance.charter.heading import head
from onesystem.alliance.charter.keeping import found
from onesystem.alliance.charter.more_rows import Procurement
from onesystem.budget.pooled.typed import day, pence
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

LIST = "/alliance/procurements/"


def _country() -> str:
    return "NZ" if current().currency == "NZD" else "GB"


@require_safe
@access.page(right="alliance.see")
def listed(request: HttpRequest) -> HttpResponse:
    """What is bought by which route, and how far is it?"""
    context = head(request, "procurements/")
    names, rows = {p.code: p.name for p in context["stands"].parties}, []
    for p in Procurement.objects.filter(alliance=context["stands"].alliance).order_by("-number"):
        route = rules.route(p.law, p.route)
        state, kind = presenters.buying_state(p)
        rows.append([
            p.number, Cell(p.title, href=f"{LIST}{p.number}/"), route.name, route.law_name,
            names.get(p.buyer, p.buyer), Cell(presenters.money(p.value), value=p.value / 100),
            p.opened, Cell(state, tag=kind),
        ])  # fmt: skip
    listing = Listing(
        caption="Procurements", all_rows=rows, query=request.GET,
        columns=(Column("n", "No", right=True), Column("title", "What is bought"),
                 Column("route", "Route"), Column("law", "By"), Column("buyer", "Who buys"),
                 Column("value", "Value", right=True), Column("opened", "Opened"),
                 Column("state", "State")),
        empty_title="No procurement is recorded",
        empty_advice="Where the law asks for a record, the keeper opens one.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "procurements"):
        return taken
    return render(request, "alliance/charter/procurements.html", {**context, "listing": listing})


@require_safe
@access.page(right="alliance.see")
def procurement(request: HttpRequest, number: int) -> HttpResponse:
    """How was a provider chosen, by which rule, and what is still missing?"""
    context = head(request, "procurements/")
    s = context["stands"]
    p = found(Procurement, "procurement", alliance=s.alliance, number=number)
    route, steps = rules.route(p.law, p.route), buying.steps_of(p)
    here, names = current(), {m.key: m.name for m in s.seated}
    rows = [[t.number, t.on, presenters.step_words(t, names), t.words, t.link, t.by] for t in steps]
    listing = Listing(
        caption="The record", all_rows=rows, query=request.GET,
        columns=(Column("n", "No", right=True), Column("on", "Day"), Column("what", "What"),
                 Column("words", "In words"), Column("link", "Where it is published"),
                 Column("by", "Who wrote it down")),
        empty_title="The record is empty", empty_advice="Add what was done, in its order.",
    )  # fmt: skip
    if taken := access.exported(listing, request, f"procurement-{number}"):
        return taken
    context |= {
        "p": p, "route": route, "listing": listing, "state": presenters.buying_state(p),
        "buyer": next((x.name for x in s.parties if x.code == p.buyer), p.buyer),
        "services": [here.services[c].name if c in here.services else c
                     for c in json.loads(p.services)],
        "missing": buying.missing_of(p, buying.today()) if p.state == "open" else [],
        "due": due_after(route, steps), "today": buying.today(),
    }  # fmt: skip
    return render(request, "alliance/charter/procurement.html", context)


@access.page(right="alliance.keep")
def opened(request: HttpRequest) -> HttpResponse:
    """Open a record."""
    context = head(request, "procurements/")
    s = context["stands"]
    routes = rules.routes(buying.today(), _country())
    form = Form(
        title=say("What is to be bought, and by which route?"), button=say("Begin it"), back=LIST,
        draft="alliance-procurement",
        about=say("{source}. A record, not legal advice.", source=routes[0].source),
        fields=[
            Field("title", say("What is bought"), most=200),
            Field("route", "Route", "choice",
                  options=[(f"{r.law}:{r.code}", f"{r.name}: {r.words}") for r in routes]),
            Field("reason", say("Why this route"), "area", most=2000),
            Field("buyer", say("Who buys"), "choice",
                  options=[(p.code, p.name) for p in s.parties if p.funder]),
            Field("value", say("Value over its whole life")),
            Field("services", say("Services that it is for"), "many", value=["", "", ""],
                  options=[(t, "") for t in things() if "(service " in t]),
            Field("decision", say("Number of the alliance's decision, if any")),
            Field("words", "Notes", "area", most=4000),
        ],
    )  # fmt: skip

    def act(said: Said) -> str:
        law, _, route = said.text("route").partition(":")
        number = buying.open_(
            alliance=s.alliance, title=said.text("title"), law=law, route=route,
            reason=said.text("reason"), buyer=said.text("buyer"), text=said.text("words"),
            value=pence(said.text("value") or "0"), decision=said.number("decision"),
            services=[thing(t)[1] for t in said.all("services")],
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{LIST}{number}/"

    return ask(request, form, act, say("The record is open."), **context)


@access.page(right="alliance.keep")
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Add a step to a record."""
    context = head(request, "procurements/")
    s = context["stands"]
    p = found(Procurement, "procurement", alliance=s.alliance, number=number)
    here = current().organisations
    bidders: Options = [("", say("None of the district's")), *((c, o.name) for c, o in here.items()
                                                          if not o.until)]  # fmt: skip
    form = Form(
        title=say("What was done in {title}?", title=p.title),
        button=say("Add it"),
        back=f"{LIST}{number}/",
        draft=f"alliance-procurement-{number}",
        seen=p.steps,
        about=say("A step is never changed: put one right by a correction."),
        fields=[
            Field("kind", "What", "choice", options=list(buying.KINDS.items())),
            Field("on", "Day", "date", value=buying.today().isoformat()),
            Field(
                "organisation",
                say("Bidder, where it is of the district"),
                "choice",
                options=bidders,
            ),
            Field("bidder", say("Bidder, where it is another"), most=200),
            Field("amount", "Amount"),
            Field("score", say("Score, or place"), most=60),
            Field(
                "member",
                say("Whose interest it was"),
                "choice",
                options=[("0", "Nobody's"), *((str(m.key), m.name) for m in s.seated)],
            ),
            Field(
                "handling",
                say("How the interest was handled"),
                "choice",
                options=[("", say("No interest")), *buying.HANDLINGS.items()],
            ),
            Field("link", "Where it is published (https://...)", most=300),
            Field("words", say("In words"), "area", rows=4, most=4000),
        ],
    )

    def act(said: Said) -> str:
        if said.seen is None:
            raise UserError("the page is old", "Open it again")
        buying.add(
            alliance=s.alliance, number=number, kind=said.text("kind"), text=said.text("words"),
            on=day(said.text("on")), body=_body(said), seen=said.seen,
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{LIST}{number}/"

    return ask(request, form, act, say("Added to the record."), **context)


def _body(said: Said) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: said.text(name) for name in ("organisation", "bidder", "score", "handling", "link")
    }
    if said.text("amount"):
        made["amount"] = pence(said.text("amount"))
    if said.number("member"):
        made["member"] = said.number("member")
    return {name: value for name, value in made.items() if value}
