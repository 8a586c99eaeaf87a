"""Rows of files that somebody brought, and what is said when one cannot be read. Pure."""

import csv
import io
import math
import re
from collections.abc import Mapping

from onesystem.twin.people.ageing import OLDEST
from onesystem.vocabulary.errors import UserError

Row = dict[str, str]
_AGE = re.compile(r"(\d{1,3})(?:\D|$)")  # 85, 85-89, 85+, 85 and over
_LINE = "line of the file"
_MOST = 2_000_000
_HIGHEST = 1e9


def rows_of(files: Mapping[str, str], name: str, needed: tuple[str, ...]) -> list[Row]:
    """The rows of a file with its columns in small letters. Raises UserError."""
    if not files.get(name, "").strip():
        raise UserError(f"{name} is not there", f"Give it the columns {', '.join(needed)}.")
    reader = csv.reader(io.StringIO(files[name].removeprefix("\ufeff")))
    try:
        head = [each.strip().casefold() for each in next(reader)]
        missing = [each for each in needed if each not in head]
        if missing:
            raise UserError(
                f"{name} has no column {', '.join(missing)}",
                f"Its first line has to name {', '.join(needed)}; it names {', '.join(head)}.",
            )
        found = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
                row[_LINE] = str(reader.line_num)
                found.append(_whole(row, name, needed))
    except csv.Error as error:
        raise UserError(f"{name} is no CSV: {error}", "Save it as CSV with commas.") from None
    if not found or len(found) > _MOST:
        raise UserError(f"{name} has {len(found):,} lines", f"Give 1 to {_MOST:,}.")
    return found


def _whole(row: Row, name: str, needed: tuple[str, ...]) -> Row:
    for each in needed:
        if not row.get(each):
            raise bad(name, row, f"no {each}", "Fill it in, or take the line out.")
    return row


def counted(row: Row) -> tuple[int, float]:
    """The age (or first age of a band) and number of people of a row of people.csv."""
    first = _AGE.match(row["age"])
    age = int(first[1]) if first else -1
    if not 0 <= age <= OLDEST:
        raise bad(
            "people.csv",
            row,
            f"the age {row['age']}",
            f"Give 0 to {OLDEST}, or a band that begins so.",
        )
    return age, number(row["people"], row, "people.csv", "people")


def number(text: str, row: Row, name: str, column: str) -> float:
    """A number that is not below zero. Raises UserError."""
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not 0 <= value <= _HIGHEST:
        raise bad(name, row, f"{column} {text!r}", "Give a number of zero or more.")
    return value


def bad(name: str, row: Row, what: str, cure: str) -> UserError:
    """What is wrong in a line, and what to do about it."""
    return UserError(f"{name}, line {row[_LINE]}: {what}", cure)
