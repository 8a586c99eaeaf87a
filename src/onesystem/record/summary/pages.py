"""The record page of a person: all that matters first, at once, with source and age."""

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
from onesystem.record.presenters import LineWords, Words, line_words
from onesystem.record.presenters import summary as standing
from onesystem.record.sight import Sight
from onesystem.record.summary import pdf
from onesystem.record.summary.handing import handed_on
from onesystem.record.summary.keeping import SHELF
from onesystem.record.summary.team import team_of
from onesystem.record.summary.telling import HOW_FOLDED, View, tell
from onesystem.record.timeline import Timeline, Visit
from onesystem.vocabulary.said import say

SHOWN_LINES = 8  # of the timeline, on this page


@access.opens_person
def summary(request: HttpRequest, person: int) -> HttpResponse:
    """Who they are, what to beware of, what is going on, and what is known."""
    return render(request, "record/summary.html", _context(request, person))


@access.opens_person
def newest(request: HttpRequest, person: int) -> HttpResponse:
    """The newest contacts, however long ago: a part of the page that it asks for when it is shown.

    Most people have few contacts in the recent days, and to look further back takes longer than
    all the rest of the page.
    """
    here = district.current()
    whole = queries.timeline_of(
        person,
        by=request.actor,  # type: ignore[attr-defined]
        purpose=request.purpose,  # type: ignore[attr-defined]
        at=district.now(),
        allowed=request.allowed,  # type: ignore[attr-defined]
    )
    looked = last_look(person, by=request.actor, before=datetime.now(UTC))  # type: ignore[attr-defined]
    context = {
        "person": person,
        "lines": _lines(whole, Words(here, whole.at)),
        "fresh": _fresh(whole, looked),
    }
    return render(request, "record/_newest.html", context)


def _lines(line: Timeline, words: Words) -> list[LineWords]:
    return [line_words(each, words, opened=False) for each in line.lines[:SHOWN_LINES]]


def _open(line: Timeline, words: Words) -> tuple[tuple[str, list[LineWords]], ...]:
    """What is going on, then what is asked for and not done: each under its title."""
    told = [line_words(each, words, opened=False) for each in line.open]
    there = [each for each in told if each.state != "waiting"]
    return ("", there), (say("Open requests"), [each for each in told if each.state == "waiting"])


def _fresh(line: Timeline, looked: datetime | None) -> frozenset[int]:
    """The visits of which something became known after the reader's last look."""
    if looked is None:
        return frozenset()
    visits = (each for each in line.lines if isinstance(each, Visit))
    return frozenset(v.id for v in visits if any(s.contact.known_at > looked for s in v.stretches))


@access.opens_person
def printed(request: HttpRequest, person: int) -> HttpResponse:
    """The same on paper, opened, with who printed it and why."""
    return render(request, "record/summary_print.html", _context(request, person, paper=True))


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
    context = _context(request, person, paper=True)
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


def _sight(request: HttpRequest, person: int) -> Sight:
    by, purpose = request.actor, request.purpose  # type: ignore[attr-defined]
    return queries.sight_of(person, by=by, purpose=purpose, allowed=request.allowed)  # type: ignore[attr-defined]


def _context(request: HttpRequest, person: int, *, paper: bool = False) -> dict[str, Any]:
    """What the page shows."""
    here, at, by = district.current(), district.now(), request.actor  # type: ignore[attr-defined]
    known, sight = people.identities_of(person), _sight(request, person)
    identities = sight.identities(known)
    looked = last_look(person, by=by, before=datetime.now(UTC))
    condition, values = sight.row_sql("e")
    view = View(
        person=person,
        identities=tuple(each.identity for each in identities),
        seen=(condition, tuple(values)),
        since=looked,
        district=here,
        at=at,
    )
    told = tell(view, paper=True) if paper else SHELF.told(view)
    line = queries.line_of([i.identity for i in known], sight=sight, at=at, newest=True)
    words = Words(here, at)
    return {
        "person": person,
        "who": who_words(person, identities, here, at=at),
        "told": told,
        "how_folded": HOW_FOLDED,
        "paper": paper,
        "standing": standing(line, here, newest=True),
        "looked": words.when(looked),
        "open": _open(line, words),
        "lines": _lines(line, words),
        "fresh": _fresh(line, looked),
        "earlier": not paper and len(line.lines) < SHOWN_LINES,
        "team": team_of(identities, line, told.team, words),
        "pdf": pdf.can_make(),
        "at": words.when(at),
        "zone": here.zone,
        "purpose": request.purpose,  # type: ignore[attr-defined]
    }
