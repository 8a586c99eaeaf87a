"""Ideas: bring one, see what came of it, answer those that wait."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.access.queries import able
from onesystem.alliance.charter import presenters
from onesystem.alliance.charter import rules as lists
from onesystem.alliance.charter.asking import Field, Form, Said, ask, do
from onesystem.alliance.charter.heading import lines
from onesystem.alliance.learning.ideas import actions, queries, rules
from onesystem.alliance.learning.ideas.actions import ENDS
from onesystem.alliance.learning.ideas.rows import Idea
from onesystem.budget.pooled.typed import pence
from onesystem.district import current
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

ROOT = "/ideas/"
STATES = {"waits": (say("waits for an answer"), "warn"), "supported": (say("supported"), "info"),
          "declined": (say("declined"), "quiet"), "done": (say("done"), "good"),
          "stopped": (say("stopped"), "quiet")}  # fmt: skip
_COLUMNS = (
    Column("n", "No", right=True), Column("title", "Idea"), Column("sector", "From"),
    Column("supporter", "Who supports it"), Column("state", "State"), Column("due", "Answer by"),
)  # fmt: skip


@require_safe
@access.page(right="ideas.bring")
def listed(request: HttpRequest) -> HttpResponse:
    """Which ideas are there, who supports them, what came of them?"""
    actor, asked = request.actor, request.GET  # type: ignore[attr-defined]
    mine = actor.name if asked.get("mine") else ""
    found = queries.ideas(asked.get("state", ""), asked.get("q", ""), mine)
    listing = Listing(
        caption="Ideas", columns=_COLUMNS, query=asked, all_rows=[_row(each) for each in found],
        empty_title="No idea has been brought yet" if not asked else "None fits",
        empty_advice="Bring one: you get an answer, and somebody who supports it.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "ideas"):
        return taken
    context = {
        "listing": listing, "query": asked, "told": queries.answered(),
        "rule": rules.rule(queries.today()), "learnt": queries.learnt()[:10], "states": STATES,
        "money": presenters.money,
    }  # fmt: skip
    return render(request, "alliance/learning/ideas.html", context)


def _row(made: Idea) -> list[object]:
    state, kind = STATES[made.state]
    late = queries.late(made)
    return [
        made.number, Cell(made.title, href=f"{ROOT}{made.number}/"),
        lists.sectors().get(made.sector, made.sector), made.supporter, Cell(state, tag=kind),
        "" if made.state != "waits" else Cell(made.due.isoformat(), tag="bad", note="late") if late
        else made.due,
    ]  # fmt: skip


@require_safe
@access.page(right="ideas.bring")
def idea(request: HttpRequest, number: int) -> HttpResponse:
    """What is the idea, who supports it, what may they do, how does it go?"""
    made, actor = queries.idea(number), request.actor  # type: ignore[attr-defined]
    mine = actor.name == made.by
    context = {
        "made": made, "state": STATES[made.state], "late": queries.late(made), "mine": mine,
        "sector": lists.sectors().get(made.sector, made.sector),
        "steps": [(s, from_micros(s.at)) for s in queries.steps(made)],
        "answers": made.state == "waits" and not mine and access.may(actor, "alliance.propose")
        and not (made.asked_again and made.answered_by == actor.name),
        "tells": made.state == "supported" and actor.name in (made.by, made.supporter),
        "funds": made.state == "supported" and access.may(actor, "alliance.fund"),
        "staff": able("ideas.bring"), "lines": sorted(lines().items(), key=lambda each: each[1]),
        "most": rules.rule(queries.today()).most - made.amount, "money": presenters.money,
        "ends": ENDS, "again": mine and made.state == "declined" and not made.asked_again,
        "place": current().organisations.get(made.organisation),
    }  # fmt: skip
    return render(request, "alliance/learning/idea.html", context)


@access.page(right="ideas.bring")
def bring(request: HttpRequest) -> HttpResponse:
    """Bring an idea."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    days = rules.rule(queries.today()).answer_days
    form = Form(
        title=say("What could be better?"),
        button=say("Bring it"),
        back=ROOT,
        draft="idea",
        about=say(
            "You get an answer within {days} working days: who supports it and what you "
            "may do, or why not. Name nobody who is looked after.",
            days=days,
        ),
        fields=[
            Field("title", say("In a few words"), most=200),
            Field(
                "words",
                say("What happens now, and what you would try instead"),
                "area",
                rows=5,
                most=4000,
            ),
            Field("sector", say("Where you work"), "choice", options=[*lists.sectors().items()]),
        ],
    )

    def act(said: Said) -> str:
        number = actions.bring(title=said.text("title"), text=said.text("words"),
                               sector=said.text("sector"), by=actor)  # fmt: skip
        return f"{ROOT}{number}/"

    return ask(request, form, act, say("Thank you. It waits for its answer."), stands={"name": ""})


@require_POST
@access.page(right="ideas.bring")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Answer it, ask again, give it money, tell how it goes, end it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def doing(said: Said) -> None:
        why = said.text("why")
        match said.text("do"):
            case "support":
                actions.support(number=number, supporter=said.text("supporter"), why=why,
                                permission=said.text("permission"), by=actor)  # fmt: skip
            case "decline":
                actions.decline(number=number, why=why, by=actor)
            case "again":
                actions.ask_again(number=number, why=why, by=actor)
            case "give":
                actions.give(number=number, line=said.text("line"), by=actor,
                             amount=pence(said.text("amount")))  # fmt: skip
            case "tell":
                actions.tell(number=number, text=why, by=actor)
            case state:
                actions.end(number=number, state=state, learnt=why, by=actor)

    return do(request, doing, say("Saved."), f"{ROOT}{number}/")
