"""What a page of opportunities shows, as CSV or as a workbook with its definitions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.flow.chances import tables, wording
from onesystem.flow.chances.showing import Showing
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.tables import csv_text

FORMS = {"csv": "CSV", "xlsx": "Excel"}
_WIDTHS = (48, 30, 36, 12, 12, 16, 20, 10)


def exported(
    request: HttpRequest,
    showing: Showing,
    kinds: Sequence[Mapping[str, Any]],
    *,
    done_at: datetime | None,
    name: str,
    split: bool,
) -> HttpResponse | None:
    """The page as a file where the address asks for one; a file of figures is in the trail."""
    form = request.GET.get("format")
    if not form:
        return None
    if form not in FORMS:
        raise NotFound(f"there is no form {form!r}", "There are csv and xlsx")
    access.record(
        by=request.actor, act="figures.exported", what=name,  # type: ignore[attr-defined]
        detail={"form": form, "kinds": len(kinds)},
    )  # fmt: skip
    rows = list(tables.rows(showing, kinds, split=split))
    if form == "csv":
        return file_of(csv_text(tables.HEAD, rows), form, name)
    said = [("Address", request.build_absolute_uri().split("format=", maxsplit=1)[0].rstrip("?&"))]
    for kind in kinds:
        said += [("Opportunity", kind["title"]), *wording.definition(showing, kind, done_at)]
    return file_of(
        workbook(
            Sheet(name="Opportunities", head=tables.HEAD, rows=rows, widths=_WIDTHS),
            Sheet(name="Definitions", head=(), rows=said, widths=(24, 120), keys=True),
        ),
        form,
        name,
    )
