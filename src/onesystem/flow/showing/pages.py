"""The grid of measures, and one measure as a chart or as groups beside each other."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district
from onesystem.flow.charts import svg, words
from onesystem.flow.marks import queries as marks
from onesystem.flow.showing import beside, exporting, files, presenters, reading
from onesystem.flow.showing.charting import Charted
from onesystem.flow.showing.common import file_of, kinds_of, state_of
from onesystem.flow.showing.state import PERIODS, State, selection, words_of
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

PER_PAGE = 24
_EVERY = [(p, p[:1].upper() + p[1:]) for p in PERIODS]


@require_safe
@access.page(right="measures.see")
def grid(request: HttpRequest) -> HttpResponse:
    """What is signal, and what is noise, over all measures?"""
    actor = request.actor  # type: ignore[attr-defined]
    state = State.of(
        request.GET, today=reading.first_day_without(), dimensions=reading.GRID_DIMENSIONS
    )
    kept = reading.measures.data_to()
    wanted = reading.matching(state.text) if kept else []
    found = reading.grid(wanted, state, by=actor)
    if request.GET.get("format") == "csv":
        shown = [(measure.title, charted) for measure, _, charted in found]
        return file_of(exporting.as_csv(shown), "csv", "measures")
    cards = presenters.in_order(
        presenters.card(
            charted, title=measure.title, href=own.link(f"/measures/{measure.name}/", q=None)
        )
        for measure, own, charted in found
    )
    signals = sum(each.signal for each in cards)
    if state.signals:
        cards = [each for each in cards if each.signal]
    page = _page(request, len(cards))
    context = {
        "state": state,
        "cards": cards[(page - 1) * PER_PAGE : page * PER_PAGE],
        "many": len(cards),
        "signals": signals,
        "measured": len(found),
        "page": page,
        "pages": -(-len(cards) // PER_PAGE),
        "every": _EVERY,
        "filters": [
            (d, words_of(d)[:1].upper() + words_of(d)[1:], reading.choices(d, by=actor))
            for d in reading.GRID_DIMENSIONS
        ],
        "views": _views(actor),
        "address": request.get_full_path(),
        "here": ", ".join(selection(state, reading.words_for(state))),
        "exact": access.may(actor, "person.open"),
        "below": district.current().suppress_below,
        "kept": kept,
        "standing": reading.measures.stands(),
    }
    return render(request, "flow/measures.html", context)


@require_safe
@access.page(right="measures.see")
def standing(request: HttpRequest) -> HttpResponse:
    """How far the figures are that are being worked out: a part of pages, asked by themselves."""
    found = reading.measures.stands()
    if found.state == "kept":  # the page is another one now
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.seen == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "flow/_standing.html", {"standing": found})


@require_safe
@access.page(right="measures.see")
def measure(request: HttpRequest, name: str) -> HttpResponse:
    """Is this signal or noise, and is it getting better?"""
    actor = request.actor  # type: ignore[attr-defined]
    declared = reading.named(name)
    state = state_of(request, declared)
    if state.funnel:
        return beside.page(request, declared, state, _shared(request, declared, state))
    found = reading.charts(declared, state, by=actor)
    chosen = ", ".join(selection(state, reading.words_for(state))) or say("the whole district")
    noted = marks.marks_of(declared.name, state.scope, by=actor)
    if form := request.GET.get("format"):
        return files.exported(request, form, found, chosen, noted)
    context = _shared(request, declared, state)
    if state.by:
        context |= _compared(found, state, declared)
        return render(request, "flow/compare.html", context)
    context |= _one(found[0][1], state, noted, request, actor)
    return render(request, "flow/measure.html", context)


def _shared(request: HttpRequest, declared: Any, state: State) -> dict[str, Any]:
    """What every page of a measure has: its controls, its views, its files."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = {*state.where, state.by} - {""}
    return {
        "measure": declared,
        "state": state,
        "chosen": ", ".join(selection(state, reading.words_for(state)))
        or say("the whole district"),
        "every": [p for p in _EVERY if PERIODS.index(p[0]) >= PERIODS.index(declared.every)],
        "bys": [("", say("Nothing: one chart")), *((d, words_of(d)) for d in declared.dimensions)],
        "kinds": [(k, words.NAMES[k]) for k in kinds_of(request, declared, asked)],
        "filters": [
            (
                d,
                words_of(d)[:1].upper() + words_of(d)[1:],
                reading.choices(d, declared.name, by=actor),
            )
            for d in declared.dimensions
        ],
        "signs": access.may(actor, "measures.sign"),
        "views": _views(actor),
        "address": request.get_full_path(),
        "below": district.current().suppress_below,
        "forms": _forms(state),
        "standing": reading.measures.stands(),
    }


def _one(
    charted: Charted, state: State, noted: list[Any], request: HttpRequest, actor: access.Actor
) -> dict[str, Any]:
    """What the page of one chart has besides its controls."""
    chart, unit, figures = charted.chart, charted.unit, charted.figures
    met = chart.assurance
    gone = [m for m in marks.history(figures.measure.name, state.scope, by=actor) if m.undone_by]
    return {
        "charted": charted,
        "picture": svg.large(
            chart, title=figures.measure.title, unit=unit, marks=charted.marks, name="main"
        ),
        "headline": words.headline(chart, unit, charted.last),
        "variation": svg.icon(words.VARIATIONS[chart.variation]),
        "assurance": "" if met is None else svg.icon(words.ASSURANCES[met], of_target=True),
        "improving": presenters.DIRECTIONS[figures.measure.direction],
        "listing": presenters.table(charted, state, request.GET, drill=True),
        "readings": presenters.readings(charted, state, drill=True),
        "definition": list(presenters.definition(charted)),
        "doubts": presenters.doubts(charted, state.problems, district.current().suppress_below),
        "noted": noted,
        "gone": gone,
        "latest": chart.series.dates[-1].isoformat() if len(chart.series) else "",
    }


def _compared(found: list[Any], state: State, declared: Any) -> dict[str, Any]:
    """The groups of a measure beside each other, those with a signal first."""
    cards = presenters.in_order(
        presenters.card(
            charted,
            title=names[state.by],
            href=state.link(
                f"/measures/{declared.name}/",
                by=None,
                **{state.by: charted.figures.group[state.by]},
            ),
        )
        for names, charted in found
        if len(charted.chart.series)
    )
    return {
        "cards": cards[: reading.MOST_GROUPS],
        "more": max(0, len(cards) - reading.MOST_GROUPS),
        "signals": sum(each.signal for each in cards),
        "by_words": words_of(state.by),
        "doubts": list(state.problems),
        "definition": list(presenters.definition(found[0][1])) if found else [],
    }


def _views(actor: access.Actor) -> list[dict[str, Any]]:
    return [
        {"id": v.id, "name": v.name, "address": v.address, "owner": v.owner,
         "mine": v.owner == actor.name, "shared": v.shared}
        for v in marks.views_for(actor)
    ]  # fmt: skip


def _forms(state: State) -> list[tuple[str, str]]:
    names = (("csv", "CSV"), ("xlsx", say("Excel")), ("svg", "SVG"), ("pdf", "PDF"))
    return [
        (f"{state.link()}{'&' if state.said else ''}format={key}", name)
        for key, name in names
        if not (state.by and not state.funnel and key in {"svg", "pdf"})
    ]


def _page(request: HttpRequest, many: int) -> int:
    said = request.GET.get("page", "1")
    last = max(1, -(-many // PER_PAGE))
    return min(max(1, whole_or(said, 1)), last)
