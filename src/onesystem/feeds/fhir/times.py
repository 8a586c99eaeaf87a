"""FHIR's dates and times, often partial, as UTC moments."""

import re
from datetime import UTC, date, datetime

from onesystem.vocabulary import to_utc

_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def moment(text: object, zone: str) -> datetime | None:
    """A dateTime, instant or date in UTC; the first moment of it where it is partial.

    None where it is no date at all: validation has said so already, or it is STU3 and odd.

    >>> moment("2026-03-01T09:30:00+01:00", "Europe/London").isoformat()
    '2026-03-01T08:30:00+00:00'
    >>> moment("2026", "Europe/London").isoformat()
    '2026-01-01T00:00:00+00:00'
    """
    if not isinstance(text, str):
        return None
    try:
        if len(text) > 10:
            found = datetime.fromisoformat(
                text if ":60" not in text else text.replace(":60", ":59")
            )
            return found.astimezone(UTC) if found.tzinfo else to_utc(found, zone)
        year, month, day = _PARTIAL.fullmatch(text).groups()  # type: ignore[union-attr]
        return to_utc(datetime(int(year), int(month or 1), int(day or 1)), zone)  # noqa: DTZ001
    except (AttributeError, ValueError, OverflowError):
        return None


def day(text: object) -> date | None:
    """A whole date; None where it is partial, so that a birth year is not taken for a birthday."""
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
