"""Rows of files that somebody brought, and what is said when one cannot be read. Pure."""

import csv
import io
import math
import re
from collections.abc import Mapping

from onesystem.twin.people.ageing import OLDEST
from onesystem.vocabulary.errors import UserError
from onesystem.vocabulary.said import say

Row = dict[str, str]
_AGE = re.compile(r"(\d{1,3})(?:\D|$)")  # 85, 85-89, 85+, 85 and over
_LINE = "line of the file"
_MOST = 2_000_000
_HIGHEST = 1e9


def rows_of(files: Mapping[str, str], name: str, needed: tuple[str, ...]) -> list[Row]:
    """The rows of a file with its columns in small letters. Raises UserError."""
    if not files.get(name, "").strip():
        raise UserError(
            say("{name} is not there", name=name),
            say("Give it the columns {needed}.", needed=", ".join(needed)),
        )
    reader = csv.reader(io.StringIO(files[name].removeprefix("\ufeff")))
    try:
        head = [each.strip().casefold() for each in next(reader)]
        missing = [each for each in needed if each not in head]
        if missing:
            raise UserError(
                say("{name} has no column {missing}", name=name, missing=", ".join(missing)),
                say(
                    "Its first line has to name {needed}; it names {head}.",
                    needed=", ".join(needed),
                    head=", ".join(head),
                ),
            )
        found = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(head, (cell.strip() for cell in cells), strict=False))
                row[_LINE] = str(reader.line_num)
                found.append(_whole(row, name, needed))
    except csv.Error as error:
        raise UserError(
            say("{name} is no CSV: {error}", name=name, error=error), "Save it as CSV with commas."
        ) from None
    if not found or len(found) > _MOST:
        raise UserError(
            say("{name} has {found} lines", name=name, found=f"{len(found):,}"),
            say("Give 1 to {most}.", most=f"{_MOST:,}"),
        )
    return found


def _whole(row: Row, name: str, needed: tuple[str, ...]) -> Row:
    for each in needed:
        if not row.get(each):
            raise bad(name, row, say("no {each}", each=each), "Fill it in, or take the line out.")
    return row


def counted(row: Row) -> tuple[int, float]:
    """The age (or first age of a band) and number of people of a row of people.csv."""
    first = _AGE.match(row["age"])
    age = int(first[1]) if first else -1
    if not 0 <= age <= OLDEST:
        raise bad(
            "people.csv",
            row,
            say("the age {age}", age=row["age"]),
            say("Give 0 to {oldest}, or a band that begins so.", oldest=OLDEST),
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
    return UserError(say("{name}, line {row}: {what}", name=name, row=row[_LINE], what=what), cure)
