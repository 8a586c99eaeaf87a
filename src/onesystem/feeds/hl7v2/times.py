"""Times as HL7 v2 writes them, `YYYY[MM[DD[HH[MM[SS[.S]]]]]][+ZZZZ]`, and in ISO form."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

from onesystem.vocabulary import to_utc

_FORM = re.compile(
    r"(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(?:(\d\d):?(\d\d)?:?(\d\d)?(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|[+-]\d\d:?\d\d)?"
)


@lru_cache(maxsize=8192)
def moment(text: str, zone_name: str) -> datetime | None:
    """The moment in UTC, or None where the text is no time. What is left out is its beginning.

    A time without an offset is local to the zone.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, part, offset = match.groups()
    try:
        local = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),
            int((part or "0")[:6].ljust(6, "0")),
            tzinfo=_offset(offset),
        )
        return to_utc(local, zone_name)
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead)


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """The calendar day that the text begins with, without any zone; None when it names none."""
    digits = text.strip().replace("-", "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
