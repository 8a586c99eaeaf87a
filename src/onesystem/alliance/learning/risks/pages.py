"""The registers of risks and assumptions: what may go wrong, what is yet to be proven, who watches.

An entry is looked at again at its day; its measure says what the district's own figures say.
"""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, do
from onesystem.alliance.charter.heading import head
from onesystem.alliance.charter.standing import Standing
from onesystem.alliance.learning.risks import actions, presenters, queries, scoring
from onesystem.alliance.learning.risks.actions import ENDS, KINDS
from onesystem.alliance.learning.risks.rows import Watched
from onesystem.budget.pooled.typed import day
from onesystem.flow.measures import library
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

ROOT = "/alliance/risks/"


@require_safe
@access.page(right="alliance.see")
def register(request: HttpRequest) -> HttpResponse:
    """What may go wrong, what is yet to be proven, and who watches it?"""
    context, asked = head(request, "risks/"), request.GET
    found = list(queries.entries(asked.get("kind", ""), asked.get("state", "open"),
                                 asked.get("q", "")))  # fmt: skip
    listing = presenters.listing(found, asked)
    if taken := access.exported(listing, request, "risks-and-assumptions"):
        return taken
    open_risks = queries.entries("risk", "open").values_list("number", "likelihood", "impact")
    context |= {
        "listing": listing, "query": asked, "state": asked.get("state", "open"),
        "matrix": scoring.matrix(open_risks), "impact": scoring.IMPACT,
        "likelihood": sorted(scoring.LIKELIHOOD.items(), reverse=True), "risks": len(open_risks),
        "unproven": queries.entries("assumption", "open").count(),
        "late": sum(queries.overdue(each) for each in queries.entries(state="open")),
        "writes": access.may(request.actor, "alliance.propose"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "alliance/learning/risks.html", context)


@require_safe
@access.page(right="alliance.see")
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """What is it, how large, who watches it by what, and what was done?"""
    context, made = head(request, "risks/"), queries.entry(number)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context |= {
        "made": made, "kind": KINDS[made.kind], "state": presenters.state(made),
        "score": presenters.scored(made), "signal": queries.signal(made.measure, actor),
        "ends": ENDS[made.kind], "late": queries.overdue(made), "today": queries.today(),
        "steps": [(s, from_micros(s.at)) for s in queries.steps(made)],
        "writes": access.may(actor, "alliance.propose"), "raised": from_micros(made.at),
    }  # fmt: skip
    return render(request, "alliance/learning/risk.html", context)


@access.page(right="alliance.propose")
def write(request: HttpRequest, number: int = 0) -> HttpResponse:
    """Raise a risk or an assumption, or put one right."""
    context = head(request, "risks/")
    made = queries.entry(number) if number else None
    asked = request.GET.get("kind", "risk")
    kind = made.kind if made else asked if asked in KINDS else "risk"
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def act(said: Said) -> str:
        entered = _said(said, kind)
        if made is None:
            return f"{ROOT}{actions.raise_it(said=entered, by=actor)}/"
        actions.change(number=number, said=entered, by=actor, why=said.text("why"), seen=said.seen)
        return f"{ROOT}{number}/"

    done = say("It is in the register.") if made is None else say("It is put right.")
    return ask(request, _form(context["stands"], made, kind), act, done, **context)


def _said(said: Said, kind: str) -> actions.Said:
    return actions.Said(
        kind=kind, title=said.text("title"), words=said.text("words"), tells=said.text("tells"),
        plan=said.text("plan"), likelihood=said.number("likelihood"), impact=said.number("impact"),
        watcher=said.number("watcher"), measure=said.text("measure"), review=_day(said),
        decision=said.number("decision") or None,
    )  # fmt: skip


def _day(said: Said) -> date:
    return day(said.text("review"))


def _form(stands: Standing, made: Watched | None, kind: str) -> Form:
    risk = kind == "risk"
    who: Options = [("0", say("Nobody yet")), *((str(m.key), m.name) for m in stands.seated)]
    what: Options = [("", say("None")), *((name, m.title) for name, m in library.library().items())]
    grades = (
        [
            Field(
                name,
                label,
                "choice",
                value=str(getattr(made, name, 0)) if made else "3",
                options=[(str(n), f"{n}, {words}") for n, words in table.items()],
            )
            for name, label, table in (
                ("likelihood", say("How likely"), scoring.LIKELIHOOD),
                ("impact", say("How bad"), scoring.IMPACT),
            )
        ]
        if risk
        else []
    )
    tells = (
        say("What would tell us that it has come") if risk else say("What would change our mind")
    )
    return Form(
        title=("Put it right" if made else f"Raise {'a risk' if risk else 'an assumption'}") + "?",
        about=say(
            "It belongs to the alliance as a whole. Whoever watches it says when to look again."
        ),
        button=say("Save"),
        back=f"{ROOT}{made.number}/" if made else ROOT,
        draft=f"alliance-{kind}{f':{made.number}' if made else ''}",
        seen=made.steps if made else None,
        fields=[
            Field("title", say("In a few words"), value=made.title if made else "", most=200),
            Field(
                "words",
                say("What may go wrong, and what would follow")
                if risk
                else say("What is taken to be so, and what leans on it"),
                "area",
                value=made.words if made else "",
                most=4000,
            ),
            Field("tells", tells, "area", value=made.tells if made else "", most=2000, rows=2),
            *grades,
            Field(
                "plan",
                say("What is done about it") if risk else say("How it will be tested"),
                "area",
                value=made.plan if made else "",
                most=4000,
                rows=2,
            ),
            Field(
                "watcher",
                say("Who watches it"),
                "choice",
                options=who,
                value=str(made.watcher_id or 0) if made else "0",
            ),
            Field(
                "measure",
                say("The measure that would show it"),
                "choice",
                options=what,
                value=made.measure if made else "",
            ),
            Field(
                "decision",
                say("Number of the decision that leans on it, where one does"),
                value=str(made.decision or "") if made else "",
            ),
            Field(
                "review",
                say("When to look again"),
                "date",
                value=made.review.isoformat() if made else "",
            ),
            *([Field("why", say("Why it is put right"), "area", rows=2)] if made else []),
        ],
    )


@require_POST
@access.page(right="alliance.propose")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Look at it again, settle it, or open it again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def doing(said: Said) -> None:
        match said.text("do"):
            case "look":
                actions.look_again(number=number, why=said.text("why"), review=_day(said),
                                   by=actor, seen=said.seen)  # fmt: skip
            case "open":
                actions.open_again(number=number, why=said.text("why"), review=_day(said), by=actor)
            case state:
                actions.settle(number=number, state=state, why=said.text("why"), by=actor,
                               seen=said.seen)  # fmt: skip

    return do(request, doing, say("Saved, with what you said."), f"{ROOT}{number}/")
