"""A file's bytes as a head and rows of text. Pure.

Spreadsheets write what their country writes: cells parted by commas, semicolons or tabs, in UTF-8,
UTF-16 or the code page of Windows, and 12,5 where the comma is taken by the decimals.
"""

import csv
import io
import re
from collections.abc import Sequence

from onesystem.flow.sheets import workbook
from onesystem.flow.sheets.cells import is_figure
from onesystem.flow.sheets.moments import is_day
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

_PARTED_BY = (",", ";", "\t", "|")
_TITLES = 20  # lines among which the first that is parted is looked for
_ZIP = b"PK\x03\x04"
_POINTED = re.compile(r"^-?\d{1,3}(?:\.\d{3})+(?:,\d+)?$")
_DECIMAL_COMMA = re.compile(r"^-?\d+,\d+ ?%?$")


def rows_of(data: bytes) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, and the rows under them. Raises BadInput.

    Of a workbook of Excel, those of its first sheet. Lines without a cell, titles above the head,
    and columns without a name and a figure are left out.
    """
    found = [(i, row) for i, row in enumerate(_parted(data), 1) if any(row)]
    found = _under_titles(found)
    if len(found) < 2:
        raise BadInput(
            "no rows stand under the head" if found else "the file is empty",
            rule="sheet.empty",
            cure="Give a line of column names, and a row for each date or case",
        )
    head = found[0][1]
    rows = [_fitted(row, len(head), line) for line, row in found[1:]]
    kept = [i for i, name in enumerate(head) if name or any(row[i] for row in rows)]
    return _named(head, kept), [[row[i] for i in kept] for row in rows]


def _parted(data: bytes) -> list[list[str]]:
    """The lines of a file as cells."""
    if data.startswith(_ZIP):
        return workbook.lines(data)
    text = _decoded(data)
    mark = _parted_by(text)
    try:
        lines = [[c.strip() for c in r] for r in csv.reader(io.StringIO(text), delimiter=mark)]
    except csv.Error as error:
        raise BadInput(
            say("the lines cannot be told apart: {error}", error=error),
            rule="sheet.no-lines",
            cure="Look for a quote that is opened and never closed",
        ) from error
    cells = (cell for row in lines for cell in row if "," in cell)
    if mark == ";" and any(_decimal(cell) != cell for cell in cells):
        return [[_decimal(cell) for cell in row] for row in lines]
    return lines


def _under_titles(found: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The lines from the head on. Words in a first cell alone, above lines with more: a title."""
    head = next((i for i, (_, row) in enumerate(found) if not _title(row)), 0)
    return found[head:] if len(found) > head and sum(map(bool, found[head][1])) > 1 else found


def _title(row: list[str]) -> bool:
    return bool(row[0]) and not any(row[1:]) and not is_figure(row[0]) and not is_day(row[0])


def _decoded(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _parted_by(text: str) -> str:
    """What parts the cells of the first line that is parted; of several, what stands most there."""
    lines = text.splitlines()[:_TITLES]
    first = next((line for line in lines if any(mark in line for mark in _PARTED_BY)), "")
    return max(_PARTED_BY, key=lambda mark: (first.count(mark), -_PARTED_BY.index(mark)))


def _fitted(row: list[str], wide: int, line: int) -> list[str]:
    """A row as wide as the head: empty cells at its end may be one more, or left out."""
    while len(row) > wide and not row[-1]:
        row = row[:-1]
    if len(row) != wide:
        raise BadInput(
            say("{row} cells stand under {wide} columns", row=len(row), wide=wide),
            rule="sheet.ragged",
            cure="Mend the row; put quotes around cells that hold commas",
            where=say("row {line}", line=line),
        )
    return row


def _named(head: Sequence[str], kept: Sequence[int]) -> list[str]:
    names = [head[i] or say("column {i}", i=i + 1) for i in kept]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInput(
            say("two columns are called {twice}", twice=repr(twice)),
            rule="sheet.column-twice",
            cure="Give each column a name of its own",
        )
    return names


def _decimal(cell: str) -> str:
    """A number in which the comma has the decimals, and the point may have the thousands."""
    if _POINTED.match(cell):
        cell = cell.replace(".", "")
    return cell.replace(",", ".") if _DECIMAL_COMMA.match(cell) else cell
