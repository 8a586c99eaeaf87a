"""The register of interests, and declaring one."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import interests, presenters, queries, rules
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, do, thing, things
from onesystem.alliance.charter.buying import today
from onesystem.alliance.charter.heading import head, lines
from onesystem.alliance.charter.standing import Standing
from onesystem.budget.pooled.typed import day
from onesystem.vocabulary import NotPermitted
from onesystem.vocabulary.kept import EPOCH
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

PAGE = "/alliance/interests/"


@require_safe
@access.page(right="alliance.see")
def register(request: HttpRequest) -> HttpResponse:
    """Who has declared what, and what does it touch?"""
    context = head(request, "interests/")
    s: Standing = context["stands"]
    declared = queries.interests(s.alliance)
    everybody = queries.everybody(s.alliance)
    listing = presenters.interests(declared, everybody, lines(), request.GET)
    if taken := access.exported(listing, request, "interests"):
        return taken
    days = s.version.charter.renew_days if s.version else 365
    said = interests.last_said(s.alliance)
    late = s.at - timedelta(days=days)
    context |= {
        "listing": listing,
        "query": request.GET,
        "days": days,
        "due": [(m, said.get(m.key)) for m in everybody if said.get(m.key, EPOCH) < late],
        "kinds": [
            ("", say("Any kind")),
            *((c, k.name) for c, k in rules.categories(today()).items()),
        ],
        "about": rules.categories(today()).values(),
    }
    return render(request, "alliance/charter/interests.html", context)


@access.page(right="alliance.see")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an interest: one's own, or as a keeper somebody's who told it."""
    context = head(request, "interests/")
    s: Standing = context["stands"]
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everybody = queries.everybody(s.alliance)
    mine = next((m for m in everybody if m.username and m.username == actor.name), None)
    if mine is None and not context["keeps"]:
        raise NotPermitted("only members declare interests here", "Ask the chair for a seat")
    whose: Options = [(str(m.key), f"{m.name}{', me' if m == mine else ''}") for m in everybody
                      if context["keeps"] or m == mine]  # fmt: skip
    kinds = rules.categories(today())
    form = Form(
        title=say("What have you to do with whom?"),
        button=say("Declare it"),
        back=PAGE,
        draft="alliance-interest",
        about=say(
            "Declare what an outsider could think sways you. It bars you from nothing: at "
            "a proposal that touches it, the chair says how it is handled."
        ),
        fields=[
            Field("member", "Whose", "choice", options=whose, value=str(mine.key) if mine else ""),
            Field(
                "category",
                "Kind",
                "choice",
                options=[(c, f"{k.name}: {k.words}") for c, k in kinds.items()],
            ),
            Field("words", say("What it is, in a sentence"), "area", rows=2),
            Field(
                "touches",
                say("What it touches: organisations, services, budget lines"),
                "many",
                options=[(t, "") for t in things(lines().items())],
                value=["", "", ""],
            ),
            Field("since", "Since", "date", value=today().isoformat()),
            Field("until", say("Until, where that is known"), "date"),
        ],
    )

    def act(said: Said) -> str:
        interests.declare(
            alliance=s.alliance, category=said.text("category"), text=said.text("words"),
            touches=[thing(t) for t in said.all("touches")], member=said.number("member"),
            since=_day(said.text("since")), until=_day(said.text("until")), by=actor,
        )  # fmt: skip
        return PAGE

    return ask(request, form, act, say("It is in the register."), **context)


def _day(text: str) -> date | None:
    return day(text) if text else None


@require_POST
@access.page(right="alliance.see")
def confirm(request: HttpRequest) -> HttpResponse:
    """What is declared is all there is."""
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]
    return do(
        request,
        lambda said: interests.confirm(alliance=s.alliance, member=said.number("member"), by=by),
        say("Confirmed: it holds until it is due anew."),
        PAGE,
    )


@require_POST
@access.page(right="alliance.see")
def end(request: HttpRequest) -> HttpResponse:
    """It is so no longer."""
    s = queries.standing()
    return do(
        request,
        lambda said: interests.end(
            alliance=s.alliance, interest=said.number("interest"),
            by=request.actor,  # type: ignore[attr-defined]
        ),
        say("It has ended. What was decided while it was so is not touched."),
        f"/alliance/members/{said_member(request)}/",
    )  # fmt: skip


def said_member(request: HttpRequest) -> int:
    """Whose page it was pressed on."""
    return whole_or(request.POST.get("member"), 0)
