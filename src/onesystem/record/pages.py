"""The pages of one person's timeline: on the screen, on paper, as a file."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from onesystem import access, district, people
from onesystem.district import District
from onesystem.people.presenters import WhoWords, who_words
from onesystem.record import queries
from onesystem.record.asking import PAGE, Asking, asking_from, choice_of
from onesystem.record.choosing import Names, choose, contacts_of
from onesystem.record.codes.asking import displays
from onesystem.record.columns import Kept
from onesystem.record.corrections.notes import beside
from onesystem.record.presenters import (
    Words,
    entry_line,
    kind_words,
    line_words,
    setting_words,
    summary,
    words_for,
)
from onesystem.record.strip import Bar, draw
from onesystem.record.timeline import Line, Timeline
from onesystem.record.versions import versions_words
from onesystem.vocabulary import Contact, NotFound, Setting
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted, local, safe_csv

MOST_ENTRIES = 500


@access.opens_person
def timeline(request: HttpRequest, person: int) -> HttpResponse:
    """The timeline: what is open, then what was, newest first."""
    here, asking, whole, lines = _asked(request, person)
    words = words_for(whole, here)
    shown = lines[asking.start : asking.start + asking.show]
    left = len(lines) - asking.start - len(shown)
    context = {
        "lines": [line_words(line, words) for line in shown],
        "person": person,
        "asking": asking,
        "left": left,
        "earlier": min(left, PAGE),
        "next": asking.start + len(shown),
        **_corrections(request, person),
    }
    if request.headers.get("HX-Request") and asking.start:
        return render(request, "record/_lines.html", context)
    return render(
        request,
        "record/timeline.html",
        context
        | {
            "who": _who(person, words),
            "summary": summary(whole, here),
            "counted": _counted(lines, whole, asking),
            "strip": _strip(lines, whole, here),
            "settings": _settings(whole),
            "organisations": _organisations(whole, here),
            "entries": [
                (kind, kind_words(kind), count)
                for kind, count in queries.entry_counts(person, **_asker(request))
            ],
            "zone": here.zone,
            "at": words.when(whole.at),
            "may_map": access.may(request.actor, "measures.see"),
        },
    )


@access.opens_person
def printed(request: HttpRequest, person: int) -> HttpResponse:
    """The same on paper: every line that the filter leaves, opened, with who printed it."""
    here, asking, whole, lines = _asked(request, person)
    words = words_for(whole, here)
    return render(
        request,
        "record/print.html",
        {
            "lines": [line_words(line, words) for line in lines],
            "who": _who(person, words),
            "person": person,
            **_corrections(request, person),
            "asking": asking,
            "summary": summary(whole, here),
            "strip": _strip(lines, whole, here),
            "counted": _counted(lines, whole, asking),
            "at": words.when(whole.at),
            "zone": here.zone,
            "purpose": request.purpose,
        },
    )


@access.opens_person
def exported(request: HttpRequest, person: int) -> StreamingHttpResponse:
    """The contacts that the filter leaves, as CSV; the export itself is in the trail."""
    here, _, _, lines = _asked(request, person)
    found = contacts_of(lines)
    access.record(
        by=request.actor,
        act="timeline.exported",
        person=person,
        purpose=request.purpose,
        detail={"contacts": len(found)},
    )
    response = StreamingHttpResponse(
        safe_csv(_COLUMNS, _rows(found, here)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="timeline-{person}.csv"'
    return response


@access.opens_person
def versions(request: HttpRequest, person: int, contact: int) -> HttpResponse:
    """The earlier versions of one contact: what changed, and when that became known."""
    try:
        found = queries.versions(
            contact,
            person=person,
            by=request.actor,
            purpose=request.purpose,
            allowed=request.allowed,
        )
    except NotFound as error:
        raise Http404(str(error)) from None
    here = district.current()
    whole = queries.timeline_of(
        person,
        by=request.actor,
        purpose=request.purpose,
        at=district.now(),
        allowed=request.allowed,
    )
    words = words_for(whole, here)
    part = request.headers.get("HX-Request")
    return render(
        request,
        "record/_versions.html" if part else "record/versions.html",
        {
            "versions": versions_words(found, words),
            "person": person,
            "contact": contact,
            "service": here.service_name(found[-1].service),
        },
    )


@access.opens_person
def entries(request: HttpRequest, person: int, kind: str) -> HttpResponse:
    """The clinical entries of one kind, newest first."""
    found = queries.entries(person, kind=kind, **_asker(request))
    words = Words(district.current(), district.now())
    return render(
        request,
        "record/entries.html",
        {
            "who": _who(person, words),
            "person": person,
            "words": kind_words(kind),
            "entries": [entry_line(each, words) for each in _worded(found[:MOST_ENTRIES])],
            "total": len(found),
            **_corrections(request, person),
        },
    )


def _worded(found: list[Kept]) -> list[Kept]:
    """Entries with the words of the district's own lists, where their sources sent none."""
    bare = {(e.code.system, e.code.code) for e in found if e.code and not e.code.display}
    known = displays(bare) if bare else {}
    return [
        replace(e, code=replace(e.code, display=known.get((e.code.system, e.code.code), "")))
        if e.code and not e.code.display else e
        for e in found
    ]  # fmt: skip


