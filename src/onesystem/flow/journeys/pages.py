"""Journeys: the map of how people really go, the paths they take, and an agreed way beside it."""

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access, district
from onesystem.flow import answers, queries
from onesystem.flow.journeys import presenters
from onesystem.flow.journeys.agreed import ways
from onesystem.flow.journeys.question import LEVELS, Question
from onesystem.vocabulary import Setting, UserError

_KIND = "journeys"
_DETAIL = 90


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
    answer = answers.ask(_KIND, asked.as_dict(), by=request.actor, anew=_anew(request))
    if answer.found and request.GET.get("format") == "csv":
        return _csv(answer.found, _below(request))
    context |= {"asked": asked, "given": asked.as_dict(), "answer": answer, "cancel": answer.digest}
    if answer.found:
        context |= _shown(request, answer.found, asked)
    return render(request, part or "flow/journeys/journeys.html", context)


@require_POST
@access.page(right="measures.see")
def cancel(_request: HttpRequest, digest: str) -> HttpResponse:
    """Stop working on a question."""
    stopped = answers.cancel(digest)
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
        "link": lambda **changes: presenters.link(asked, **changes),
        "filters": _filters(asked),
    }


def _filters(asked: Question) -> list[tuple[str, str]]:
    """What narrows the journeys to a path, in words, with the address without it."""
    made = []
    for name, words in (("through", "through"), ("begins", "begin with"), ("ends", "end with")):
        if value := getattr(asked, name):
            made.append((f"{words} {value}", presenters.link(asked, **{name: ""})))
    if asked.source:
        word = "directly to" if asked.target else "later to"
        made.append(
            (
                f"from {asked.source} {word} {asked.target or asked.then}",
                presenters.link(asked, source="", target="", then=""),
            )
        )
    if asked.along:
        made.append((f"along {asked.along}", presenters.link(asked, along="")))
    return made


def _choices(here: Any) -> dict[str, Any]:
    services = sorted((s.name, code) for code, s in here.services.items())
    organisations = sorted((o.name, code) for code, o in here.organisations.items())
    practices = sorted(
        (o.name, o.national_code or code)
        for code, o in here.organisations.items()
        if o.kind == "general practice"
    )
    agreed = ways(here.path)
    return {
        "settings": [("", "any setting"), *((str(s), str(s)) for s in Setting)],
        "services": [("", "any service"), *((code, name) for name, code in services)],
        "organisations": [("", "any organisation"), *((c, name) for name, c in organisations)],
        "practices": [("", "any practice"), *((code, name) for name, code in practices)],
        "levels": [(level, level) for level in LEVELS],
        "ways": [("", "none"), *((w.name, w.title) for w in agreed.values())],
        "agreed": agreed,
        "box_size": presenters.BOX,
    }


def _detail(request: HttpRequest) -> int:
    text = request.GET.get("detail", "")
    return min(max(int(text), 10), 100) if text.isdigit() else _DETAIL


def _anew(request: HttpRequest) -> bool:
    return request.GET.get("anew") == "1"


def _below(request: HttpRequest) -> int:
    """Counts under this are hidden from those who may not see people; 0 where none is."""
    actor = request.actor  # type: ignore[attr-defined]
    return 0 if queries.sees_people(actor) else district.current().suppress_below


def _today() -> Any:
    return district.now().astimezone().date()


def _csv(found: dict[str, Any], below: int) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ("source", "target", "steps", "journeys", "time", "ninth", "wait")
    writer.writerow(["from", "to", "times", "journeys", "median s", "ninth decile s", "wait s"])
    for arrow in found["map"]["arrows"]:
        if arrow["journeys"] >= max(below, 1):
            writer.writerow([_plain(arrow[name]) for name in columns])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="journeys.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value / 1_000_000)
    if isinstance(value, str) and value[:1] in "=+-@\t\r":
        return f"'{value}"
    return value
