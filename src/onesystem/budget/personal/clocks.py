"""Clocks of what was asked: when an answer is due. Pure."""

from datetime import date, datetime, time, timedelta

from onesystem.budget.personal.programme import Book
from onesystem.vocabulary import to_local, to_utc
from onesystem.vocabulary.working_days import after


def due(
    book: Book, kind: str, asked: datetime, day: date, *, zone: str = "UTC",
    country: str = "England",
) -> datetime:  # fmt: skip
    """When an answer is due. Raises UserError where nobody may ask for that.

    Days of the calendar run from the moment of asking. Of working days the last one counts to its
    end, by the clocks of the district.
    """
    clock = book.one("clock", kind, day)
    if not clock.working:
        return asked + timedelta(days=clock.days)
    last = after(to_local(asked, zone).date(), clock.days, country)
    return to_utc(datetime.combine(last + timedelta(days=1), time()), zone)
