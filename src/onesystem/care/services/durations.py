"""How long something may take, as people write it: hours by the clock. Pure."""

import re

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_counted

_SAID = re.compile(r"(\d+)\s*(h|hours?|d|days?|w|weeks?)?", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 168}


def hours_of(text: str) -> int:
    """The hours that a text means; a number alone is hours. Raises UserError.

    >>> hours_of("3 days"), hours_of("4h"), hours_of("12")
    (72, 4, 12)
    """
    found = _SAID.fullmatch(text.strip())
    if found is None or len(found[1]) > 5:
        raise UserError(
            say("{text} is no length of time", text=repr(text)), "Write it like: 4 hours, or 3 days"
        )
    return int(found[1]) * _HOURS[(found[2] or "h")[0].lower()]


def said_hours(hours: int) -> str:
    """Hours as people say them.

    >>> said_hours(72), said_hours(1), said_hours(30)
    ('3 days', '1 hour', '30 hours')
    """
    if hours % 24 == 0 and hours:
        days = hours // 24
        return say_counted("{n} day", "{n} days", days)
    return say_counted("{n} hour", "{n} hours", hours)
