"""The alliance at home: how it stands, who sits, what it covers, who is a party, what was done."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.alliance.charter import (
    actions,
    grid,
    presenters,
    queries,
    signing,
)
from onesystem.alliance.charter.asking import Field, Form, Said, ask, do
from onesystem.alliance.charter.heading import head, parts, there
from onesystem.alliance.charter.more_rows import Disagreement, Procurement, ServiceAlliance
from onesystem.alliance.charter.rows import AllianceStep
from onesystem.alliance.charter.standing import lacking
from onesystem.alliance.charter.text import Need
from onesystem.budget.pooled.typed import code as code_for
from onesystem.district import current
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

ROOT = "/alliance/"


@require_safe
@access.page(right="alliance.see")
def home(request: HttpRequest) -> HttpResponse:
    """Who decides here, under which promise, and what waits?"""
    if not there():
        keeps = access.may(request.actor, "alliance.keep")  # type: ignore[attr-defined]
        return render(request, "alliance/charter/none.html", {"keeps": keeps})
    context = head(request, "")
    s = context["stands"]
    opened = Disagreement.objects.filter(alliance=s.alliance, state="open").order_by("due")
    context |= {
        "alliance": queries.alliance(), "lacking": lacking(s), "parts": parts(),
        "quorum": presenters.quorum_words(s.quorum, len(s.members)),
        "waits": signing.waited_for(s.alliance, s.version.number) if s.version else (),
        "open": _laid_out(s.alliance),
        "disagreements": [(d, presenters.ladder_state(d, s.at)) for d in opened],
        "buying": Procurement.objects.filter(alliance=s.alliance, state="open").count(),
        "groups": ServiceAlliance.objects.filter(alliance=s.alliance, until__isnull=True),
        "gaps": grid.gaps(grid.grid(s.seated, _needs(s))),
        "state_of": presenters.state_of,
    }  # fmt: skip
    return render(request, "alliance/charter/home.html", context)


def _laid_out(code: str) -> Any:
    found = queries.versions(code, "signing")
    return found[0] if found else None


def _needs(stands: Any) -> tuple[Need, ...]:
    return stands.version.charter.competences if stands.version else ()


@access.page(right="alliance.keep")
def begin(request: HttpRequest) -> HttpResponse:
    """Set an alliance up."""
    if there():
        return HttpResponseRedirect(ROOT)
    here = current()
    form = Form(
        title=say("Which alliance do you set up?"),
        button=say("Begin it"),
        back=ROOT,
        draft="alliance-begin",
        about=say(
            "Next come its parties, members with their seats, and the charter that all "
            "sign. An independent chair and a community seat are part of every alliance."
        ),
        fields=[
            Field("name", "Name", value=say("{name} Health Alliance", name=here.name)),
            Field("about", say("What it is for, in plain words"), "area"),
        ],
    )

    def act(said: Said) -> str:
        actions.set_up(code=code_for(here.code, set()), name=said.text("name"),
                       about=said.text("about"), by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
        return ROOT + "parties/"

    return ask(request, form, act, say("It is set up. Who joins?"))


@require_safe
@access.page(right="alliance.see")
def competences(request: HttpRequest) -> HttpResponse:
    """What do members bring, and what is nobody here for?"""
    context = head(request, "competences/")
    s = context["stands"]
    covered = grid.grid(s.seated, _needs(s))
    listing = Listing(
        caption="Competences", query=request.GET,
        columns=(Column("what", "Competence"), Column("least", "Wanted", right=True),
                 Column("has", "Do or lead it", right=True), Column("who", "Who"),
                 Column("knows", "Know of it"), Column("state", "State")),
        all_rows=[
            [c.need.name, c.need.least, len(c.does), ", ".join(c.does), ", ".join(c.knows),
             Cell(c.state[0], tag=c.state[1])] for c in covered
        ],
        empty_title="No charter in force says which competences are wanted",
        empty_advice="Write them into the charter: they are part of what members sign.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "competences"):
        return taken
    context |= {"listing": listing, "covered": covered, "gaps": grid.gaps(covered),
                "members": s.seated, "levels": grid.LEVELS}  # fmt: skip
    return render(request, "alliance/charter/competences.html", context)


@require_safe
@access.page(right="alliance.see")
def parties(request: HttpRequest) -> HttpResponse:
    """Which bodies joined, and which of them command money?"""
    context = head(request, "parties/")
    s = context["stands"]
    listing = Listing(
        caption="Parties", query=request.GET,
        columns=(Column("name", "Party"), Column("funder", "Commands money"),
                 Column("who", "Committed by"), Column("since", "Since"), Column("state", "State")),
        all_rows=[
            [p.name, "yes" if p.funder else "",
             ", ".join(m.name for m in s.seated if m.commands == p.code),
             presenters.day_of(p.since),
             Cell(say("suspended"), tag="bad", note=p.suspended) if p.suspended
             else Cell(say("party"), tag="good")] for p in s.parties
        ],
        empty_title="No party has joined yet", empty_advice="The chair writes down who joins.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "parties"):
        return taken
    return render(request, "alliance/charter/parties.html", {**context, "listing": listing})


@access.page(right="alliance.keep")
def join(request: HttpRequest) -> HttpResponse:
    """Write down that a body joined."""
    context = head(request, "parties/")
    s, here = context["stands"], current()
    inside = {p.organisation for p in s.parties}
    free = [(c, o.name) for c, o in here.organisations.items() if c not in inside and not o.until]
    free.sort(key=lambda pair: pair[1].casefold())
    options = [("", say("None of the district's")), *free]
    form = Form(
        title=say("Which body joins?"), button="Save", back=ROOT + "parties/",
        draft="alliance-join", seen=context["seen"],
        about=say("It joins by signing the agreement's deed of accession, which is kept outside."),
        fields=[
            Field("organisation", "Organisation", "choice", options=options),
            Field("name", say("Name, where it is none of these"), most=200),
            Field("funder", say("It commands money that decisions may need"), "check"),
        ],
    )  # fmt: skip

    def act(said: Said) -> str:
        code = said.text("organisation")
        name = here.organisations[code].name if code in here.organisations else said.text("name")
        actions.join(
            alliance=s.alliance, organisation=code, name=name, funder=bool(said.text("funder")),
            code=code or code_for(name, {p.code for p in s.parties}), seen=said.seen,
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return ROOT + "parties/"

    return ask(request, form, act, say("It is a party."), **context)


@access.page(right="alliance.keep")
def party_act(request: HttpRequest) -> HttpResponse:
    """Suspend a party, let it back in, or write down that it left."""
    if request.method != "POST":
        return HttpResponseRedirect(ROOT + "parties/")
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]
    common: dict[str, Any] = {"alliance": s.alliance, "by": by}

    def act(said: Said) -> None:
        party, what = said.text("party"), said.text("do")
        if what == "suspend":
            actions.suspend(party=party, why=said.text("why"), seen=said.seen, **common)
        elif what == "resume":
            actions.resume(party=party, seen=said.seen, **common)
        else:
            actions.leave_party(code=party, why=said.text("why"), seen=said.seen, **common)

    return do(request, act, say("Saved."), ROOT + "parties/")


@require_safe
@access.page(right="alliance.see")
def history(request: HttpRequest) -> HttpResponse:
    """What was done to the alliance, when, by whom?"""
    context = head(request, "history/")
    zone = current().zone
    wanted = request.GET.get("kind", "")
    steps = AllianceStep.objects.filter(alliance=context["stands"].alliance).order_by("-step")
    listing = Listing(
        caption="What was done", query=request.GET, default_sort="", per_page=100,
        columns=(Column("n", "No", right=True), Column("at", "When"), Column("did", "What"),
                 Column("of", "Of"), Column("by", "Who"), Column("why", "Why")),
        all_rows=[
            [t.step, to_local(from_micros(t.at), zone).strftime("%-d %b %Y %H:%M"),
             presenters.DID.get(t.kind, t.kind), t.what, t.by, t.why]
            for t in steps if wanted in ("", t.kind)
        ],
    )  # fmt: skip
    if taken := access.exported(listing, request, "alliance-history"):
        return taken
    context |= {"listing": listing, "kinds": [("", say("Anything")), *presenters.DID.items()],
                "wanted": wanted}  # fmt: skip
    return render(request, "alliance/charter/history.html", context)
