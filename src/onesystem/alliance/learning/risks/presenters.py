"""Risks and assumptions in words, colours and rows."""

from collections.abc import Sequence
from typing import Any

from onesystem.alliance.learning.risks import queries
from onesystem.alliance.learning.risks.actions import KINDS
from onesystem.alliance.learning.risks.rows import Watched
from onesystem.alliance.learning.risks.scoring import Score, score
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

_STATES = {
    "open": (say("open"), "info"), "happened": (say("happened"), "bad"),
    "closed": (say("closed"), "quiet"), "proven": (say("proven"), "good"),
    "disproven": (say("disproven"), "bad"),
}  # fmt: skip


def state(made: Watched) -> tuple[str, str]:
    """How an entry stands, and its colour."""
    words, kind = _STATES[made.state]
    if (made.kind, made.state) == ("assumption", "open"):
        words = say("yet to be proven")
    return words, kind


def scored(made: Watched) -> Score | None:
    """How large a risk is; None for an assumption."""
    return score(made.likelihood, made.impact) if made.kind == "risk" else None


def listing(found: Sequence[Watched], query: Any) -> Listing:
    """The register as a table."""
    return Listing(
        caption="Risks and assumptions", query=query,
        all_rows=[_row(each) for each in found],
        columns=(Column("n", "No", right=True), Column("title", "What"), Column("kind", "Kind"),
                 Column("score", "Score", right=True), Column("watcher", "Who watches"),
                 Column("measure", "By which measure"), Column("review", "Looked at next"),
                 Column("state", "State")),
        empty_title="Nothing is in the register" if not query else "None fits",
        empty_advice="Raise what may go wrong, and what is yet to be proven.",
    )  # fmt: skip


def _row(made: Watched) -> list[Any]:
    how, (words, kind) = scored(made), state(made)
    late = queries.overdue(made)
    return [
        made.number, Cell(made.title, href=f"/alliance/risks/{made.number}/"), KINDS[made.kind],
        Cell(f"{how.value}, {how.band}", value=how.value, tag=how.kind) if how else "",
        made.watcher.name if made.watcher else Cell(say("nobody yet"), tag="warn"), made.measure,
        Cell(made.review.isoformat(), tag="bad", note="late") if late else made.review,
        Cell(words, tag=kind),
    ]  # fmt: skip
