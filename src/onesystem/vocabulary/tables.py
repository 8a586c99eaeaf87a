"""Listings: rows for a dense table, sorted and paged by the query string, exported as shown.

    listing = Listing(
        caption="Users",
        columns=(Column("name", "Name"), Column("looks", "Looks", right=True)),
        all_rows=rows,                   # each a list of text, numbers or Cells, one a column
        query=request.GET,
    )
    if taken := access.exported(listing, request, "users"):
        return taken                     # for ?format=csv: all rows that the filters let through

The template is `ui.table(listing)`.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from onesystem.vocabulary.said import say
from onesystem.vocabulary.spreadsheets import Writer
from onesystem.vocabulary.typed import whole_or

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key in the query string, the words above it, and how it stands."""

    key: str
    label: str
    right: bool = False
    unit: str = ""
    sorts: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than its text: `value` is what sorts and what is exported."""

    text: str
    value: Any = None
    href: str = ""
    tag: str = ""
    title: str = ""
    note: str = ""

    @property
    def is_cell(self) -> bool:
        """For the template, which meets plain text and numbers too."""
        return True


@dataclass(frozen=True)
class Listing:
    """Rows as a page shows them. `paged` is False where the rows are already one page of many."""

    caption: str
    columns: tuple[Column, ...]
    all_rows: Sequence[Sequence[Any]]
    query: Mapping[str, str] = field(default_factory=dict)
    default_sort: str = ""
    default_descending: bool = False
    per_page: int = PER_PAGE
    empty_title: str = "Nothing to show"
    empty_advice: str = "Change the filter to see more."
    exports: bool = True

    @property
    def sort(self) -> str:
        """The key of the column that it is sorted by; empty for the order it came in."""
        wanted = self.query.get("sort", "").lstrip("-")
        return wanted if wanted in {c.key for c in self.columns if c.sorts} else self.default_sort

    @property
    def descending(self) -> bool:
        """Largest first."""
        wanted = self.query.get("sort", "")
        return (
            wanted.startswith("-") if wanted.lstrip("-") == self.sort else self.default_descending
        )

    @cached_property
    def sorted_rows(self) -> Sequence[Sequence[Any]]:
        """All rows, in the order asked for; empty cells last either way."""
        keys = [c.key for c in self.columns]
        if self.sort not in keys:
            return self.all_rows
        i = keys.index(self.sort)
        filled = [row for row in self.all_rows if plain(row[i]) not in (None, "")]
        blank = [row for row in self.all_rows if plain(row[i]) in (None, "")]
        return sorted(filled, key=lambda r: _order(r[i]), reverse=self.descending) + blank

    @property
    def page(self) -> int:
        """The page asked for, from 1, inside what there is."""
        last = max(1, -(-len(self.all_rows) // self.per_page))
        return min(max(1, whole_or(self.query.get("page"), 1)), last)

    @property
    def rows(self) -> Sequence[Sequence[Any]]:
        """The rows of this page."""
        first = (self.page - 1) * self.per_page
        return self.sorted_rows[first : first + self.per_page]

    @property
    def said(self) -> str:
        """Which rows these are, in words."""
        total, first = len(self.all_rows), (self.page - 1) * self.per_page
        if total <= self.per_page:
            return say("1 row") if total == 1 else say("{rows} rows", rows=f"{total:,}")
        return say(
            "Rows {first} to {last} of {all}",
            first=f"{first + 1:,}", last=f"{min(first + self.per_page, total):,}", all=f"{total:,}",
        )  # fmt: skip

    def link(self, **changes: str | int | None) -> str:
        """The page with another query string: the filters are kept."""
        kept = {k: v for k, v in self.query.items() if v}
        for key, value in changes.items():
            kept.pop(key, None)
            if value is not None:
                kept[key] = str(value)
        return f"?{urlencode(kept)}"

    def sort_link(self, key: str) -> str:
        """Sort by that column; a second click turns it round."""
        flip = self.sort == key and not self.descending
        return self.link(sort=f"-{key}" if flip else key, page=None)

    @property
    def previous_link(self) -> str:
        """The page before, if there is one."""
        return self.link(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_link(self) -> str:
        """The page after, if there is one."""
        more = self.page * self.per_page < len(self.all_rows)
        return self.link(page=self.page + 1) if more else ""

    @property
    def export_link(self) -> str:
        """The same rows as a file."""
        return self.link(format="csv", page=None) if self.exports else ""

    def as_csv(self) -> str:
        """What is shown, all pages of it, as text for a spreadsheet."""
        head = [f"{c.label} ({c.unit})" if c.unit else c.label for c in self.columns]
        return csv_text(head, [[plain(cell) for cell in row] for row in self.sorted_rows])


def plain(cell: Any) -> Any:
    """What a cell says, without how it looks."""
    if isinstance(cell, Cell):
        return cell.text if cell.value is None else cell.value
    return cell


def _order(cell: Any) -> tuple[int, Any]:
    value = plain(cell)
    if isinstance(value, datetime):
        return 1, value.timestamp()
    if isinstance(value, int | float | Decimal):
        return 0, value
    return 2, str(value).casefold()


def csv_text(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as CSV that a spreadsheet opens as text, macrons and all, and never as formulas."""
    out = io.StringIO()
    out.write("\ufeff")  # without it Excel reads UTF-8 as something else
    writer = Writer(out)
    writer.writerow(head)
    writer.writerows([_plain_time(cell) for cell in row] for row in rows)
    return out.getvalue()


def _plain_time(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
