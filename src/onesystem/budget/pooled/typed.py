"""What people type as money, days and codes. Pure.

>>> pence("1,200.50"), pence("£12")
(120050, 1200)
"""

import math
import re
from datetime import date

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_MONEY = re.compile(r"[£$€]?\s?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?$")
_NOT_CODE = re.compile(r"[^a-z0-9]+")


def pence(text: str) -> int:
    """Whole minor units of an amount as people write it. Raises UserError."""
    found = _MONEY.match(text.strip())
    if found is None:
        raise UserError(
            say("{text} is no amount", text=repr(text)), "Write pounds and pence, such as 1200.50"
        )
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def pounds(minor: int | None) -> str:
    """The same as somebody would type it."""
    if minor is None:
        return ""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def day(text: str) -> date:
    """A day. Raises UserError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write it like: 2026-12-25"
        ) from None


def month(text: str) -> date:
    """A month, by its first day. Raises UserError."""
    try:
        return date.fromisoformat(f"{text.strip()[:7]}-01")
    except ValueError:
        raise UserError(
            say("{text} is no month", text=repr(text)), "Write it like: 2026-06"
        ) from None


def figure(text: str) -> float:
    """A figure. Raises UserError."""
    try:
        made = float(text.replace(",", ""))
    except ValueError:
        made = float("nan")
    if not math.isfinite(made) or abs(made) > 1e12:
        raise UserError(
            say("{text} is no figure", text=repr(text)), "Write a number, such as 92 or 4.5"
        )
    return made


def code(name: str, taken: set[str]) -> str:
    """A code for a name that nothing else has."""
    base = _NOT_CODE.sub("-", name.casefold()).strip("-")[:50].strip("-") or "line"
    made, number = base, 2
    while made in taken:
        made, number = f"{base}-{number}", number + 1
    return made
