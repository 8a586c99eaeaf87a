"""The page of ED time: where the time goes, beside general practice on the same days."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow import answers, queries
from onesystem.flow.journeys.edtime import drawing, presenters
from onesystem.flow.journeys.edtime.question import EVERY, Question
from onesystem.flow.journeys.working import ED_TIME
from onesystem.vocabulary import Setting, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import safe_csv

_TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml"}


@require_safe
@access.page(right="measures.see")
def ed_time(request: HttpRequest) -> HttpResponse:
    """Where does the time in the ED go, and what did general practice offer on the same days?"""
    here, actor = district.current(), request.actor  # type: ignore[attr-defined]
    eds = [(c, s.name) for c, s in here.services.items() if s.setting is Setting.ED]
    context: dict[str, Any] = {
        "every": [(each, {"hour": "hour of the day"}.get(each, each)) for each in EVERY],
        "services": [("", "every ED"), *sorted(eds, key=lambda pair: pair[1])],
        "zone": here.zone,
    }
    try:
        asked = Question.of(request.GET, today=district.now().astimezone().date())
    except UserError as error:
        context |= {"problem": error, "given": request.GET}
        return render(request, "flow/journeys/ed.html", context, status=400)
    anew = request.GET.get("anew") == "1"
    answer = answers.ask(ED_TIME, asked.as_dict(), by=actor, anew=anew)
    context |= {"asked": asked, "given": asked.as_dict(), "answer": answer, "cancel": answer.digest}
    if answer.found:
        below = 0 if queries.sees_people(actor) else here.suppress_below
        shown = presenters.rows(answer.found, below)
        if request.GET.get("format") in _TYPES:
            return _file(request.GET["format"], shown, asked)
        context |= {
            "found": answer.found,
            "rows": presenters.table(shown),
            "picture": presenters.drawn(shown),
            "headline": presenters.headline(answer.found, below),
            "hidden": sum(row["hidden"] for row in shown),
            "below": below,
            "partial": not all(row["whole"] for row in shown),
            "link": lambda **changes: presenters.link(asked, **changes),
            **_furniture(),
        }
    part = "flow/journeys/_ed.html" if request.headers.get("HX-Request") else ""
    return render(request, part or "flow/journeys/ed.html", context)


def _furniture() -> dict[str, Any]:
    return {"parts": presenters.PARTS, "wide": drawing.WIDTH, "left": drawing.LEFT,
            "right": drawing.WIDTH - drawing.RIGHT}  # fmt: skip


def _file(form: str, shown: list[dict[str, Any]], asked: Question) -> HttpResponse:
    if form == "csv":
        content = "".join(safe_csv(presenters.HEAD, presenters.lines(shown)))
    else:
        context = {
            "picture": presenters.drawn(shown),
            "alone": True,
            "css": _css(),
            "title": say(
                "ED time by {every}, {start} to {end}",
                every=asked.every,
                start=asked.start,
                end=asked.end,
            ),
            **_furniture(),
        }
        content = render_to_string("flow/journeys/_stacks.html", context).strip()
    response = HttpResponse(content, content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="ed-time.{form}"'
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=1)
def _css() -> str:
    place = Path(__file__).resolve().parents[2] / "static/flow/edtime.css"
    return place.read_text(encoding="utf-8")
