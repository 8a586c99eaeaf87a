"""Training: how many have learnt to improve what they do, by profession and place."""

from collections import Counter
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.asking import Field, Form, Said, ask
from onesystem.alliance.learning.ideas.queries import today
from onesystem.alliance.learning.training import actions
from onesystem.alliance.learning.training.actions import Taken
from onesystem.alliance.learning.training.rows import Trained
from onesystem.budget.pooled.typed import day
from onesystem.district import current
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Column, Listing

ROOT = "/alliance/training/"


@require_safe
@access.page(right="ideas.bring")
def training(request: HttpRequest) -> HttpResponse:
    """Who has been trained to improve, by profession and place? Small numbers are left out."""
    least, rows = current().suppress_below, list(Trained.objects.filter(gone_at__isnull=True))
    people = {(row.who, row.organisation): row for row in rows}.values()
    listing = Listing(
        caption="Trained, by profession and place", query=request.GET,
        all_rows=_cells(people, least),
        columns=(Column("place", "Place"), Column("profession", "Profession"),
                 Column("people", "People", right=True)),
        empty_title="Nobody's training is written down yet",
        empty_advice="Whoever keeps the alliance writes down who took which course.",
    )  # fmt: skip
    if taken := access.exported(listing, request, "training"):
        return taken
    courses = Counter(row.course for row in rows)
    context = {
        "listing": listing, "people": len(people), "least": least,
        "courses": [(name, n if n >= least else None) for name, n in courses.most_common()],
        "year": sum((today() - row.on).days < 365 for row in people),
        "keeps": access.may(request.actor, "alliance.keep"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "alliance/learning/training.html", context)


def _cells(people: Iterable[Trained], least: int) -> list[list[object]]:
    counts = Counter((row.organisation, row.profession) for row in people)
    here, names = current().organisations, rules.professions()
    return [
        [
            here[o].name if o in here else o,
            names.get(p, p),
            n if n >= least else say("under {least}", least=least),
        ]
        for (o, p), n in sorted(counts.items())
    ]


@access.page(right="alliance.keep")
def write(request: HttpRequest) -> HttpResponse:
    """Write down who took a course, one a line."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places = [(code, each.name) for code, each in current().organisations.items()
              if each.until is None]  # fmt: skip
    form = Form(
        title=say("Who took which course?"),
        button=say("Save"),
        back=ROOT,
        draft="alliance-training",
        about=say("Staff numbers will do: names are not shown to anybody."),
        fields=[
            Field("who", say("Who, one a line"), "area", rows=6, most=8000),
            Field("course", "Course", most=200),
            Field("on", "On", "date", value=today().isoformat()),
            Field("organisation", say("Where they work"), "choice", options=places),
            Field("profession", "Profession", "choice", options=[*rules.professions().items()]),
            Field("sector", "Sector", "choice", options=[*rules.sectors().items()]),
        ],
    )

    def act(said: Said) -> str:
        actions.train(by=actor, taken=[
            Taken(who=who.strip(), course=said.text("course"), on=day(said.text("on")),
                  profession=said.text("profession"), sector=said.text("sector"),
                  organisation=said.text("organisation"))
            for who in (said.text("who") or " ").split("\n") if who.strip() or not said.text("who")
        ])  # fmt: skip
        return ROOT

    return ask(request, form, act, say("Saved."), stands={"name": ""})
