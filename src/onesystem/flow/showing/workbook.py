"""A workbook for Excel: sheets of plain rows under bold heads, texts never run as formulas."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.vocabulary.spreadsheets import harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet. `head` may be empty; `widths` of columns in letters; `keys` has the first bold."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Any]]
    widths: Sequence[int]
    keys: bool = False


def workbook(*sheets: Sheet) -> bytes:
    """The sheets as an .xlsx file."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for sheet in sheets:
        made = book.create_sheet(sheet.name[:31])
        for place, width in enumerate(sheet.widths, 1):
            made.column_dimensions[get_column_letter(place)].width = width

        def bold(text: str, made: Any = made) -> Any:
            cell = WriteOnlyCell(made, value=harmless(text))
            cell.font = Font(bold=True)
            return cell

        if sheet.head:
            made.freeze_panes = "A2"
            made.append([bold(name) for name in sheet.head])
        for row in sheet.rows:
            cells = [harmless(cell) for cell in row]
            made.append([bold(row[0]), *cells[1:]] if sheet.keys else cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
