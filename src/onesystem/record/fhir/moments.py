"""Dates and times of parameters as spans: 2026 is a year, 2026-03-01T09:30Z a minute. Pure."""

import re
from datetime import UTC, datetime, timedelta

from onesystem.record.fhir.outcomes import Refusal

_SAID = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+ -]\d\d:\d\d)?)?)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def span(text: str, name: str) -> tuple[int, int]:
    """From when to before when a moment lasts, in microseconds since 1970. Raises Refusal."""
    found = _SAID.fullmatch(text.strip())
    try:
        if found:
            return _span(found)
    except (ValueError, OverflowError):
        pass
    raise Refusal(
        400,
        f"{name}={text!r} is not a date or time",
        "Write it as 2026-03-01 or 2026-03-01T09:30:00Z.",
        where=name,
    )


def _span(found: "re.Match[str]") -> tuple[int, int]:
    year, month, day, hour, minute, second, part, zone = found.groups()
    low = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
                   int(second or 0), tzinfo=UTC)  # fmt: skip
    begin = (low - _EPOCH) // _MICRO
    if not month:
        end = (low.replace(year=low.year + 1) - _EPOCH) // _MICRO
    elif not day:
        ahead = (low.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = (ahead - _EPOCH) // _MICRO
    else:
        end = begin + _length(hour, second) * 1_000_000
    if part:
        begin += int(float(part) * 1_000_000)
        end = begin + 10 ** max(0, 7 - len(part))
    shift = _offset(zone)
    return begin - shift, end - shift


def _length(hour: str | None, second: str | None) -> int:
    if not hour:
        return 86_400
    return 1 if second else 60


def _offset(zone: str | None) -> int:
    if not zone or zone == "Z":
        return 0
    sign = -1 if zone[0] == "-" else 1  # a plus that was not escaped arrives as a space
    return sign * (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * 1_000_000
