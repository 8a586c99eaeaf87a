"""A file's bytes as a head and rows of text. Pure.

Spreadsheets write what their country writes: cells parted by commas, semicolons or tabs, in UTF-8,
UTF-16 or the code page of Windows, and 12,5 where the comma is taken by the decimals.
"""

import csv
import io
import re
from collections.abc import Sequence

from onesystem.vocabulary import BadInput

_PARTED_BY = (",", ";", "\t", "|")
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+ ?%?$")


def rows_of(data: bytes) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows under them. Raises BadInput.

    Lines without a cell and columns without a name and a figure are left out.
    """
    text = _decoded(data)
    parted = _parted_by(text)
    found = list(csv.reader(io.StringIO(text), delimiter=parted))
    numbered = [
        (i, [c.strip() for c in r]) for i, r in enumerate(found, 1) if any(c.strip() for c in r)
    ]
    if len(numbered) < 2:
        raise BadInput(
            "no rows stand under the head" if numbered else "the file is empty",
            rule="sheet.empty",
            cure="Give a line of column names, and a row for each date or case",
        )
    head = numbered[0][1]
    rows = [_fitted(row, len(head), line) for line, row in numbered[1:]]
    kept = [i for i, name in enumerate(head) if name or any(row[i] for row in rows)]
    names = _named(head, kept)
    told = [[row[i] for i in kept] for row in rows]
    return names, [[_decimal(c) for c in row] for row in told] if parted == ";" else told


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _parted_by(text: str) -> str:
    """What parts the cells of the first line that has any; of several, what stands there most."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_PARTED_BY, key=lambda mark: (first.count(mark), -_PARTED_BY.index(mark)))


def _fitted(row: list[str], wide: int, line: int) -> list[str]:
    """A row as wide as the head: empty cells at its end may be one more, or left out."""
    while len(row) > wide and not row[-1]:
        row = row[:-1]
    if len(row) != wide:
        raise BadInput(
            f"{len(row)} cells stand under {wide} columns",
            rule="sheet.ragged",
            cure="Mend the row; put quotes around cells that hold commas",
            where=f"row {line}",
        )
    return row


def _named(head: Sequence[str], kept: Sequence[int]) -> list[str]:
    names = [head[i] or f"column {i + 1}" for i in kept]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInput(
            f"two columns are called {twice!r}",
            rule="sheet.column-twice",
            cure="Give each column a name of its own",
        )
    return names


def _decimal(cell: str) -> str:
    return cell.replace(",", ".") if _DECIMAL_COMMA.match(cell) else cell
