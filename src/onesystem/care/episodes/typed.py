"""What was typed into the forms of care at home: numbers, moments, what the page knew."""

from collections.abc import Mapping
from datetime import datetime

from onesystem.district import current
from onesystem.vocabulary import UserError, to_utc
from onesystem.vocabulary.said import say

_LONG = 18  # digits: a number of the store has fewer


def whole(text: str | None) -> int:
    """A whole number that was typed. Raises UserError."""
    said = (text or "").strip()
    if not said:
        return 0
    if not (said.isascii() and said.isdigit() and len(said) < _LONG):
        raise UserError(
            say("{said} is no whole number", said=repr(said[:40])), "Write digits only."
        )
    return int(said)


def moment_of(text: str) -> datetime | None:
    """A local moment that was typed; None where nothing was. Raises UserError."""
    if not text.strip():
        return None
    try:
        return to_utc(datetime.fromisoformat(text.strip()), current().zone)
    except ValueError:
        raise UserError(
            say("{text} is no time", text=repr(text[:40])), "Write it as 2026-01-31T14:30."
        ) from None


def seen_of(given: Mapping[str, str]) -> int:
    """How many steps the page knew."""
    return whole(given.get("seen"))
