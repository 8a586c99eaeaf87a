"""One person's journey against the map: for those who may open the person, and say why."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.flow import answers
from onesystem.flow.journeys import own, presenters, single
from onesystem.flow.journeys.agreed import ways
from onesystem.flow.journeys.own import Journey
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.working import KIND, PEOPLE
from onesystem.people.presenters import who_words
from onesystem.record import queries as record
from onesystem.vocabulary import Setting, UserError, to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing


@require_safe
@access.opens_person
def one(request: HttpRequest, person: int) -> HttpResponse:
    """Where did this person go, how long did it take, and where did they leave the agreed way?"""
    actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "measures.see")
    here, at = district.current(), district.now()
    agreed = ways(here.path)
    context: dict[str, Any] = {
        "person": person,
        "who": who_words(person, people.identities_of(person), here, at=at),
        "settings": [(str(s), str(s)) for s in Setting],
        "ways": [("", "none"), *((w.name, w.title) for w in agreed.values())],
        "agreed": agreed,
        "zone": here.zone,
        "box_size": presenters.BOX,
    }
    try:
        asked = Question.of(request.GET, today=at.astimezone().date())
    except UserError as error:
        return render(request, "flow/journeys/one.html", context | {"problem": error}, status=400)
    found = record.timeline_of(
        person, by=actor, purpose=request.purpose, at=at, allowed=request.allowed  # type: ignore[attr-defined]
    )  # fmt: skip
    mine = own.journeys(found.contacts, asked, district=here, at=at)
    chosen = own.chosen(mine, request.GET.get("journey", ""))
    context |= {
        "asked": asked,
        "journeys": [_choice(j, asked, here.zone, chosen) for j in reversed(mine)],
        "had": sorted({str(c.setting) for c in found.contacts}),
        "link": lambda **changes: presenters.link(asked, **changes),
    }
    if chosen:
        answer = answers.ask(KIND, own.of_many(asked).as_dict(), by=actor, anew=_anew(request))
        context |= {"answer": answer, "cancel": answer.digest}
        if answer.found:
            context |= single.shown(chosen, answer.found, asked, agreed, here)
    part = "flow/journeys/_one.html" if request.headers.get("HX-Request") else ""
    return render(request, part or "flow/journeys/one.html", context)


@require_safe
@access.page(right="measures.see")
def behind(request: HttpRequest) -> HttpResponse:
    """Whose journeys are these? Only for those who may open people; audited."""
    actor = request.actor  # type: ignore[attr-defined]
    access.require(actor, "person.open")
    asked = Question.of(request.GET, today=district.now().astimezone().date())
    answer = answers.ask(PEOPLE, asked.as_dict(), by=actor, anew=_anew(request))
    context: dict[str, Any] = {
        "asked": asked,
        "answer": answer,
        "cancel": answer.digest,
        "about": presenters.about(asked),
        "filters": presenters.filters(asked),
        "back": f"/journeys/{presenters.link(asked)}",
    }
    if answer.found:
        listing = _listing(answer.found, asked, request)
        if taken := access.exported(listing, request, "journeys-people"):
            return taken
        access.record(
            by=actor, act="journeys.listed", what=answer.digest,
            detail={"journeys": len(answer.found["journeys"])},
        )  # fmt: skip
        context |= {"listing": listing, "total": answer.found["total"]}
    part = "flow/journeys/_behind.html" if request.headers.get("HX-Request") else ""
    return render(request, part or "flow/journeys/behind.html", context)


def _listing(found: dict[str, Any], asked: Question, request: HttpRequest) -> Listing:
    zone = district.current().zone
    rows = []
    for each in found["journeys"]:
        first = datetime.fromisoformat(each["first"])
        day = to_local(first, zone)
        link = presenters.link(asked, journey=first.date().isoformat())
        rows.append([
            Cell(say("Person {person}", person=each["person"]), value=each["person"],
                 href=f"/people/{each['person']}/journey/{link}"),
            Cell(f"{day:%-d %b %Y %H:%M}", value=each["first"]),
            each["steps"],
            Cell(presenters.length(each["length"]), value=each["length"]),
            Cell(presenters.money(each["cost"]), value=each["cost"]),
            each["left"],
        ])  # fmt: skip
    return Listing(
        caption="Journeys, the latest first",
        columns=(
            Column("person", "Person"), Column("first", "First contact"),
            Column("steps", "Contacts", right=True), Column("length", "Length", right=True),
            Column("cost", "Cost", right=True), Column("left", "Agreed way"),
        ),
        all_rows=rows,
        query=request.GET,
        empty_title="Nobody went this way",
        empty_advice="Go back, and take a filter away.",
    )  # fmt: skip


def _choice(journey: Journey, asked: Question, zone: str, chosen: Journey | None) -> Any:
    day: date = to_local(journey.begins, zone).date()
    href = presenters.link(asked, journey=journey.begins.date().isoformat())
    return (f"{day:%-d %b %Y}", href, journey is chosen)


def _anew(request: HttpRequest) -> bool:
    return request.GET.get("anew") == "1"
