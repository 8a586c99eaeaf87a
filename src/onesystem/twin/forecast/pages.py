"""The page of the next days, for whoever may see the board of now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow.queries import sees_people
from onesystem.twin.forecast import keeping, showing
from onesystem.twin.standing import FILE
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.tables import csv_text


@require_safe
@access.page(right="now.see")
def ahead(request: HttpRequest) -> HttpResponse:
    """What is coming, how sure that is, and how yesterday's forecast did."""
    here, now = district.current(), district.now()
    try:
        last = keeping.latest(now)
    except BadConfig as error:
        return render(request, "twin/forecast.html", {"trouble": str(error)}, status=500)
    if last is None:
        return render(request, "twin/forecast.html", {"own": (here.path / FILE).is_file()})
    _, made = last
    exact = sees_people(request.actor)  # type: ignore[attr-defined]
    shown = showing.small(here.suppress_below, exact=exact)
    figure = request.GET.get("figure", "inside")
    figure = figure if figure in showing.FIGURES else "inside"
    if request.GET.get("format") == "csv":
        return _file(showing.rows(made, shown))
    table = showing.services(made, figure, request.GET, shown)
    every = showing.places(made)
    wanted = request.GET.get("place", "")
    place = next((each for each in every if each.key == wanted), every[0])
    few = not exact and place.here < here.suppress_below
    context: dict[str, Any] = {
        "made": made, "stale": now - made.at > keeping.STALE, "sentences":
        showing.headline(made, shown), "hospitals": showing.hospitals(made, shown),
        "levers": showing.levers(made), "services": table, "figure": figure,
        "tabs": _tabs(request, figure), "place": place, "few": few,
        "choices": [(each.key, each.title) for each in every],
        "picture": None if few else showing.picture(made, place, {}),
        "ends": showing.clock(made.at, made.marks[-1]),
        **_before(now, place.key, few=few),
    }  # fmt: skip
    return render(request, "twin/forecast.html", context)


def _file(rows: Iterator[list[Any]]) -> HttpResponse:
    text = csv_text(next(rows), list(rows))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="forecast.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _tabs(request: HttpRequest, figure: str) -> list[tuple[str, str, bool]]:
    query = request.GET.copy()
    found = []
    for key, words in showing.FIGURES.items():
        query["figure"] = key
        found.append((words, f"?{query.urlencode()}#services", key == figure))
    return found


def _before(now: datetime, key: str, *, few: bool) -> dict[str, Any]:
    """Yesterday's forecast with what came of it, and how all did."""
    scores, many, late = keeping.scores(now)
    found: dict[str, Any] = {
        "record": showing.record(scores), "verdict": showing.verdict(scores), "scored": many,
        "late": late, "before": None,
    }  # fmt: skip
    if few or (old := keeping.yesterday(now)) is None:
        return found
    row, made = old
    place = next((each for each in showing.places(made) if each.key == key), None)
    if place is not None:
        came = keeping.outcome(row)["inside"]
        found |= {"before": made, "before_picture": showing.picture(made, place, came)}
    return found
