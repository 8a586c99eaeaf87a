"""A cell of a file as a number. Pure."""

import math
import re
from typing import Any

from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

# How those who publish figures write that there is none, or that it is withheld.
UNKNOWN = frozenset(
    {"", "-", "\N{EN DASH}", "*", "..", ".", ":", "na", "n/a", "nan", "null", "none", "nil", "?"}
    | {"[x]", "[c]", "[z]", "[u]", "[w]", "[low]", "n.a.", "suppressed", "missing", "not known"}
    | {"#n/a", "#div/0!", "#value!", "#ref!", "#null!"}
)
_WITHHELD = re.compile(r"[<\N{LESS-THAN OR EQUAL TO}] ?\d+$")  # a small number, kept back
_NUMBER = re.compile(
    r"(?P<minus>[-\N{MINUS SIGN}]?)[\N{POUND SIGN}$\N{EURO SIGN}]? ?"
    r"(?P<digits>\d{1,3}(?:[, \N{NO-BREAK SPACE}]\d{3})+(?:\.\d*)?|\d*\.?\d+(?:e[-+]?\d+)?|\d+\.)"
    r" ?%?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d)(?:\.\d+)?$")


def figure(cell: Any, row: int, column: str) -> float | None:
    """The number in a cell; None where the cell says that none is known.

    A length of time such as 00:23:30 is in minutes.
    """
    if isinstance(cell, int | float) and math.isfinite(cell):
        return float(cell)
    text = "" if cell is None else str(cell).strip()
    if text.lower() in UNKNOWN or _WITHHELD.match(text):
        return None
    found = _read(text)
    if not math.isfinite(found):
        raise BadInput(
            say("{text} is not a number", text=repr(text)),
            rule="sheet.no-number",
            cure="Write a number such as 12 or 12.5, or leave the cell empty where it is not known",
            where=say("row {row}, column {column}", row=row, column=column),
        )
    return found


def is_figure(cell: Any) -> bool:
    """Whether a cell is a number, or says that none is known."""
    try:
        figure(cell, 0, "")
    except BadInput:
        return False
    return True


def _read(text: str) -> float:
    if clock := _CLOCK.match(text):
        hours, minutes, seconds = map(int, clock.groups())
        return hours * 60 + minutes + seconds / 60
    found = _NUMBER.match(text.removeprefix("+"))
    if not found:
        return math.nan
    digits = re.sub(r"[, \N{NO-BREAK SPACE}]", "", found["digits"])
    return -float(digits) if found["minus"] else float(digits)
