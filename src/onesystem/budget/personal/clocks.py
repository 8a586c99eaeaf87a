"""Clocks of what was asked: when an answer is due, and how late it is. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from onesystem.budget.personal.programme import Book


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


def due(book: Book, kind: str, asked: datetime, day: date) -> datetime:
    """When an answer is due. Raises UserError where nobody may ask for that."""
    return asked + timedelta(days=book.one("clock", kind, day).days)


def ticking(due_at: datetime, at: datetime) -> Ticking:
    """How a clock stands."""
    return Ticking(due=due_at, left=due_at - at)
