"""Pages that ask one figure of many runs: a grid of settings, and which of several is best."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.twin import besides, grids, queries
from onesystem.twin.network.model import Model
from onesystem.twin.pages import answer_of, found, standing_here, tries, whole
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.figures import LESS_IS_BETTER
from onesystem.twin.scenarios.sweeping import grid
from onesystem.twin.working import BEST, GRID, MOST_RUNS
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import csv_text

_SURE = (("0.9", "90%"), ("0.95", "95%"), ("0.99", "99%"))
_TEN = 10


@require_safe
@access.page(right="measures.see")
def sweep(request: HttpRequest) -> HttpResponse:
    """Vary one or two settings, and see a figure at each combination."""
    try:
        now = standing_here()
    except BadConfig as error:
        return render(request, "twin/index.html", {"trouble": str(error)}, status=500)
    said = request.GET
    asked = [said.get(f"what{n}", "") for n in (1, 2) if said.get(f"what{n}")]
    context: dict[str, Any] = {
        "filled": said, "settings": grids.settings(now.model), "figures": grids.figures(),
        "wheres": grids.wheres(now.model), "tries": tries(request), "again": _again(request),
        "most": grids.MOST, "base": now,
    }  # fmt: skip
    status = 200
    if asked:
        try:
            context["answer"] = answer = answer_of(request, GRID, _grid(now, said))
        except UserError as error:
            context["problem"], status = str(error), 400
        else:
            if answer is not None and answer.found:
                if said.get("format") == "csv":
                    return _file("settings.csv", *grids.rows(answer.found, asked))
                context["table"] = grids.table(answer.found, asked)
    return _shown(request, "sweep", context, status)


def _grid(now: Any, said: Any) -> dict[str, Any]:
    """What is asked of the errands; all that cannot be is refused before. Raises BadConfig."""
    lines = [
        grids.line(said[f"what{n}"], said.get(f"values{n}", "")) for n in (1, 2)
        if said.get(f"what{n}")
    ]  # fmt: skip
    points = grid(lines)
    if len(points) > grids.MOST:
        raise BadConfig(
            say("there are {points} combinations", points=len(points)),
            say("Give fewer values; {most} at most.", most=grids.MOST),
        )
    for _, scenario in points:
        applied(now.model, scenario)
    return {"model": now.digest, "lines": lines, **_figure(now.model, said)}


def _figure(model: Model, said: Any) -> dict[str, str]:
    figure, where = said.get("figure", "wait"), said.get("where", "")
    if figure not in dict(grids.figures()) or where not in dict(grids.wheres(model)):
        raise BadConfig("there is no such figure", "Choose one of the list.")
    if not where and figure not in _OF_THE_WHOLE:
        raise BadConfig(
            say("{figures} is a figure of one service", figures=besides.FIGURES[figure].lower()),
            "Choose the service.",
        )
    return {"figure": figure, "where": where}


_OF_THE_WHOLE = {
    "gridlock days", "wait", "taken in", "left waiting", "found no room", "people through",
    "time inside", "days in service", "days at home", "days in beds", "staff hours", "cost",
    "inside at the end",
}  # fmt: skip


@require_safe
@access.page(right="measures.see")
def choose(request: HttpRequest) -> HttpResponse:
    """Which of doing nothing and some scenarios is best, with a stated confidence."""
    try:
        now = standing_here()
    except BadConfig as error:
        return render(request, "twin/index.html", {"trouble": str(error)}, status=500)
    said = request.GET
    chosen = list(dict.fromkeys(whole(each) for each in said.getlist("s")))
    context: dict[str, Any] = {
        "filled": said, "chosen": chosen, "figures": grids.figures(), "sures": _SURE,
        "wheres": grids.wheres(now.model), "tries": tries(request), "again": _again(request),
        "scenarios": queries.every(by=request.actor), "base": now,  # type: ignore[attr-defined]
        "most": MOST_RUNS,
    }  # fmt: skip
    status = 200
    if "matters" in said:
        held = [found(request, each) for each in chosen]
        try:
            asked = _question(now, held, said)
            context["answer"] = answer = answer_of(request, BEST, asked)
        except UserError as error:
            context["problem"], status = str(error), 400
        else:
            if answer is not None and answer.found:
                context |= {"best": answer.found, "table": grids.best(answer.found, asked)}
    return _shown(request, "choose", context, status)


def _question(now: Any, held: list[queries.Held], said: Any) -> dict[str, Any]:
    if not 0 < len(held) <= _TEN:
        raise BadConfig(
            "there is nothing to choose between", say("Tick one to {ten} scenarios.", ten=_TEN)
        )
    try:
        matters = float(said.get("matters", "").replace(",", "."))
    except ValueError:
        matters = 0.0
    if not 0 < matters < 1e12:
        raise BadConfig(
            "it is not said which difference matters",
            "Give the smallest difference that would change your mind, above 0.",
        )
    figure = _figure(now.model, said)
    for each in held:
        applied(now.model, each.scenario)
    return queries.question(now.digest, held) | figure | {
        "matters": matters,
        "sure": float(sure if (sure := said.get("sure")) in dict(_SURE) else "0.95"),
        "least": figure["figure"] in LESS_IS_BETTER,
    }  # fmt: skip


def _again(request: HttpRequest) -> str:
    said = [(k, v) for k, v in request.GET.items() if k not in ("anew", "format", "s")]
    said += [("s", each) for each in request.GET.getlist("s")]
    return f"{request.path}?{urlencode(said)}"


def _shown(request: HttpRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    part = request.headers.get("HX-Request")
    return render(request, f"twin/{f'_{name}' if part else name}.html", context, status=status)


def _file(name: str, head: list[str], rows: list[list[Any]]) -> HttpResponse:
    response = HttpResponse(csv_text(tuple(head), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
