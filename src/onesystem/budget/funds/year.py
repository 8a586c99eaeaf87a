"""Months and the financial year they are in. A month is the date of its first day.

>>> year_of(date(2026, 3, 1)).name, year_of(date(2026, 4, 1)).name
('2025/26', '2026/27')
"""

from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.vocabulary import BadConfig

BEGINS = {"GBP": 4, "NZD": 7}  # England: April; New Zealand: July


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A financial year, by its first month."""

    first: date

    @property
    def name(self) -> str:
        """As people write it: 2026/27; a year that begins in January is 2026."""
        last = self.months[-1].year
        return str(last) if last == self.first.year else f"{self.first.year}/{last % 100:02d}"

    @property
    def months(self) -> tuple[date, ...]:
        """Its twelve months."""
        return tuple(later(self.first, n) for n in range(12))

    @property
    def last(self) -> date:
        """Its last month."""
        return later(self.first, 11)

    @property
    def before(self) -> "Year":
        """The year before."""
        return Year(later(self.first, -12))

    @property
    def after(self) -> "Year":
        """The year after."""
        return Year(later(self.first, 12))

    def from_month(self, month: date) -> tuple[date, ...]:
        """Its months from one of them on."""
        return tuple(each for each in self.months if each >= month)

    def holds(self, month: date) -> bool:
        """Whether a month is one of its own."""
        return self.first <= month <= self.last


def year_of(month: date, begins: int = 4) -> Year:
    """The financial year that a month is in."""
    started = month.year if month.month >= begins else month.year - 1
    return Year(date(started, begins, 1))


def later(month: date, months: int) -> date:
    """So many months later; earlier for a number below zero."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def days_in(month: date) -> int:
    """How many days a month has."""
    return (later(month, 1) - month).days


def last_day(month: date) -> date:
    """The last day of a month."""
    return later(month, 1) - timedelta(days=1)


def month_in(text: str) -> date:
    """A month as an address or a command says it: 2026-04, or a day of it. Raises BadConfig."""
    try:
        found = date.fromisoformat(f"{text}-01" if len(text) == len("2026-04") else text)
    except ValueError:
        raise BadConfig(f"{text!r} is no month", "Write it as 2026-04") from None
    return found.replace(day=1)
