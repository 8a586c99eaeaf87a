"""Service level alliances: which there are, what each may decide, who sits in it."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access.queries import able
from onesystem.alliance.charter import groups, presenters, queries
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, do, thing, things
from onesystem.alliance.charter.groups import Chair
from onesystem.alliance.charter.heading import head
from onesystem.alliance.charter.keeping import found
from onesystem.alliance.charter.more_rows import ServiceAlliance, ServiceMember
from onesystem.alliance.charter.standing import Standing
from onesystem.budget.pooled.typed import code, pence, pounds
from onesystem.district import current
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

LIST = "/alliance/groups/"


@require_safe
@access.page(right="alliance.see")
def listed(request: HttpRequest) -> HttpResponse:
    """Which groups work for the alliance, on what, with which mandate?"""
    context = head(request, "groups/")
    rows = []
    for g in ServiceAlliance.objects.filter(alliance=context["stands"].alliance).order_by("name"):
        sits = list(ServiceMember.objects.filter(group=g, until__isnull=True))
        lead = next((m.name for m in sits if m.leads), "")
        rows.append([
            Cell(g.name, href=f"{LIST}{g.code}/"), g.scope, lead, len(sits),
            sum(m.clinical for m in sits), Cell(presenters.money(g.most), value=g.most / 100),
            Cell(say("ended"), tag="quiet") if g.until else Cell(say("works"), tag="good"),
        ])  # fmt: skip
    listing = Listing(
        caption="Service alliances", all_rows=rows, query=request.GET,
        columns=(Column("name", "Service alliance"), Column("scope", "Scope"),
                 Column("lead", "Led by"), Column("members", "Members", right=True),
                 Column("clinical", "Look after people", right=True),
                 Column("most", "May commit", right=True), Column("state", "State")),
        empty_title="No service alliance is formed yet",
        empty_advice="Form one for a theme, with a scope, a mandate and members of its own.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "service-alliances"):
        return taken
    return render(request, "alliance/charter/groups.html", {**context, "listing": listing})


@require_safe
@access.page(right="alliance.see")
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """What is it for, what may it decide, who sits in it?"""
    context = head(request, "groups/")
    g = found(
        ServiceAlliance, say("service alliance"), alliance=context["stands"].alliance, code=slug
    )
    every = ServiceMember.objects.filter(group=g).order_by("-leads", "id")
    here = current().services
    context |= {
        "calls": context["keeps"] or any(
            m.leads and m.member.username == request.actor.name  # type: ignore[attr-defined]
            for m in every if m.until is None
        ),
        "quorum": say("Whoever leads it is there, and {least}", least=_least(g)),
        "g": g, "since": from_micros(g.since), "until": from_micros(g.until) if g.until else None,
        "sits": [m for m in every if m.until is None],
        "left": [(m, from_micros(m.since), from_micros(m.until)) for m in every if m.until],
        "services": [here[c].name if c in here else c for c in json.loads(g.services)],
        "others": [("0", say("Somebody who does not sit in the alliance")),
                   *((str(m.key), m.name) for m in context["stands"].seated)],
    }  # fmt: skip
    return render(request, "alliance/charter/group.html", context)


def _least(g: ServiceAlliance) -> str:
    return (
        say("{least} of its members", least=g.least)
        if g.least
        else say("half of its members, two at least")
    )


@access.page(right="alliance.keep")
def form(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Form a group, or put right what it is for."""
    context = head(request, "groups/")
    s = context["stands"]
    g = (
        found(ServiceAlliance, say("service alliance"), alliance=s.alliance, code=slug)
        if slug
        else None
    )
    names = current().services
    chosen = (
        [
            say("{name} (service {c})", name=names[c].name, c=c)
            for c in json.loads(g.services)
            if c in names
        ]
        if g
        else []
    )
    asked = Form(
        title=say("What is {name} for?", name=g.name) if g else say("Which group do you form?"),
        button="Save",
        back=f"{LIST}{slug}/" if slug else LIST,
        draft=f"alliance-group-{slug or 'new'}",
        seen=context["seen"],
        about=say("It decides within its mandate, and recommends to the alliance beyond it."),
        fields=[
            Field("name", "Name", value=g.name if g else "", most=200),
            Field(
                "scope",
                say("Scope: what it looks after"),
                "area",
                value=g.scope if g else "",
                most=2000,
            ),
            Field(
                "mandate",
                say("Mandate: what it decides by itself"),
                "area",
                value=g.mandate if g else "",
                most=2000,
            ),
            Field(
                "most",
                say("What it may commit by itself in twelve months"),
                value=pounds(g.most) if g else "0",
            ),
            Field(
                "least",
                say("How many of its members have to be there when it decides"),
                value=str(g.least) if g and g.least else "",
                hint=say("Whoever leads it among them. Empty: half of them, and two at least"),
            ),
            Field(
                "services",
                say("Services in its scope"),
                "many",
                value=[*chosen, "", "", ""],
                options=[(t, "") for t in things() if "(service " in t],
            ),
        ],
    )

    def act(said: Said) -> str:
        taken = {x.code for x in ServiceAlliance.objects.filter(alliance=s.alliance)}
        made = slug or code(said.text("name"), taken)
        groups.form(
            alliance=s.alliance, code=made, name=said.text("name"), scope=said.text("scope"),
            mandate=said.text("mandate"), most=pence(said.text("most") or "0"),
            least=said.number("least"),
            services=[_service(t) for t in said.all("services")], seen=said.seen,
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{LIST}{made}/"

    return ask(request, asked, act, say("Saved."), **context)


def _service(text: str) -> str:
    kind, made = thing(text)
    if kind != "service":
        raise UserError(say("{text} is no service", text=repr(text)), "Choose one of the list")
    return made


@access.page(right="alliance.keep")
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody takes a seat in a group."""
    context = head(request, "groups/")
    s = context["stands"]
    g = found(ServiceAlliance, say("service alliance"), alliance=s.alliance, code=slug)
    others: Options = [("0", say("Somebody who does not sit in the alliance")),
                       *((str(m.key), m.name) for m in s.seated)]  # fmt: skip
    asked = Form(
        title=say("Who takes a seat in {name}?", name=g.name),
        button=say("Give them the seat"),
        back=f"{LIST}{slug}/",
        draft=f"alliance-group-seat-{slug}",
        seen=context["seen"],
        fields=[
            Field("member", say("Member of the alliance"), "choice", options=others),
            Field("name", say("Name, where they do not sit in the alliance"), most=200),
            Field(
                "username",
                say("Account they sign in with, where they do not sit in the alliance"),
                "choice",
                options=_accounts(s),
            ),
            Field("perspective", say("What they bring"), most=200),
            Field("clinical", say("Looks after people"), "check"),
            Field("leads", say("Leads the group"), "check"),
        ],
    )

    def act(said: Said) -> str:
        groups.seat(
            alliance=s.alliance, group=slug, seen=said.seen,
            chair=Chair(name=said.text("name"), perspective=said.text("perspective"),
                        member=said.number("member"), username=said.text("username"),
                        leads=bool(said.text("leads")),
                        clinical=bool(said.text("clinical"))),
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{LIST}{slug}/"

    return ask(request, asked, act, say("They have the seat."), **context)


def _accounts(s: Standing) -> Options:
    taken = {m.username for m in s.seated}
    accounts = [(u, f"{name} ({u})") for u, name in able("alliance.decide") if u not in taken]
    return [("", say("None: whoever leads it writes down what they say")), *accounts]


@require_POST
@access.page(right="alliance.keep")
def group_act(request: HttpRequest, slug: str) -> HttpResponse:
    """Somebody leaves a group, or the group ends."""
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]
    common: dict[str, Any] = {"alliance": s.alliance, "group": slug, "by": by}

    def act(said: Said) -> None:
        if said.text("do") == "end":
            groups.end(why=said.text("why"), seen=said.seen, **common)
        else:
            groups.leave(chair=said.number("chair"), seen=said.seen, **common)

    return do(request, act, say("Saved."), f"{LIST}{slug}/")
