"""How long: `4 hours`, `2 days`, `3 months`. Months and years are those of the calendar."""

import re
from calendar import monthrange
from datetime import datetime, timedelta

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

_LONG = re.compile(r"([1-9]\d{0,3}) (minute|hour|day|week|month|year)s?")
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0}


def after(at: datetime, long: str) -> datetime:
    """The moment so long after another. Raises BadConfig where the text says no time."""
    count, unit = parts(long)
    if unit in _DAYS:
        return at + timedelta(days=count * _DAYS[unit])
    months = at.month - 1 + count * (12 if unit == "year" else 1)
    year, month = at.year + months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))


def parts(long: str) -> tuple[int, str]:
    """How many of what. Raises BadConfig."""
    found = _LONG.fullmatch(long.strip())
    if found is None:
        raise BadConfig(
            say("{long} says no time", long=repr(long)),
            "Write it as 4 hours, 2 days, 6 weeks or 1 year.",
        )
    return int(found[1]), found[2]
