"""Months as the store keeps them: 202604 is April 2026. Pure.

>>> number(date(2026, 4, 1)), first(202604), after(202612), before(202601)
(202604, datetime.date(2026, 4, 1), 202701, 202512)
"""

from collections.abc import Iterator
from datetime import date

_YEAR_BEGINS = 4  # the financial year of England; a district elsewhere says its own


def number(month: date) -> int:
    """The month of a day as one number."""
    return month.year * 100 + month.month


def first(number: int) -> date:
    """The first day of a month."""
    return date(number // 100, number % 100, 1)


def after(number: int) -> int:
    """The month after."""
    return number + 1 if number % 100 < 12 else number + 89


def before(number: int) -> int:
    """The month before."""
    return number - 1 if number % 100 > 1 else number - 89


def between(first_: int, last: int) -> Iterator[int]:
    """Every month from one to another, both included."""
    while first_ <= last:
        yield first_
        first_ = after(first_)


def words(number: int) -> str:
    """As people write it: April 2026."""
    return f"{first(number):%B %Y}"


def year(number: int, begins: int = _YEAR_BEGINS) -> str:
    """The financial year that a month lies in: 2026/27."""
    starts = number // 100 - (number % 100 < begins)
    return f"{starts}/{(starts + 1) % 100:02d}"
