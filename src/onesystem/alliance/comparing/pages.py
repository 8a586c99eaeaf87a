"""Comparing: this district beside others on published figures, never as a league table."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.comparing import beside, here, lines, series, workbook
from onesystem.flow.charts import svg
from onesystem.flow.charts import words as said
from onesystem.flow.charts.funnels import SIGNALS
from onesystem.vocabulary.said import begun, say

View = Callable[..., HttpResponse]


def compares(view: View) -> View:
    """A page for those who see measures, and for national planners: either right opens it."""
    by_measures = access.page(right="measures.see")(view)
    by_nation = access.page(right="nation.see")(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        user = request.user
        nation = user.is_authenticated and access.may(Actor.of(user), "nation.see")
        return (by_nation if nation else by_measures)(request, *args, **kwargs)

    guarded.right = "measures.see"  # type: ignore[attr-defined]
    return guarded


@require_safe
@compares
def compare(request: HttpRequest) -> HttpResponse:
    """How do we fare beside others, on figures that everybody publishes?"""
    known = series.indicators()
    code = request.GET.get("figure", "")
    indicator = known.get(code) or next(iter(known.values()))
    kinds = series.kinds_of(indicator.code)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in kinds else kinds[0]
    country = request.GET.get("country", "")
    country = country if country in series.countries_of(indicator.code) else ""
    found = series.latest(indicator.code, (kind,), (country,) if country else ())
    mine = _place(request, indicator.code)
    b = beside.beside(indicator, found)
    listing = beside.listing(b, request.GET, mine)
    if request.GET.get("format") == "xlsx":
        return workbook.response(listing, indicator)
    if taken := access.exported(listing, request, f"compare-{indicator.code}"):
        return taken
    chart = beside.chart_of(indicator, mine) if mine else None
    unit, place = beside.unit_of(indicator), series.places().get(mine)
    context = {
        "indicator": indicator, "indicators": [(c, i.name) for c, i in known.items()],
        "kinds": [(k, begun(series.KINDS[k])) for k in kinds], "kind": kind,
        "countries": _countries(indicator.code),
        "country": country, "mine": mine, "place": place, "beside": b, "listing": listing,
        "places": here.choices(series.points(indicator.code)),
        "picture": beside.picture(b, mine), "centre": unit.said(b.made.centre) if b.made else "",
        "own": b.of(mine), "unit": unit, "signals": SIGNALS, "lines": lines.drawn(indicator, mine),
        "chart": svg.large(chart, title=f"{indicator.name}: {place.name}", unit=unit)
        if chart and place else "",
        "headline": said.headline(chart, unit) if chart else "",
        "sees": access.may(request.actor, "measures.see"),  # type: ignore[attr-defined]
        "nation": access.may(request.actor, "nation.see"),  # type: ignore[attr-defined]
        "query": request.GET,
    }  # fmt: skip
    return render(request, "alliance/comparing/compare.html", context)


def _countries(code: str) -> list[tuple[str, str]]:
    return [("", say("All countries")), *((c, c) for c in series.countries_of(code))]


def _place(request: HttpRequest, code: str) -> str:
    asked = request.GET.get("place", "")
    return asked if asked in series.points(code) else here.mine(code)
