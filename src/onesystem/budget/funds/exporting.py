"""What a page of funds shows, as CSV or as a workbook whose second sheet says what it means."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from onesystem import access
from onesystem.flow.showing.common import file_of
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.tables import Listing, plain

FORMS = {"csv": "CSV", "xlsx": "Excel"}


def exported(
    request: HttpRequest, listing: Listing, name: str, said: Sequence[tuple[str, str]]
) -> HttpResponse | None:
    """The page as a file where the address asks for one; a file of figures is in the trail."""
    form = request.GET.get("format")
    if not form:
        return None
    if form not in FORMS:
        raise NotFound(f"there is no form {form!r}", "There are csv and xlsx.")
    access.record(
        by=request.actor, act="budget.exported", what=name,  # type: ignore[attr-defined]
        detail={"form": form, "rows": len(listing.all_rows)},
    )  # fmt: skip
    if form == "csv":
        return file_of(listing.as_csv(), form, name)
    head = [c.label for c in listing.columns]
    rows = [[plain(cell) for cell in row] for row in listing.sorted_rows]
    address = request.build_absolute_uri().split("format=", maxsplit=1)[0].rstrip("?&")
    return file_of(
        workbook(
            Sheet(name=listing.caption, head=head, rows=rows,
                  widths=(40, *(16,) * (len(head) - 1))),
            Sheet(name="Definitions", head=(), rows=[("Address", address), *said],
                  widths=(24, 120), keys=True),
        ),
        form,
        name,
    )  # fmt: skip
