"""Journeys: the map of how people really go, the paths they take, and an agreed way beside it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.flow import answers, queries
from onesystem.flow.journeys import files, presenters
from onesystem.flow.journeys.agreed import ways
from onesystem.flow.journeys.question import LEVELS, Question
from onesystem.flow.journeys.working import ED_TIME, KIND
from onesystem.flow.measures import library
from onesystem.vocabulary import Setting, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

_DETAIL = 90
_FIFTHS = (say("1, the most deprived"), "2", "3", "4", say("5, the least deprived"))


@require_safe
@access.page(right="measures.see")
def journeys(request: HttpRequest) -> HttpResponse:
    """The map, the paths and the agreed way for one question; asks it where it is new."""
    here = district.current()
    context = _choices(here)
    part = "flow/journeys/_answer.html" if request.headers.get("HX-Request") else ""
    try:
        asked = Question.of(request.GET, today=_today())
    except UserError as error:
        context |= {"problem": error, "given": request.GET}
        return render(request, "flow/journeys/journeys.html", context, status=400)
    answer = answers.ask(KIND, asked.as_dict(), by=request.actor, anew=_anew(request))
    if answer.found and request.GET.get("format") in files.FORMS:
        return files.taken(request.GET["format"], answer.found, asked, below=_below(request))
    context |= {"asked": asked, "given": asked.as_dict(), "answer": answer, "cancel": answer.digest}
    context["about"] = presenters.about(asked, context["conditions"])
    context["may_list"] = queries.sees_people(request.actor)
    if answer.found:
        context |= _shown(request, answer.found, asked)
    return render(request, part or "flow/journeys/journeys.html", context)


@require_POST
@access.page(right="measures.see")
def cancel(_request: HttpRequest, digest: str) -> HttpResponse:
    """Stop working on a question."""
    stopped = answers.cancel(digest)
    if stopped.kind == ED_TIME:
        return HttpResponseRedirect(f"/journeys/ed/?{urlencode(stopped.asked)}")
    asked = Question.kept(stopped.asked)
    return HttpResponseRedirect(f"/journeys/{presenters.link(asked)}")


def _shown(request: HttpRequest, found: dict[str, Any], asked: Question) -> dict[str, Any]:
    below = _below(request)
    if 0 < found["map"]["journeys"] < below:
        return {"too_few": below}
    detail = _detail(request)
    return {
        "detail": detail,
        "below": below,
        "total": found["map"],
        "all": found["all"],
        "map": presenters.map_shown(found["map"], asked, detail=detail, below=below),
        "arrows": presenters.arrow_rows(found["map"], asked, below=below)[:100],
        "paths": presenters.path_rows(found["paths"], asked, below=below),
        "different": found["paths"]["different"],
        "kept": found.get("adherence"),
        "stages": presenters.stage_rows(found["adherence"], below=below)
        if "adherence" in found
        else (),
        "length": presenters.length(found["map"]["length"]) if found["map"]["length"] else "",
        "cost": presenters.money(found["map"]["cost_each"]) if found["map"]["cost"] else "",
        "priced": library.price_tables()["unit-costs"]["source"],
        "link": lambda **changes: presenters.link(asked, **changes),
        "filters": presenters.filters(asked),
    }


def _choices(here: Any) -> dict[str, Any]:
    services = sorted((s.name, code) for code, s in here.services.items())
    organisations = sorted((o.name, code) for code, o in here.organisations.items())
    places = sorted((p.name, code) for code, p in here.places.items())
    practices = sorted(
        (o.name, o.national_code or code)
        for code, o in here.organisations.items()
        if o.kind == "general practice"
    )
    agreed = ways(here.path)
    return {
        "settings": [("", say("any setting")), *((str(s), str(s)) for s in Setting)],
        "services": [("", say("any service")), *((code, name) for name, code in services)],
        "organisations": [("", say("any organisation")), *((c, name) for name, c in organisations)],
        "practices": [("", say("any practice")), *((code, name) for name, code in practices)],
        "places": [("", say("any place")), *((code, name) for name, code in places)],
        "conditions": [
            ("", say("any condition")),
            *((name, each.title) for name, each in library.codes().items()),
        ],
        "fifths": [("", "any"), *((str(n), _FIFTHS[n - 1]) for n in range(1, 6))],
        "levels": [(level, level) for level in LEVELS],
        "ways": [("", "none"), *((w.name, w.title) for w in agreed.values())],
        "agreed": agreed,
        "box_size": presenters.BOX,
    }


def _detail(request: HttpRequest) -> int:
    return min(max(whole_or(request.GET.get("detail"), _DETAIL), 10), 100)


def _anew(request: HttpRequest) -> bool:
    return request.GET.get("anew") == "1"


def _below(request: HttpRequest) -> int:
    """Counts under this are hidden from those who may not see people; 0 where none is."""
    actor = request.actor  # type: ignore[attr-defined]
    return 0 if queries.sees_people(actor) else district.current().suppress_below


def _today() -> Any:
    return district.now().astimezone().date()
