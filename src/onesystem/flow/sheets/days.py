"""A column of dates, read as a whole: what one cell leaves open, the others decide. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from onesystem.flow.sheets.moments import Turn, day, financial, names_a_day, slashed
from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

_WHOLE = re.compile(r"-?\d{1,7}(?:\.0+)?$")
_SERIALS = range(30_000, 60_000)  # days of spreadsheets, 1982 to 2064
_SERIAL_NOUGHT = date(1899, 12, 30)
_YEARS = range(1700, 2200)
_PARTS = {"month": 12, "quarter": 4, "week": 53}


@dataclass(frozen=True, slots=True)
class Days:
    """A column as days or turns, and what had to be decided about it, in words."""

    days: tuple[date, ...]
    notes: tuple[str, ...] = ()


def days_of(cells: Sequence[Any], column: str, years: Sequence[Any] | None = None) -> Days:
    """The days of a column; `years` are those of a column of months, weeks or quarters.

    Raises BadInput naming the row and the cure.
    """
    numbers = _numbers(cells)
    if numbers is not None:
        return _of_numbers(numbers, column, None if years is None else _numbers(years))
    row: dict[Any, int] = {}  # of each cell that differs, where it stands first: dates repeat
    for i, cell in enumerate(cells, 2):
        row.setdefault(cell, i)
    texts = [str(c).strip().lower() for c in row if isinstance(c, str)]
    if len(texts) > 1 and all(map(financial, texts)) and len(texts) == len(row):
        return Days(tuple(date(financial(str(c).strip().lower()), 4, 1) for c in cells))
    first, note = _month_first(texts)
    read = {c: day(c, i, column, month_first=first) for c, i in row.items()}
    return Days(tuple(read[c] for c in cells), note)


def at(text: str, like: Sequence[date], name: str = "--at") -> date:
    """A date or a number as somebody gives it beside a file, of the kind that the file has.

    A month, quarter or year is its first day there, as long as it has any.
    """
    numbered = bool(like) and isinstance(like[0], Turn)
    if numbered and _WHOLE.match(text.strip()):
        return Turn.of(int(float(text)))
    if not numbered:
        found = day(text, 0, name)
        return found if names_a_day(text) else min((d for d in like if d >= found), default=found)
    raise BadInput(
        say("{text} is not a number, and the file numbers its periods", text=repr(text)),
        rule="sheet.no-number",
        cure=say(
            "Give the number of a period: {name} {like}", name=name, like=like[len(like) // 2]
        ),
    )


def _numbers(cells: Sequence[Any]) -> list[int] | None:
    """A column of whole numbers; None where anything else is in it."""
    known: dict[Any, int] = {}
    for cell in dict.fromkeys(cells):
        text = str(cell).strip()
        if not _WHOLE.match(text):
            return None
        known[cell] = int(float(text))
    return [known[cell] for cell in cells] if known else None


def _of_numbers(numbers: list[int], column: str, years: list[int] | None) -> Days:
    if all(n in _YEARS for n in numbers):
        return Days(tuple(date(n, 1, 1) for n in numbers))
    part = next((p for p in _PARTS if p in column.lower()), "")
    if years is not None and part and all(1 <= n <= _PARTS[part] for n in numbers):
        return Days(tuple(_within(y, n, part) for y, n in zip(years, numbers, strict=True)))
    if all(n in _SERIALS for n in numbers):
        return Days(
            tuple(_SERIAL_NOUGHT + timedelta(days=n) for n in numbers),
            (say("The numbers of {column} are read as days of a spreadsheet.", column=column),),
        )
    if all(len(str(n)) == 6 and n // 100 in _YEARS for n in numbers):
        return Days(tuple(day(str(n), i, column) for i, n in enumerate(numbers, 2)))
    if all(abs(n) < 1_000_000 for n in numbers):
        return Days(tuple(Turn.of(n) for n in numbers))
    return Days(tuple(day(str(n), i, column) for i, n in enumerate(numbers, 2)))


def _within(year: int, number: int, part: str) -> date:
    if part == "week":
        return date.fromisocalendar(year, min(number, 52), 1) + timedelta(days=7 * (number > 52))
    return date(year, number if part == "month" else 3 * number - 2, 1)


def _month_first(texts: Sequence[str]) -> tuple[bool, tuple[str, ...]]:
    """Whether 1/2/2026 is in January here, and how that is known."""
    parts = [found for text in texts if (found := slashed(text))]
    if not parts or any(one > 12 for one, _, _ in parts):
        return False, ()
    if any(two > 12 for _, two, _ in parts):
        return True, (say("Dates are read with the month first: a day over 12 stands second."),)
    seconds, years = {two for _, two, _ in parts}, {year for _, _, year in parts}
    if len(seconds) == 1 and len(years) > 1 and len({one for one, _, _ in parts}) > 2:
        return True, (say("Dates are read with the month first: else all would lie in one month."),)
    return False, ()
