"""The screen of an ambulance crew: find, see, check, decide, and learn what became of it.

For a phone and two thumbs: one column, wide buttons, nothing asked that the record knows. Two taps
from the list to an outcome where nothing else is wanted.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.access.looks import last_look
from onesystem.care.practice.leads import lead
from onesystem.care.triage import crew_kept, feedback, queries
from onesystem.care.triage import scene as at_scene
from onesystem.care.triage.deciding import WORDS, Scored
from onesystem.care.triage.given import age_of, missing_words
from onesystem.people.presenters import who_words
from onesystem.record.queries import sight_of
from onesystem.record.summary.keeping import SHELF
from onesystem.record.summary.telling import View
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import say

_PIECES = (
    (say("Problems"), "problems"),
    (say("Medicines"), "medicines"),
    (say("Care plans"), "plans"),
)


@require_safe
@access.page(right="triage.use")
def scene(request: HttpRequest) -> HttpResponse:
    """Whom one's crews are with, and the search."""
    by = access.asker_of(request.actor, say("direct care"))  # type: ignore[attr-defined]
    context = {"there": at_scene.with_crews(by), "service": bool(at_scene.ambulances(by))}
    return render(request, "care/triage/crew.html", context)


@require_safe
@access.page(right="triage.use")
def mine(request: HttpRequest) -> HttpResponse:
    """What I decided, and what became of the people."""
    by = access.asker_of(request.actor, say("direct care"))  # type: ignore[attr-defined]
    return render(request, "care/triage/mine.html", {"decided": feedback.mine(by)})


@access.opens_person
def person(request: HttpRequest, person: int) -> HttpResponse:
    """The person at a glance: who, alerts, wishes, plans, who their practice is; and what to do."""
    access.require(request.actor, "triage.use")  # type: ignore[attr-defined]
    scored, tables = crew_kept.scored(request, person), queries.every_in_use()
    age = age_of(born(person), today())
    context = who_is(person) | {
        "tables": [(t, next((s for s in scored if s.table.key == t.key), None))
                   for t in tables if t.is_for(age)],
        "not_for": [t for t in tables if not t.is_for(age)],
        "leads": lead(person), "scene": at_scene.scene_of(person, request.asker),  # type: ignore[attr-defined]
        "told": _told(request, person), "pieces": _PIECES, "outcomes": WORDS,
        "decided": feedback.of_person(person, request.asker)[:3],  # type: ignore[attr-defined]
        "proposed": _proposed(scored), "missing": missing_words,
        "pathways": access.may(request.actor, "pathways.see"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "care/triage/person.html", context)


def born(person: int) -> str:
    """The birth date that is known of somebody, as a source says it."""
    return next((i.birth_date for i in people.identities_of(person) if i.birth_date), "")


def today() -> date:
    """The district's day."""
    return to_local(district.now(), district.current().zone).date()


def who_is(person: int) -> dict[str, Any]:
    """What every page of the crew says of the person."""
    here, at = district.current(), district.now()
    who = who_words(person, people.identities_of(person), here, at=at)
    return {"person": person, "who": who, "at": at}


def _told(request: HttpRequest, person: int) -> dict[str, str]:
    """The pieces of the record that matter at the door, as the record page tells them."""
    by = request.actor  # type: ignore[attr-defined]
    sight = sight_of(person, by=by, purpose=request.purpose, allowed=request.allowed)  # type: ignore[attr-defined]
    identities = sight.identities(people.identities_of(person))
    condition, values = sight.row_sql("e")
    view = View(
        person=person, identities=tuple(i.identity for i in identities),
        seen=(condition, tuple(values)), district=district.current(), at=district.now(),
        since=last_look(person, by=by, before=datetime.now(UTC)),
    )  # fmt: skip
    return dict(SHELF.told(view).pieces)


def _proposed(scored: list[Scored]) -> str:
    """The outcome that the scores propose: the most pressing of them; people decide."""
    order = list(WORDS)
    found = [
        band.outcome for s in scored for band in [s.result.band or s.result.sure]
        if band and band.outcome
    ]  # fmt: skip
    return min(found, key=order.index) if found else ""
