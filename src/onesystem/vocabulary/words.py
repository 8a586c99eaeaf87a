"""Facts into words: lengths, ages and numbers, one way on every page and in every table."""

import math
from datetime import datetime, timedelta

from onesystem.vocabulary.said import say, say_counted

NONE = "\N{EN DASH}"


def length_of(length: timedelta | float | None) -> str:
    """How long, with two units at most: `45 s`, `2 h 10 min`, `3 d 4 h`. Seconds or timedelta."""
    if length is None:
        return ""
    seconds = length.total_seconds() if isinstance(length, timedelta) else float(length)
    sign = "-" if seconds < 0 else ""
    whole = abs(int(seconds))
    if whole < 60:
        return f"{sign}{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{sign}{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{sign}{hours} h {minutes:02d} min" if minutes else f"{sign}{hours} h"
    days, hours = divmod(hours, 24)
    return f"{sign}{days} d {hours} h" if hours else f"{sign}{days} d"


def age(moment: datetime | None, at: datetime) -> str:
    """How long ago in words; `in 5 min` for a moment ahead, `never` for none."""
    if moment is None:
        return say("never")
    seconds = (at - moment).total_seconds()
    if abs(seconds) < 5:
        return say("just now")
    if seconds > 0:
        return say("{length} ago", length=length_of(seconds))
    return say("in {length}", length=length_of(-seconds))


def number(value: float | None, places: int = 0, missing: str = NONE) -> str:
    """A number with commas: 12,345; a dash for none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return missing
    return f"{value:,.{places}f}"


def percent(value: float | None, missing: str = NONE) -> str:
    """A share between 0 and 1, in per cent."""
    return missing if value is None else f"{value * 100:.0f}%"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 person`, `2 people`."""
    return say_counted(f"{{n}} {one}", f"{{n}} {many or one + 's'}", count, n=f"{count:,}")
