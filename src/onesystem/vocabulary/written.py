"""When something was written, told apart within one second by the source's own numbers."""

import re
from datetime import datetime, timedelta

_SECOND, _THOUSANDTH = 1_000_000, 1_000
_NUMBER = re.compile(r"[^0-9]*([0-9]+)")


def written(at: datetime, number: str) -> datetime:
    """The time with the source's own number (of a version, of a message) in what it leaves open.

    Sources write to the second or less, and correct within one. The number goes where the time
    says nothing, so that what is sorted by the one time alone is in the source's order: of two
    things of one second the later stands, in whatever order they arrive. A number that is no
    number, or a time that is exact to the microsecond, is left alone.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    >>> written(at, "9") < written(at, "10"), written(at, "MSG00012").microsecond
    (True, 12)
    >>> written(at, "3f2a-11") == at
    True
    """
    found = _NUMBER.fullmatch(number)
    if found is None:
        return at
    exact = at.microsecond
    room = _SECOND if not exact else _THOUSANDTH if not exact % _THOUSANDTH else 1
    return at + timedelta(microseconds=int(found[1][-6:]) % room)
