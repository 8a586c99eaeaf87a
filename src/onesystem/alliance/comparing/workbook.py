"""A comparison as a workbook: the rows as shown, and what the figure is."""

from django.http import HttpResponse

from onesystem.alliance.comparing.series import Indicator
from onesystem.flow.showing.workbook import Sheet, workbook
from onesystem.vocabulary.tables import Listing, plain


def response(listing: Listing, indicator: Indicator) -> HttpResponse:
    """The workbook as a download."""
    head = [f"{c.label} ({c.unit})" if c.unit else c.label for c in listing.columns]
    rows = [[plain(cell) for cell in row] for row in listing.sorted_rows]
    about = (("Figure", indicator.name), ("Unit", indicator.unit), ("Definition", indicator.words),
             ("Where places differ", indicator.differs), ("Source", indicator.source))  # fmt: skip
    made = HttpResponse(
        workbook(
            Sheet(name="Places", head=head, rows=rows, widths=()),
            Sheet(name="Definition", head=(), rows=about, widths=(22, 90), keys=True),
        ),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    made["Content-Disposition"] = f'attachment; filename="compare-{indicator.code}.xlsx"'
    made["Cache-Control"] = "no-store"
    return made
