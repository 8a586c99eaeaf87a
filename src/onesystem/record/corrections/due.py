"""By when a request for correction is to be answered. Pure.

United Kingdom: one calendar month (UK GDPR article 12(3)): the same day of the next month, or its
last day. New Zealand: 20 working days (Privacy Act 2020, section 63). Saturdays, Sundays and the
days from 25 December to 15 January are no working days (section 7). The other public holidays
are counted as if they were, so the day that is named is never later than the law's.
"""

from calendar import monthrange
from datetime import date, timedelta

WORKING_DAYS = 20
SOON = 7  # days before the last one from which the list warns


def due_on(asked: date, *, nz: bool) -> date:
    """The last day to answer on."""
    return _working_days_after(asked, WORKING_DAYS) if nz else _month_after(asked)


def _month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _working_days_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        summer = (day.month, day.day) >= (12, 25) or (day.month == 1 and day.day <= 15)
        if day.weekday() < 5 and not summer:
            count -= 1
    return day
