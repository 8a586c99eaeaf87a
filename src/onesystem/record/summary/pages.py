"""The record page of a person: all that matters first, at once, with source and age."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from onesystem import access, district, people
from onesystem.access.looks import last_look
from onesystem.people.presenters import who_words
from onesystem.record import queries
from onesystem.record.entries import counts_of
from onesystem.record.presenters import line_words, words_for
from onesystem.record.presenters import summary as standing
from onesystem.record.sight import Sight
from onesystem.record.summary import asking, pdf
from onesystem.record.summary.assembling import Summary, assemble
from onesystem.record.summary.folding import RULES
from onesystem.record.summary.handing import handed_on
from onesystem.record.summary.presenters import Teller, answer
from onesystem.record.summary.team import team_of
from onesystem.record.summary.trends import Trend

SHOWN_RESULTS = 12
SHOWN_LINES = 8  # of the timeline, on this page
SECTION = 6  # lines of a section in full; the rest is one line each
MEDICINES = 12  # in full: a safe list shows all, and at some length only the first


@access.opens_person
def summary(request: HttpRequest, person: int) -> HttpResponse:
    """Who they are, what to beware of, what is going on, and what is known."""
    return render(request, "record/summary.html", context_of(request, person))


@access.opens_person
def printed(request: HttpRequest, person: int) -> HttpResponse:
    """The same on paper, opened, with who printed it and why."""
    return render(request, "record/summary_print.html", context_of(request, person))


@access.opens_person
def document(request: HttpRequest, person: int) -> HttpResponse:
    """The summary as a FHIR document, to be handed on; the export itself is in the trail."""
    sight = _sight(request, person)
    made = handed_on(
        person,
        sight.identities(people.identities_of(person)),
        seen=sight.row_sql("e"),
        base=request.build_absolute_uri("/fhir"),
    )
    _exported(request, person, "ips", len(made["entry"]))
    return _file(orjson.dumps(made), "application/fhir+json", f"summary-{person}.json")


@access.opens_person
def paper(request: HttpRequest, person: int) -> HttpResponse:
    """The summary as PDF."""
    context = context_of(request, person)
    styles = "".join(
        _style(name) for name in ("web/app.css", "people/people.css", "record/summary.css")
    )
    html = render_to_string("record/summary_paper.html", context | {"styles": styles}, request)
    made = pdf.made_of(html)
    _exported(request, person, "pdf", 1)
    return _file(made, "application/pdf", f"summary-{person}.pdf")


def _style(name: str) -> str:
    found = finders.find(name)
    return Path(found).read_text() if found else ""


def _exported(request: HttpRequest, person: int, what: str, entries: int) -> None:
    access.record(
        by=request.actor,  # type: ignore[attr-defined]
        act="summary.exported",
        what=what,
        person=person,
        purpose=request.purpose,  # type: ignore[attr-defined]
        detail={"entries": entries},
    )


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _assembled(
    request: HttpRequest, person: int
) -> tuple[list[people.IdentityView], list[int], asking.Condition, Summary]:
    sight = _sight(request, person)
    identities = sight.identities(people.identities_of(person))
    ids = [each.identity for each in identities]
    seen = sight.row_sql("e")
    said = assemble(asking.statements_of(ids, seen=seen), at=district.now())
    return identities, ids, seen, said


def _sight(request: HttpRequest, person: int) -> Sight:
    by, purpose = request.actor, request.purpose  # type: ignore[attr-defined]
    return queries.sight_of(person, by=by, purpose=purpose, allowed=request.allowed)  # type: ignore[attr-defined]


def context_of(request: HttpRequest, person: int) -> dict[str, Any]:
    """What the page shows."""
    by, purpose = request.actor, request.purpose  # type: ignore[attr-defined]
    here, at = district.current(), district.now()
    identities, ids, seen, said = _assembled(request, person)
    said = _with_details(said, seen)
    looked = last_look(person, by=by, before=datetime.now(UTC))
    line = queries.timeline(
        person,
        by=by,
        purpose=purpose,
        at=at,
        recent=True,
        allowed=request.allowed,  # type: ignore[attr-defined]
    )
    words = words_for(line, here)
    teller = Teller(words, looked)
    return {
        "person": person,
        "who": who_words(person, identities, here, at=at),
        "said": said,
        "answer": answer(said),
        "standing": standing(line, here),
        "teller": teller,
        "looked": words.when(looked),
        "news": sum(teller.is_new(each.statements) for each in said.everything),
        "open": [line_words(each, words) for each in line.open],
        "lines": [line_words(each, words) for each in line.lines[:SHOWN_LINES]],
        "results": [teller.result(each) for each in said.results[:SHOWN_RESULTS]],
        "results_left": max(0, len(said.results) - SHOWN_RESULTS),
        "medicines": [teller.medicine(each) for each in said.medicines],
        "past_medicines": [teller.medicine(each) for each in said.past_medicines],
        "team": team_of(identities, line, said.team, words),
        "counts": counts_of(ids, seen=seen),
        "rules": sorted({(kind, rule.words) for kind, rule in RULES.items()}),
        "section_size": SECTION,
        "most_medicines": MEDICINES,
        "pdf": pdf.can_make(),
        "at": words.when(at),
        "zone": here.zone,
        "purpose": purpose,
    }


def _with_details(said: Summary, seen: asking.Condition) -> Summary:
    """The summary with flags and usual ranges of the results that are shown."""
    shown = said.results[:SHOWN_RESULTS]
    full = asking.detailed((t.latest.first.entry for t in shown), seen=seen)
    told = tuple(_detailed(trend, full) for trend in shown)
    return replace(said, results=(*told, *said.results[SHOWN_RESULTS:]))


def _detailed(trend: Trend, full: dict[int, Any]) -> Trend:
    first = full.get(trend.latest.first.entry, trend.latest.first)
    return replace(trend, latest=replace(trend.latest, first=first))
