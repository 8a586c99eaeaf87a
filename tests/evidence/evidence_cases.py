"""Small things that the tests of evaluation share."""

from datetime import date


def months(n, start=date(2020, 1, 1)):
    """The firsts of n months."""
    first = start.year * 12 + start.month - 1
    return [date((first + i) // 12, (first + i) % 12 + 1, 1) for i in range(n)]
