"""A cell of a file as a number or as a day. Pure."""

import math
import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from onesystem.vocabulary import BadInput

# How those who publish figures write that there is none, or that it is withheld.
UNKNOWN = frozenset(
    {"", "-", "\N{EN DASH}", "*", "..", ":", "na", "n/a", "nan", "null", "none", "nil"}
    | {"[x]", "[c]", "[z]"}
)
_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {m: i for i, m in enumerate(_SHORT, 1)}
_ISO_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})$")
_QUARTER = re.compile(r"(?P<year>\d{4})[ -]?q(?P<q>[1-4])$")
_QUARTER_FIRST = re.compile(r"q(?P<q>[1-4])[ -]?(?P<year>\d{4})$")
_YEAR_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?$")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")
_MONTH = re.compile(r"(?:(\d{1,2})[ -])?([a-z]{3})[a-z]*[ -](\d{4}|\d{2})$")


def figure(cell: Any, row: int, column: str) -> float | None:
    """The number in a cell; None where the cell says that none is known."""
    if isinstance(cell, int | float) and math.isfinite(cell):
        return float(cell)
    text = "" if cell is None else str(cell).strip()
    if text.lower() in UNKNOWN:
        return None
    found = math.nan
    with suppress(ValueError):
        found = float(text.replace(",", "").removesuffix("%").removeprefix("£").strip())
    if not math.isfinite(found):
        raise BadInput(
            f"{text!r} is not a number",
            rule="spc.not-a-number",
            cure="Write a number such as 12 or 12.5, or leave the cell empty where it is not known",
            where=f"row {row}, column {column}",
        )
    return found


def day(cell: Any, row: int, column: str) -> date:
    """The day in a cell; of a week, month, quarter or year its first day."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = "" if cell is None else str(cell).strip()
    try:
        return _parsed(text.lower())
    except ValueError:
        raise BadInput(
            f"{text!r} is not a date",
            rule="spc.not-a-date",
            cure="Write 2026-01-31, 31/01/2026 (the day first), 2026-01, 2026-Q1 or 2026-W05",
            where=f"row {row}, column {column}",
        ) from None


def _parsed(text: str) -> date:
    """A day, or the first day of a week, month, quarter or year. Raises ValueError."""
    if found := _ISO_WEEK.match(text):
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.match(text) or _QUARTER_FIRST.match(text):
        return date(int(found["year"]), 3 * int(found["q"]) - 2, 1)
    if found := _YEAR_MONTH.match(text):
        return date(int(found[1]), int(found[2] or 1), 1)
    if found := _DAY_FIRST.match(text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if (found := _MONTH.match(text)) and found[2] in _MONTHS:
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return date(year, _MONTHS[found[2]], int(found[1] or 1))
    return datetime.fromisoformat(text.replace("z", "+00:00").upper()).date()
