"""A chart's page as a file: CSV, Excel, SVG or PDF, each leaving a line in the trail."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from onesystem import access
from onesystem.flow.showing import exporting
from onesystem.flow.showing.charting import Charted
from onesystem.flow.showing.common import file_of
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say


def exported(
    request: HttpRequest,
    form: str,
    found: list[tuple[Mapping[str, str], Charted]],
    chosen: str,
    noted: list[Any],
) -> HttpResponse:
    """The page as a file; a file of figures is in the trail."""
    shown = [(", ".join(names.values()) or chosen, charted) for names, charted in found]
    if form not in exporting.TYPES or not shown:
        raise NotFound(
            say("there is no form {form}", form=repr(form)), "There are csv, xlsx, svg and pdf"
        )
    charted = shown[0][1]
    figures = charted.figures
    name, address = figures.measure.name, request.build_absolute_uri()
    sheet = list(
        exporting.facts(shown, chosen, address.split("format=", maxsplit=1)[0].rstrip("?&"), noted)
    )
    access.record(
        by=request.actor, act="figures.exported", what=name,  # type: ignore[attr-defined]
        detail={"form": form, "groups": len(shown)},
    )  # fmt: skip
    if form == "csv":
        return file_of(exporting.as_csv(shown), form, name)
    if form == "xlsx":
        return file_of(exporting.as_xlsx(shown, sheet), form, name)
    source = say(
        "{source}. Figures up to {data_to}.", source=figures.measure.source, data_to=figures.data_to
    )
    drawn = exporting.as_svg(
        charted,
        title=figures.measure.title,
        subtitle=say("{chosen}, by {every}", chosen=chosen, every=figures.every),
        source=source[:150],
    )
    if form == "svg":
        return file_of(drawn, form, name)
    return file_of(_pdf(request, charted, sheet, drawn), form, name)


def _pdf(request: HttpRequest, charted: Charted, sheet: list[Any], drawn: str) -> bytes:
    from base64 import b64encode

    from onesystem.record.summary import pdf

    picture = b64encode(drawn.encode()).decode()
    context = {
        "charted": charted,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "sheet": sheet,
        "rows": list(exporting.rows([("", charted)])),
        "unit": charted.unit,
    }
    return pdf.made_of(render_to_string("flow/measure_paper.html", context, request))
