"""Dates and times as FHIR writes them: compared with their precision, and their boundaries.

FHIRPath, sections 6.1 and 6.2: what one side does not say makes the answer empty, unless what both
say differs already. Boundaries as the functions lowBoundary and highBoundary define them.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta
from decimal import Decimal

_SHAPE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$"
)
_TIME = re.compile(r"(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?$")
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?$")


def looks_whole(text: str) -> bool:
    """Whether a text is a day or a time of a day, at least."""
    return bool(_WHOLE.match(text))


def compare(left: str, right: str) -> int | None:
    """-1, 0 or 1; None where their precision does not tell, or one is no date or time."""
    a, b = _parts(left), _parts(right)
    if a is None or b is None:
        return None
    for one, other in zip(a, b, strict=False):
        if one != other:
            return -1 if one < other else 1
    return 0 if len(a) == len(b) else None


def _parts(text: str) -> list[Decimal] | None:
    if time := _TIME.match(text):
        return [Decimal(p) for p in (time[1], time[2], _seconds(time)) if p]
    found = _SHAPE.match(text)
    if found is None:
        return None
    *said, zone = found.groups()
    if zone and found[5]:
        said = _in_utc(said, zone)
    return [Decimal(p) for p in said if p]


def _seconds(time: re.Match[str]) -> str:
    return f"{time[3]}.{time[4]}" if time[4] else time[3] or ""


def _in_utc(said: list[str], zone: str) -> list[str]:
    if zone == "Z":
        return said
    minutes = int(zone[1:3]) * 60 + int(zone[4:])
    shift = timedelta(minutes=-minutes if zone[0] == "+" else minutes)
    try:
        at = datetime(*(int(p) for p in said[:5])) + shift  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError):
        return said
    return [f"{at:%Y}", f"{at:%m}", f"{at:%d}", f"{at:%H}", f"{at:%M}", said[5]]


def boundary(text: str, *, kind: str, high: bool) -> str | None:
    """The first or last moment that a date or a time may mean; None where it is neither."""
    if time := _TIME.match(text):
        return _time(time, high=high)
    found = _SHAPE.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    month = month or ("12" if high else "01")
    if day is None:
        day = f"{monthrange(int(year), int(month))[1]:02}" if high else "01"
    if kind == "date" or (not kind and hour is None):
        return f"{year}-{month}-{day}"
    end = "59" if high else "00"
    hour, minute = hour or ("23" if high else "00"), minute or end
    zone = zone or ("-12:00" if high else "+14:00")
    return f"{year}-{month}-{day}T{hour}:{minute}:{_millis(second, end, high=high)}{zone}"


def _time(time: re.Match[str], *, high: bool) -> str:
    end = "59" if high else "00"
    return f"{time[1]}:{time[2] or end}:{_millis(_seconds(time) or None, end, high=high)}"


def _millis(second: str | None, end: str, *, high: bool) -> str:
    whole, _, part = (second or end).partition(".")
    return f"{whole}.{part.ljust(3, '9' if high else '0')[:3]}"


def number_boundary(value: Decimal, *, high: bool) -> Decimal:
    """Half a step of the last digit that was written, up or down."""
    exponent = value.as_tuple().exponent
    step = Decimal(5).scaleb(int(exponent) - 1)
    return value + step if high else value - step
