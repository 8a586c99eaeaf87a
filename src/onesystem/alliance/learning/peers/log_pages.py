"""The shared learning log: what peers looked at, learnt, will try, and what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter.asking import Field, Form, Said, ask, do
from onesystem.alliance.learning.peers import actions, queries
from onesystem.alliance.learning.peers import practices as known
from onesystem.alliance.learning.peers.actions import Entry
from onesystem.alliance.learning.peers.asked import actor_of
from onesystem.budget.pooled.typed import day
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing

ROOT = "/peers/log/"
_COLUMNS = (
    Column("n", "No", right=True), Column("held", "Met"), Column("practices", "Practices"),
    Column("looked", "Looked at"), Column("learnt", "Learnt"), Column("tries", "Will try"),
    Column("again", "Look again"), Column("came", "What came of it"),
)  # fmt: skip


@require_safe
@access.page(right="peers.see")
def log(request: HttpRequest) -> HttpResponse:
    """What have peers learnt, what do they try, what came of it?"""
    actor, query = actor_of(request), request.GET
    found = queries.entries(query.get("q", ""), query.get("practice", ""))
    there = {e.number: [known.name_of(p.practice) for p in e.present.all()] for e in found}
    listing = Listing(
        caption="Learning log", columns=_COLUMNS, query=query,
        all_rows=[[e.number, e.held, ", ".join(sorted(there[e.number])), e.looked, e.learnt,
                   e.tries, e.again or "", e.came] for e in found],
    )  # fmt: skip
    if taken := access.exported(listing, request, "learning-log"):
        return taken
    today = to_local(now(), current().zone).date()
    context = {
        "entries": found, "there": there, "query": query, "listing": listing, "today": today,
        "mine": known.mine(actor),
        "practices": [("", say("Any")), *known.practices().items()], "me": actor.name,
        "keeps": access.may(actor, "alliance.keep"),
        "due": sum(1 for e in found if e.again and e.again <= today and not e.came),
    }  # fmt: skip
    return render(request, "alliance/learning/peer_log.html", context)


@access.page(right="peers.see")
def write(request: HttpRequest) -> HttpResponse:
    """Write down what a peer group learnt."""
    actor, names = actor_of(request), known.practices()
    today = to_local(now(), current().zone).date()
    there = [names[mine]] if (mine := known.mine(actor)) in names else []
    form = Form(
        title=say("What did you learn from each other?"),
        button=say("Save"),
        back=ROOT,
        draft="peers-log",
        about=say(
            "For all practices to read. Name nobody who is looked after, and nobody who "
            "works: it is about how things are done."
        ),
        fields=[
            Field("held", say("Met on"), "date", value=today.isoformat()),
            Field(
                "practices",
                say("Which practices were there"),
                "many",
                options=[(name, code) for code, name in names.items()],
                value=[*there, *[""] * (8 - len(there))],
            ),
            Field("looked", say("What did you look at"), "area", rows=2, most=2000),
            Field("learnt", say("What did you learn"), "area", rows=4, most=4000),
            Field("tries", say("What will you try, and where"), "area", rows=3, most=2000),
            Field("again", say("Look at it again on"), "date", say("May stay empty.")),
        ],
    )

    def act(said: Said) -> str:
        codes = {name.casefold(): code for code, name in names.items()}
        again = said.text("again")
        actions.write(by=actor, entry=Entry(
            held=day(said.text("held")), looked=said.text("looked"), learnt=said.text("learnt"),
            practices=[_code(each, codes, names) for each in said.all("practices")],
            tries=said.text("tries"), again=day(again) if again else None,
        ))  # fmt: skip
        return ROOT

    return ask(request, form, act, say("It is in the log."), stands={"name": ""})


def _code(said: str, codes: dict[str, str], names: dict[str, str]) -> str:
    if said in names:
        return said
    if (code := codes.get(said.casefold())) is None:
        raise UserError(
            say("there is no practice {said}", said=repr(said)), nearest(said, list(names.values()))
        )
    return code


@require_POST
@access.page(right="peers.see")
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Say what came of it, or take the entry back."""
    actor = actor_of(request)

    def doing(said: Said) -> None:
        if said.text("do") == "back":
            actions.take_back(number=number, by=actor)
        else:
            actions.tell(number=number, came=said.text("came"), by=actor)

    return do(request, doing, say("Saved."), ROOT)
