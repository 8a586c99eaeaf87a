"""Why a scenario did what it did: the ways, service to service, that changed most. Pure.

A way is a figure "went" of a comparison, `"ED → Ward"`; `outside` is where they come
from and go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from onesystem.twin.besides import said, signed, sure_tag
from onesystem.twin.scenarios.routes import OUTSIDE, WAY
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import whole_or

_MOST = 12
_COLUMNS = (
    Column("from", "From"), Column("to", "To"), Column("nothing", "Do nothing", right=True),
    Column("then", "Then", right=True), Column("d", "Difference (95% interval)", right=True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Walk:
    """Where one stands: at a service, or (empty) above all of them, by one of the scenarios."""

    scenario: int
    at: str
    tables: tuple[Listing, ...]
    back: str


def walked(found: Mapping[str, Any], query: Mapping[str, Any], here: str) -> Walk | None:
    """The ways that changed most; of one service, those in and those out. None without any.

    `query` says which scenario (`of`) and at which service (`at`); `here` is the page's address.
    """
    rows = [(*r["where"].split(WAY), r) for r in found["rows"] if r["figure"] == "went"]
    if not rows:
        return None
    asked = whole_or(str(query.get("of", "")), 0)
    nth = asked if asked < len(found["scenarios"]) else 0
    rows = sorted(rows, key=lambda row: -_weight(row[2], nth))
    at = query.get("at", "")
    tables: tuple[Listing, ...]
    if at in {end for row in rows for end in row[:2]} - {OUTSIDE}:
        into, out = ([row for row in rows if row[end] == at] for end in (1, 0))
        tables = (
            _table(f"Who comes to {at}", into, nth, here),
            _table(f"Where they go from {at}", out, nth, here),
        )
    else:
        at = ""
        moved = [row for row in rows if row[2]["scenarios"][nth]["difference"]["mean"]][:_MOST]
        name = found["scenarios"][nth]
        tables = (_table(f"Ways that changed most with {name}", moved, nth, here),)
    return Walk(nth, at, tables, _address(here, nth, ""))


def _table(caption: str, rows: list[Any], nth: int, here: str) -> Listing:
    return Listing(
        caption=caption, columns=_COLUMNS, query={}, per_page=500, exports=False,
        all_rows=[
            [
                _place(left, nth, here), _place(to, nth, here), said(r["nothing"]["mean"], "went"),
                said(r["scenarios"][nth]["value"]["mean"], "went"),
                Cell(signed(d := r["scenarios"][nth]["difference"], "went"), value=d["mean"],
                     tag=sure_tag(d, "went")),
            ]
            for left, to, r in rows
        ],
        empty_title="Nobody goes another way",
        empty_advice="Look at the figures by service below: people may wait longer or less.",
    )  # fmt: skip


def _place(name: str, nth: int, here: str) -> Cell:
    href = "" if name == OUTSIDE else _address(here, nth, name)
    return Cell("outside the district's services" if name == OUTSIDE else name, href=href)


def _address(here: str, nth: int, at: str) -> str:
    return f"{here}&{urlencode({'of': nth} | ({'at': at} if at else {}))}#ways"


def _sure(row: Mapping[str, Any], nth: int) -> bool:
    d = row["scenarios"][nth]["difference"]
    return d["low"] is not None and (d["low"] > 0 or d["high"] < 0)


def _weight(row: Mapping[str, Any], nth: int) -> float:
    """How many more or fewer people took a way; what is more than chance comes first."""
    mean: float = row["scenarios"][nth]["difference"]["mean"] or 0.0
    return abs(mean) + (1e12 if _sure(row, nth) else 0.0)
