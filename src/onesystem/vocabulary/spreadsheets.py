"""Cells that leave for a spreadsheet: what others wrote is text there, and never runs. Pure.

A program such as Excel runs a cell that begins like a formula, also one of a CSV file, with the
rights of whoever opens it: =HYPERLINK(...) sends what stands beside it away. An apostrophe in front
makes it text. A number is no formula, whatever its sign.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

# Letters of full width are taken for their narrow ones where East Asian text is set up.
_BEGINS = (*"=+-@\t\r\n", *"\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"-(\d[\d,]*(\.\d+)?([eE][-+]?\d+)?)?\Z")  # or a dash for none


class _Out(Protocol):
    def write(self, text: str, /) -> Any: ...


def harmless(cell: Any) -> Any:
    """A cell as it may leave: text that begins like a formula gets an apostrophe.

    >>> harmless("=1+1"), harmless("  @SUM(A1)"), harmless("-4.5"), harmless(-4), harmless(None)
    ("'=1+1", "'  @SUM(A1)", '-4.5', -4, None)
    """
    if not isinstance(cell, str) or not cell.lstrip(" ").startswith(_BEGINS):
        return cell
    return cell if _NUMBER.match(cell) else f"'{cell}"


class Writer:
    """`csv.writer` for what people open: every cell is harmless."""

    def __init__(self, out: _Out, **options: Any) -> None:
        self._writer = csv.writer(out, **options)

    def writerow(self, row: Iterable[Any]) -> None:
        """One row."""
        self._writer.writerow([harmless(cell) for cell in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Many rows."""
        for row in rows:
            self.writerow(row)

    def write_named(self, rows: Sequence[Mapping[str, Any]], head: Sequence[str] = ()) -> None:
        """Rows by the names of their cells, under a line of the names: `head`, or the first's."""
        names = list(head or (rows[0] if rows else ()))
        self.writerow(names)
        self.writerows([row.get(name) for name in names] for row in rows)
