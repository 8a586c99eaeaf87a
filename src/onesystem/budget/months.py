"""Months and the financial year they are in. A month is the date of its first day. Pure.

>>> Year.on(date(2026, 3, 1)).name, Year.on(date(2026, 4, 1)).name
('2025/26', '2026/27')
>>> Year.of("2025/26").ends
datetime.date(2026, 3, 31)
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import say

BEGINS = {"GBP": 4, "NZD": 7}  # England: April; New Zealand: July
_APRIL = 4
_ASKED: list[Callable[[], int]] = []
_NAME = re.compile(r"(\d{4})[/-](\d{2})$")


def register_begins(asked: Callable[[], int]) -> None:
    """Whom to ask in which month the year of this district begins. Again replaces."""
    _ASKED[:] = [asked]


def begins_here() -> int:
    """The month in which the year begins: April where no district is there to ask."""
    try:
        return _ASKED[0]() if _ASKED else _APRIL
    except BadConfig:
        return _APRIL


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """A financial year, by its first month. It begins as the district's does where not said."""

    first: date

    @classmethod
    def on(cls, day: date, begins: int = 0) -> "Year":
        """The year in which a day lies."""
        begins = begins or begins_here()
        return cls(date(day.year if day.month >= begins else day.year - 1, begins, 1))

    @classmethod
    def of(cls, name: str, begins: int = 0) -> "Year":
        """The year of a name such as 2025/26. Raises UserError."""
        begins = begins or begins_here()
        found = _NAME.match(name)
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            raise UserError(
                say("{name} is no financial year", name=repr(name)), "Write it like: 2026/27"
            )
        return cls(date(int(found[1]), begins, 1))

    @property
    def name(self) -> str:
        """As people write it: 2026/27; a year that begins in January is 2026."""
        last = self.last.year
        return str(last) if last == self.first.year else f"{self.first.year}/{last % 100:02d}"

    @property
    def slug(self) -> str:
        """The same in an address: 2025-26."""
        return self.name.replace("/", "-")

    @property
    def months(self) -> tuple[date, ...]:
        """Its twelve months."""
        return months_from(self.first)

    @property
    def last(self) -> date:
        """Its last month."""
        return later(self.first, 11)

    @property
    def ends(self) -> date:
        """Its last day."""
        return last_day(self.last)

    @property
    def before(self) -> "Year":
        """The year before."""
        return Year(later(self.first, -12))

    @property
    def after(self) -> "Year":
        """The year after."""
        return Year(later(self.first, 12))

    def quarter(self, number: int) -> tuple[date, ...]:
        """The months of a quarter, 1 to 4. Raises UserError."""
        if number not in range(1, 5):
            raise UserError(
                say("there is no quarter {number}", number=number), "A year has quarters 1 to 4"
            )
        return self.months[3 * number - 3 : 3 * number]

    def quarter_end(self, number: int) -> date:
        """The last day of a quarter."""
        return last_day(self.quarter(number)[-1])

    def from_month(self, month: date) -> tuple[date, ...]:
        """Its months from one of them on."""
        return tuple(each for each in self.months if each >= month)

    def holds(self, month: date) -> bool:
        """Whether a month is one of its own."""
        return self.first <= month <= self.last


def later(month: date, months: int = 1) -> date:
    """The first of the month so many months later; earlier for a number below zero."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def months_from(first: date, many: int = 12) -> tuple[date, ...]:
    """So many months, from one on."""
    return tuple(later(first, n) for n in range(many))


def days_in(month: date) -> int:
    """How many days a month has."""
    return (later(month) - month).days


def last_day(month: date) -> date:
    """The last day of a month."""
    return later(month) - timedelta(days=1)


def month_in(text: str) -> date:
    """A month as an address or a command says it: 2026-04, or a day of it. Raises BadConfig."""
    try:
        found = date.fromisoformat(f"{text}-01" if len(text) == len("2026-04") else text)
    except ValueError:
        raise BadConfig(say("{text} is no month", text=repr(text)), "Write it as 2026-04") from None
    return found.replace(day=1)
