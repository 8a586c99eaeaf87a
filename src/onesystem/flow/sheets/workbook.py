"""The first sheet of a workbook of Excel as lines of text. Pure."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any
from zipfile import BadZipFile, ZipFile

from onesystem.vocabulary import BadInput

_MOST = 256 << 20  # bytes unpacked; a sheet of a million rows has half of it


def lines(data: bytes) -> list[list[str]]:
    """The lines of the first sheet. Raises BadInput where it is no workbook."""
    from openpyxl import load_workbook

    try:
        _refuse_bomb(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        first = book.worksheets[0]
        found = [[_said(cell) for cell in row] for row in first.iter_rows(values_only=True)]
    except BadInput:
        raise
    except (BadZipFile, KeyError, ValueError, IndexError) as error:
        raise BadInput(
            "this is no workbook that can be read",
            rule="sheet.no-workbook", cure="Save it as .xlsx, or as CSV",
        ) from error  # fmt: skip
    wide = max((i for row in found for i, cell in enumerate(row, 1) if cell), default=0)
    return [row[:wide] for row in found]


def _refuse_bomb(data: bytes) -> None:
    # What a member says of its size is also where reading it stops.
    with ZipFile(io.BytesIO(data)) as packed:
        unpacked = sum(member.file_size for member in packed.infolist())
    if unpacked > _MOST:
        raise BadInput(
            "unpacked, this is far larger than any workbook of figures",
            rule="sheet.bomb", cure="Do not open it; ask whoever sent it what it is",
        )  # fmt: skip


def _said(cell: Any) -> str:
    """A cell as CSV would have it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
