"""The page of a funnel: the groups of a measure beside each other, each against its size."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from onesystem import access, district
from onesystem.flow.charts import svg
from onesystem.flow.showing import exporting, funneling, presenters, reading
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.funneling import Beside
from onesystem.flow.showing.state import State, period_name, words_of
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing, csv_text

_SOURCE = say("Limits: D. J. Spiegelhalter, Statistics in Medicine 24, 2005, 1185-1202.")


def page(
    request: HttpRequest, declared: Any, state: State, context: dict[str, Any]
) -> HttpResponse:
    """Which groups differ by more than chance gives for their size?"""
    actor = request.actor  # type: ignore[attr-defined]
    found = reading.groups(declared, state, by=actor)
    shown = funneling.beside(declared, found, state)
    title = say("{title} by {words_of}", title=declared.title, words_of=words_of(state.by))
    when = _when(found, state)
    if form := request.GET.get("format"):
        return _file(request, form, shown, title, f"{context['chosen']}, {when}", found)
    doubts = list(state.problems)
    if shown.left_out:
        below = district.current().suppress_below
        doubts.append(
            say(
                "{left_out} groups are left out: a part of their figures is of fewer than "
                "{below} people. A longer period may show them.",
                left_out=shown.left_out,
                below=below,
            )
        )
    context |= {
        "title": title,
        "when": when,
        "headline": funneling.headline(shown),
        "picture": _picture(shown, title) if shown.drawn else "",
        "listing": _listing(shown, state, request),
        "doubts": doubts,
        "by_words": words_of(state.by),
        "improving": presenters.DIRECTIONS[declared.direction],
        "limits_from": _SOURCE,
        "definition": list(presenters.definition_of(declared)),
    }
    return render(request, "flow/funnel.html", context)


def _when(found: list[Any], state: State) -> str:
    """The periods that are summed: those that are over."""
    periods = [
        p for each in found[:1] for p, whole in zip(each.periods, each.whole, strict=True) if whole
    ]
    if not periods:
        return say("no period that is over")
    first, last = (period_name(p, state.every) for p in (periods[0], periods[-1]))
    return say("{first} to {last}, by {every}", first=first, last=last, every=state.every)


def _picture(shown: Beside, title: str, subtitle: str = "", *, alone: bool = False) -> Any:
    return svg.funnel(
        shown.drawn, title=title, said=funneling.headline(shown), subtitle=subtitle,
        source=f"{shown.measure.source}. {_SOURCE}"[:150] if alone else "", alone=alone,
    )  # fmt: skip


def _listing(shown: Beside, state: State, request: HttpRequest) -> Listing:
    codes = {place.spot.name: place.code for place in shown.places}
    tags = {"Improvement": "good", "Concern": "warn", "Special cause": "info"}
    unit, path = shown.unit, f"/measures/{shown.measure.name}/"
    rows = []
    for name, _, above, below, score, low, _, _, high, lies, kind in funneling.lines(shown):
        href = state.link(path, by=None, chart=None, **{state.by: codes[name]})
        said = [unit.said(v / unit.scale) for v in (low, high)]
        rows.append(
            [
                Cell(name, href=href),
                Cell(unit.said(above / below), value=above / below),
                f"{above:,.0f}",
                f"{below:,.0f}",
                f"{score:.1f}",
                say("{said} to {said2}", said=said[0], said2=said[1]),
                Cell(kind, tag=tags[kind], note=lies) if kind else lies,
            ]
        )
    return Listing(
        caption="Groups, those farthest from the usual first",
        columns=(
            Column("group", words_of(state.by).capitalize()), Column("value", "Figure", right=True),
            Column("above", "Counted", right=True, sorts=False),
            Column("below", "Out of", right=True, sorts=False),
            Column("score", "Score", right=True, sorts=False),
            Column("limits", "99.8% limits at its size", right=True, sorts=False),
            Column("lies", "Where it lies", sorts=False),
        ),
        all_rows=rows,
        query=request.GET,
        exports=False,
        empty_title="No group has figures here",
        empty_advice="Choose another time, or a wider selection.",
    )  # fmt: skip


def _file(
    request: HttpRequest, form: str, shown: Beside, title: str, chosen: str, found: list[Any]
) -> HttpResponse:
    """The funnel as a file, with a line in the trail."""
    if form not in exporting.TYPES or shown.drawn is None:
        raise NotFound(
            say("there is no form {form}", form=repr(form)), "There are csv, xlsx, svg and pdf"
        )
    name = shown.measure.name
    access.record(
        by=request.actor, act="figures.exported", what=name,  # type: ignore[attr-defined]
        detail={"form": form, "groups": len(shown.places)},
    )  # fmt: skip
    rows = list(funneling.lines(shown))
    if form == "csv":
        return file_of(csv_text(funneling.HEAD, rows), form, f"{name}-funnel")
    sheet = [
        (say("Measure"), title), (say("Selection"), chosen),
        *presenters.definition_of(shown.measure),
        (say("Chart"), "Funnel"), (say("Limits"), _SOURCE),
        (say("Around"), f"{funneling.headline(shown)}"),
        (say("Figures up to"), str(found[0].data_to)),
    ]  # fmt: skip
    if form == "xlsx":
        return file_of(
            workbook(
                Sheet(name="Figures", head=funneling.HEAD, rows=rows, widths=(34, *[13] * 10)),
                Sheet(name="Definition", head=(), rows=sheet, widths=(30, 110), keys=True),
            ),
            form,
            f"{name}-funnel",
        )
    drawn = _picture(shown, title, chosen, alone=True)
    if form == "svg":
        return file_of(str(drawn), form, f"{name}-funnel")
    return file_of(_pdf(request, title, sheet, rows, str(drawn)), form, f"{name}-funnel")


def _pdf(request: HttpRequest, title: str, sheet: list[Any], rows: list[Any], drawn: str) -> bytes:
    from base64 import b64encode

    from onesystem.record.summary import pdf

    context = {
        "title": title, "sheet": sheet, "head": funneling.HEAD, "rows": rows,
        "picture": f"data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}",
    }  # fmt: skip
    return pdf.made_of(render_to_string("flow/funnel_paper.html", context, request))