def _corrections(request: HttpRequest, person: int) -> dict[str, Any]:
    """What stands beside things that were put right, and whether the reader may ask for it."""
    return {
        "notes": beside(list(people.identity_ids_of(person))),
        "may_correct": access.may(request.actor, "record.protect"),
    }


def _who(person: int, words: Words) -> WhoWords:
    return who_words(person, people.identities_of(person), words.district, at=words.at)


def _asker(request: HttpRequest) -> dict[str, Any]:
    """Who asks, why, and how far the door let them in."""
    return {"by": request.actor, "purpose": request.purpose, "allowed": request.allowed}


def _asked(request: HttpRequest, person: int) -> tuple[District, Asking, Timeline, list[Line]]:
    here = district.current()
    asking = asking_from(dict(request.GET.lists()))
    whole = queries.timeline_of(
        person,
        by=request.actor,
        purpose=request.purpose,
        at=district.now(),
        allowed=request.allowed,
    )
    lines = choose(whole, choice_of(asking, here.zone), _names(here))
    return here, asking, whole, lines


def _names(here: District) -> Names:
    def organisation_of(service: str) -> str:
        known = here.services.get(service)
        return known.organisation if known else ""

    def words_of(service: str) -> str:
        owner = here.organisations.get(organisation_of(service))
        return f"{here.service_name(service)} {owner.name if owner else ''}"

    return Names(organisation_of=organisation_of, words_of=words_of)


def _counted(lines: list[Line], whole: Timeline, asking: Asking) -> str:
    total = counted(len(whole.contacts), "contact")
    shown = len(contacts_of(lines))
    return (
        say("{shown} of {total} fit the filter", shown=f"{shown:,}", total=total)
        if asking.filtered
        else say("{total} in all", total=total)
    )


def _strip(lines: list[Line], whole: Timeline, here: District) -> object:
    strip = draw(contacts_of(lines), at=whole.at, zone_name=here.zone)
    if strip is None:
        return None
    return {
        "strip": strip,
        "from": local(strip.start, here.zone),
        "to": local(strip.end, here.zone),
        "lanes": [
            {
                "name": setting_words(lane.setting),
                "count": counted(lane.contacts, "contact"),
                "bars": [(bar, _bar_title(bar, here)) for bar in lane.bars],
            }
            for lane in strip.lanes
        ],
    }


def _bar_title(bar: Bar, here: District) -> str:
    start = local(bar.start, here.zone)
    if bar.open:
        return say(
            "{contacts} from {start}, still open",
            contacts=counted(bar.contacts, "contact"),
            start=start,
        )
    end = local(bar.end, here.zone)
    return say(
        "{contacts} from {start} to {end}",
        contacts=counted(bar.contacts, "contact"),
        start=start,
        end=end,
    )


def _settings(whole: Timeline) -> list[tuple[str, str]]:
    found = {c.setting for c in whole.contacts}
    return [(s.value, setting_words(s)) for s in Setting if s in found]


def _organisations(whole: Timeline, here: District) -> list[tuple[str, str]]:
    organisation_of = _names(here).organisation_of
    codes = {organisation_of(c.service) for c in whole.contacts} - {""}
    return sorted(((c, here.organisations[c].name) for c in codes), key=lambda each: each[1])


_COLUMNS = (
    "contact", "service", "organisation", "setting", "requested", "started", "ready", "ended",
    "standing", "by", "bed", "how", "urgency", "reason", "outcome", "cause", "source", "known_at",
    "version", "planned",
)  # fmt: skip


def _rows(found: list[Contact], here: District) -> Iterator[tuple[object, ...]]:
    names = _names(here)
    for c in found:
        owner = here.organisations.get(names.organisation_of(c.service))
        yield (
            c.contact, here.service_name(c.service), owner.name if owner else "", c.setting.value,
            c.requested, c.started, c.ready, c.ended, c.standing.value, c.by, c.bed, c.mode,
            c.urgency, c.reason, c.outcome, c.cause, c.source, c.known_at, c.version, c.planned,
        )  # fmt: skip
