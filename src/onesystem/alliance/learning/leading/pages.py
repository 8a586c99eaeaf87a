"""Leadership: who leads what, how far it is spread, how far general practice is organised."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.asking import Field, Form, Said, ask, do
from onesystem.alliance.charter.heading import head
from onesystem.alliance.learning.leading import actions, queries
from onesystem.alliance.learning.leading.queries import Leader, Leading
from onesystem.budget.pooled.typed import day
from onesystem.district import current
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

ROOT = "/alliance/leadership/"
_COLUMNS = (
    Column("name", "Who"), Column("what", "Leads"), Column("profession", "Profession"),
    Column("sector", "Sector"), Column("clinical", "Looks after people"), Column("since", "Since"),
)  # fmt: skip


@require_safe
@access.page(right="alliance.see")
def register(request: HttpRequest) -> HttpResponse:
    """Who leads what, by profession and sector, and for how long?"""
    context, found, now = head(request, "leadership/"), queries.leading(), queries.today()
    listing = _listing(found, request.GET)
    if taken := access.exported(listing, request, "leadership"):
        return taken
    professions, sectors = rules.professions(), rules.sectors()
    context |= {
        "listing": listing, "found": found, "years": found.years(now),
        "query": request.GET, "practices": queries.practices(), "ended": queries.ended(now),
        "lines": [one for one in found.leaders if one.key],
        "professions": [(professions.get(c, c), n) for c, n in found.professions.counts],
        "sectors": [(sectors.get(c, c), n) for c, n in found.sectors.counts],
        "missing": [name for code, name in sectors.items()
                    if code not in dict(found.sectors.counts)],
        "codes": [(code, each.name) for code, each in current().organisations.items()
                  if each.kind == "general practice" and each.until is None],
    }  # fmt: skip
    return render(request, "alliance/learning/leadership.html", context)


def _listing(found: Leading, query: object) -> Listing:
    asked = dict(query.items())  # type: ignore[attr-defined]
    wanted = asked.get("q", "").casefold().strip()
    shown = [one for one in found.leaders if wanted in f"{one.name} {one.what}".casefold()]
    return Listing(
        caption="Who leads what", columns=_COLUMNS, query=asked, all_rows=[_row(o) for o in shown],
        empty_title="Nobody leads anything yet" if not wanted else "None fits",
        empty_advice="Seat members, and write down who leads pathways, services and work.",
    )  # fmt: skip


def _row(one: Leader) -> list[object]:
    return [
        one.name, Cell(one.what), rules.professions().get(one.profession, one.profession),
        rules.sectors().get(one.sector, one.sector), "yes" if one.clinical else "", one.since,
    ]  # fmt: skip


@access.page(right="alliance.keep")
def write(request: HttpRequest) -> HttpResponse:
    """Write down who leads something."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = Form(
        title=say("Who leads what?"), button=say("Save"), back=ROOT, draft="alliance-leads",
        fields=[
            Field("name", "Who", most=200),
            Field("what", say("What they lead: a pathway, a service, a piece of work"), most=200),
            Field("profession", "Profession", "choice", options=[*rules.professions().items()]),
            Field("sector", "Sector", "choice", options=[*rules.sectors().items()]),
            Field("clinical", say("They still look after people"), "check"),
            Field("since", "Since", "date", value=queries.today().isoformat()),
        ],
    )  # fmt: skip

    def act(said: Said) -> str:
        actions.lead(
            name=said.text("name"), what=said.text("what"), profession=said.text("profession"),
            sector=said.text("sector"), clinical=bool(said.text("clinical")),
            since=day(said.text("since")), by=actor,
        )  # fmt: skip
        return ROOT

    return ask(request, form, act, say("It is in the register."), **head(request, "leadership/"))


@require_POST
@access.page(right="alliance.keep")
def act(request: HttpRequest) -> HttpResponse:
    """End a turn of leading, or say which network a practice is in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def doing(said: Said) -> None:
        if said.text("do") == "network":
            actions.network(practice=said.text("practice"), name=said.text("network"), by=actor)
        else:
            actions.end(line=said.number("line"), by=actor)

    return do(request, doing, say("Saved."), ROOT)
