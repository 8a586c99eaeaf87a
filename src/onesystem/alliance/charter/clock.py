"""Working days: when a rung of the ladder is due, and when a standstill is over. Pure.

Monday to Friday; a district's public holidays are not known here, so that a due day is never later
than by a calendar that has them, and a standstill's end is to be checked against one.
"""

from datetime import date, timedelta

_SATURDAY = 5


def working_day(day: date) -> bool:
    """Whether people work on that day."""
    return day.weekday() < _SATURDAY


def after(day: date, count: int) -> date:
    """The day that so many working days after a day is.

    >>> after(date(2026, 11, 20), 1)
    datetime.date(2026, 11, 23)
    """
    left = count
    while left > 0:
        day += timedelta(days=1)
        left -= working_day(day)
    return day


def awardable(noticed: date, standstill: int) -> date:
    """The first day on which a contract may be entered into after a notice of intention.

    Regulation 12 of SI 2023/1348: the standstill begins on the day after the notice; who objects
    has until midnight at the end of the 8th working day after that day.

    >>> awardable(date(2024, 3, 4), 8)
    datetime.date(2024, 3, 16)
    """
    begins = noticed + timedelta(days=1)
    return after(begins, standstill) + timedelta(days=1)
