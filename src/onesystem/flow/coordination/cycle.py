"""The virtuous cycle: access, care at home and hospital on the same months, under one another.

The quicker somebody is seen, the more care finds them at home, the fewer days they spend in
hospital, the more there is to see them with. Series under one another do not show what caused
what; the page says so, and leads to the methods that can.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow import measures
from onesystem.flow.charts import svg, words
from onesystem.flow.charts.drawing import BAND
from onesystem.flow.marks import queries as marks
from onesystem.flow.showing import exporting, presenters, reading
from onesystem.flow.showing.charting import Charted
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.state import State, selection, words_of
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

SERIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (say("Access"), ("gp-two-weeks", "wait-general-practice")),
    (say("Care at home"), ("contacts-at-home", "days-at-home")),
    (say("Hospital"), ("acute-bed-days",)),
)
DIMENSIONS = ("practice", "area", "age_band")
_EVERY = ("month", "quarter", "year")


@require_safe
@access.page(right="measures.see")
def cycle(request: HttpRequest) -> HttpResponse:
    """Does quicker access go with more care at home and fewer days in hospital?"""
    actor = request.actor  # type: ignore[attr-defined]
    state = State.of(
        request.GET, today=reading.first_day_without(), shortest="month", dimensions=DIMENSIONS
    )
    shown, missing = _series(state, actor)
    if request.GET.get("format") == "csv":
        named = [(c.figures.measure.title, c) for _, some in shown for c in some]
        return file_of(exporting.as_csv(named), "csv", "virtuous-cycle")
    asked = selection(state, reading.words_for(state))
    context = {
        "state": state,
        "steps": [
            (said, [_step(charted, state, actor) for charted in some]) for said, some in shown
        ],
        "missing": missing,
        "chosen": ", ".join(asked) or say("the whole district"),
        "every": [(each, each[:1].upper() + each[1:]) for each in _EVERY],
        "filters": [
            (d, words_of(d)[:1].upper() + words_of(d)[1:], _choices(d, actor)) for d in DIMENSIONS
        ],
        "kept": measures.data_to(),
        "standing": measures.stands(),
        "exact": access.may(actor, "person.open"),
        "below": district.current().suppress_below,
    }
    return render(request, "flow/coordination/cycle.html", context)


def _series(state: State, actor: access.Actor) -> tuple[list[tuple[str, list[Charted]]], list[str]]:
    """The charts of each step; and the measures that are not kept by what was asked for."""
    shown, missing = [], []
    for said, names in SERIES:
        some = []
        for name in names:
            declared = reading.named(name)
            try:
                some += [charted for _, charted in reading.charts(declared, state, by=actor)]
            except BadConfig:
                missing.append(declared.title)
        shown.append((said, some))
    return shown, missing


def _choices(dimension: str, actor: access.Actor) -> list[tuple[str, str]]:
    return reading.choices(dimension, "days-at-home", by=actor)


def _step(charted: Charted, state: State, actor: access.Actor) -> dict[str, Any]:
    """One series as the page shows it."""
    chart, figures = charted.chart, charted.figures
    last = chart.last
    name = figures.measure.name
    return {
        "name": name,
        "title": figures.measure.title,
        "words": figures.measure.words,
        "headline": words.headline(chart, charted.unit, charted.last) if last is not None else "",
        "picture": svg.large(
            chart, title=figures.measure.title, unit=charted.unit, marks=charted.marks, name=name,
            box=BAND,
        ),
        "variation": svg.icon(words.VARIATIONS[chart.variation]) if last is not None else "",
        "assurance": ""
        if chart.assurance is None
        else svg.icon(words.ASSURANCES[chart.assurance], of_target=True),
        "href": state.link(f"/measures/{name}/"),
        "improving": presenters.DIRECTIONS[figures.measure.direction],
        "hidden": charted.hidden,
        "noted": marks.marks_of(name, state.scope, by=actor),
    }  # fmt: skip
