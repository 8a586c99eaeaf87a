"""What a page shows as a workbook: the rows, and the definition of every figure."""

from collections.abc import Iterable

from django.http import HttpResponse

from onesystem.alliance.learning.peers.figures import Figure
from onesystem.flow.showing import workbook as books
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
    about = [[f.title, f.words, f.of, f.since, f.source] for f in figures]
    head = ("Figure", "What is counted", "Out of", "In force since", "Source")
    book = books.workbook(
        books.Sheet(
            name="Figures", head=[c.label for c in listing.columns], widths=(),
            rows=[[plain(cell) for cell in row] for row in listing.sorted_rows],
        ),
        books.Sheet(
            name="Definitions", head=head, widths=(30, 60),
            rows=[*about, [], ["Time", period], ["Method", METHOD]],
        ),
    )  # fmt: skip
    made = HttpResponse(book, content_type=_TYPE)
    made["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    made["Cache-Control"] = "no-store"
    return made
