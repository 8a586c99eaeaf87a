"""The number of a personal budget as people read it out. Pure.

>>> reference(12)
'PB-00012'
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from onesystem.vocabulary import UserError

_MOST = Decimal(10_000_000)


def reference(number: int) -> str:
    """PB and five digits or more."""
    return f"PB-{number:05d}"


def minor_of(text: str | None) -> int:
    """Money that was typed, in minor units: `12`, `12.50`, `£1,200`. Raises UserError."""
    said = (text or "").strip().replace(",", "").lstrip("£$€").strip()
    if not said:
        return 0
    try:
        amount = Decimal(said)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount > _MOST or amount * 100 % 1:
        raise UserError(f"{said[:40]!r} is no sum of money", "Write it as 12.50.")
    return int(amount * 100)


def day_of(text: str | None, what: str = "day") -> date | None:
    """A day that was typed; None where nothing was. Raises UserError."""
    said = (text or "").strip()
    if not said:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UserError(f"{said[:40]!r} is no {what}", "Write it as 2026-01-31.") from None


def whole(text: str | None) -> int:
    """A whole number that was typed; nothing is 0. Raises UserError."""
    said = (text or "").strip()
    if not said:
        return 0
    if not (said.isascii() and said.isdigit() and len(said) < 18):
        raise UserError(f"{said[:40]!r} is no whole number", "Write digits only.")
    return int(said)
