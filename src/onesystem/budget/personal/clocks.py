"""Clocks of what was asked: when an answer is due, and how late it is. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onesystem.budget.personal.programme import Book
from onesystem.vocabulary import to_local, to_utc
from onesystem.vocabulary.said import say
from onesystem.vocabulary.working_days import after


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """When something is due, and how it stands at a moment."""

    due: datetime
    left: timedelta

    @property
    def late(self) -> bool:
        """Whether it is later than was promised."""
        return self.left < timedelta(0)

    @property
    def soon(self) -> bool:
        """Whether it is due within a day."""
        return not self.late and self.left <= timedelta(days=1)


def due(
    book: Book, kind: str, asked: datetime, day: date, *, zone: str = "UTC",
    country: str = say("England"),
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


def ticking(due_at: datetime, at: datetime) -> Ticking:
    """How a clock stands."""
    return Ticking(due=due_at, left=due_at - at)
