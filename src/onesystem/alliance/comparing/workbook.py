"""A comparison as a workbook: the rows as shown, and what the figure is."""

import io

from django.http import HttpResponse

from onesystem.alliance.comparing.series import Indicator
from onesystem.vocabulary.tables import Listing, plain


def response(listing: Listing, indicator: Indicator) -> HttpResponse:
    """The workbook as a download."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Places")
    sheet.append([f"{c.label} ({c.unit})" if c.unit else c.label for c in listing.columns])
    for row in listing.sorted_rows:
        sheet.append([_safe(plain(cell)) for cell in row])
    about = book.create_sheet("Definition")
    for name, text in (("Figure", indicator.name), ("Unit", indicator.unit),
                       ("Definition", indicator.words), ("Where places differ", indicator.differs),
                       ("Source", indicator.source)):  # fmt: skip
        about.append([name, text])
    out = io.BytesIO()
    book.save(out)
    made = HttpResponse(
        out.getvalue(),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    made["Content-Disposition"] = f'attachment; filename="compare-{indicator.code}.xlsx"'
    made["Cache-Control"] = "no-store"
    return made


def _safe(value: object) -> object:
    # A cell that begins like a formula would be run by a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" else value
