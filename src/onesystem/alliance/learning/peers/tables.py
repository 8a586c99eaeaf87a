"""Practices, and the figures of one, as rows: by name, or in the order of the definitions."""

from collections.abc import Iterable
from typing import Any

from onesystem.alliance.comparing.beside import LIES
from onesystem.alliance.learning.peers.seeing import Review, Seen
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_FIGURES = (
    Column("observed", "Observed", right=True, sorts=False),
    Column("expected", "Expected", right=True, sorts=False),
    Column("ratio", "Ratio", right=True, sorts=False),
    Column("inner", "95% limits", right=True, sorts=False),
    Column("outer", "99.8% limits", right=True, sorts=False),
    Column("lies", "It lies", sorts=False),
)


def practices(review: Review, query: Any, root: str) -> Listing:
    """Every practice that somebody may see by name; sorting by a figure would rank them."""
    rows = [
        [Cell(s.name, href=f"{root}{s.line.practice}/"), _under(s, review), *_cells(s)]
        for s in review.seen if s.named
    ]  # fmt: skip
    return Listing(
        caption=f"{review.figure.title}, practices by name", query=query, per_page=400,
        all_rows=rows,
        columns=(Column("practice", "Practice", sorts=False), _out_of(review), *_FIGURES),
        empty_title="No practice is shown by name here",
        empty_advice="Practices see themselves by name, and the others as points.",
    )  # fmt: skip


def pack(reviews: Iterable[Review], practice: str, query: Any) -> Listing:
    """The figures of one practice."""
    rows = []
    for review in reviews:
        seen = review.of(practice)
        hidden = [Cell(say("hidden or none")), "", "", "", "", ""]
        rows.append([review.figure.title, *(hidden if seen is None else _cells(seen))])
    return Listing(
        caption="Observed beside expected", query=query, all_rows=rows,
        columns=(Column("figure", "Figure", sorts=False), *_FIGURES),
        empty_title="There is no figure", empty_advice="",
    )  # fmt: skip


def _out_of(review: Review) -> Column:
    people = review.figure.of == "people"
    return Column("under", "On the list" if people else "Discharges", right=True, sorts=False)


def _under(seen: Seen, review: Review) -> Cell:
    if review.figure.of == "people":
        return Cell(f"{seen.under:,.0f}", value=round(seen.under))
    return Cell("", value="")  # how many were discharged may be a small count


def _cells(seen: Seen) -> list[Any]:
    line = seen.line
    return [
        Cell(f"{line.observed:,.0f}", value=round(line.observed)),
        Cell(f"{line.expected:,.1f}", value=round(line.expected, 2)),
        Cell(f"{line.ratio:.2f}", value=round(line.ratio, 3)),
        _between(seen.inner), _between(seen.outer),
        Cell(LIES[seen.signal], tag="info" if abs(seen.signal) == 2 else ""),
    ]  # fmt: skip


def _between(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.2f}\N{EN DASH}{limits[1]:.2f}"
