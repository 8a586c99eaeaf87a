"""What a page shows as a workbook: the rows, and the definition of every figure."""

import io
from collections.abc import Iterable

from django.http import HttpResponse

from onesystem.alliance.learning.peers.figures import Figure
from onesystem.vocabulary.tables import Listing, plain

METHOD = (
    "Expected is what the list would have at the rates of all practices together, by age band and"
    " sex (indirect standardisation). Ratio is observed over expected. Limits of the ratio are"
    " Byar's approximation to exact Poisson limits (Breslow and Day 1987). Funnel limits lie"
    " around 1 (Spiegelhalter 2005), widened where practices differ by plainly more than chance."
)
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(listing: Listing, figures: Iterable[Figure], period: str, name: str) -> HttpResponse:
    """The workbook as a download."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Figures")
    sheet.append([c.label for c in listing.columns])
    for row in listing.sorted_rows:
        sheet.append([_safe(plain(cell)) for cell in row])
    about = book.create_sheet("Definitions")
    about.append(["Figure", "What is counted", "Out of", "In force since", "Source"])
    for each in figures:
        about.append([each.title, each.words, each.of, each.since, each.source])
    about.append([])
    about.append(["Time", period])
    about.append(["Method", METHOD])
    out = io.BytesIO()
    book.save(out)
    made = HttpResponse(out.getvalue(), content_type=_TYPE)
    made["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    made["Cache-Control"] = "no-store"
    return made


def _safe(value: object) -> object:
    # A cell that begins like a formula would be run by a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value
