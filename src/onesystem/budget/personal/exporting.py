"""What leaves for Excel: the rows as they are shown, and what each column means."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary.tables import Listing, plain

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDE = 18


def as_workbook(
    listing: Listing, request: HttpRequest, name: str, meanings: Mapping[str, str]
) -> HttpResponse | None:
    """The listing as an .xlsx file where the address asks for one; None where it does not."""
    if request.GET.get("format") != "xlsx":
        return None
    head = [column.label for column in listing.columns]
    rows = ([_cell(each) for each in row] for row in listing.sorted_rows)
    response = HttpResponse(
        workbook(
            Sheet(name=listing.caption, head=head, rows=rows, widths=[_WIDE] * len(head)),
            Sheet(name="What it means", head=("Column", "Meaning"), rows=_said(head, meanings),
                  widths=(_WIDE, 100)),
        ),
        content_type=_XLSX,
    )  # fmt: skip
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


def _said(head: Sequence[str], meanings: Mapping[str, str]) -> Iterable[Sequence[str]]:
    return [(label, meanings[label]) for label in head if label in meanings]


def _cell(cell: Any) -> Any:
    """A cell of a workbook, which knows no time zones."""
    value = plain(cell)
    return value.replace(tzinfo=None) if getattr(value, "tzinfo", None) else value
