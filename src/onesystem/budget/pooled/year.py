"""A financial year: April to March, its months and quarters. Pure.

>>> Year.of("2025/26").last
datetime.date(2026, 3, 31)
>>> Year.on(date(2026, 11, 23)).name
'2026/27'
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.vocabulary import UserError

_NAME = re.compile(r"(\d{4})[/-](\d{2})$")


@dataclass(frozen=True, slots=True, order=True)
class Year:
    """The year that begins on 1 April of `start`."""

    start: int

    @classmethod
    def of(cls, name: str) -> "Year":
        """The year of a name such as 2025/26. Raises UserError."""
        found = _NAME.match(name)
        if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
            raise UserError(f"{name!r} is no financial year", "Write it like: 2026/27")
        return cls(int(found[1]))

    @classmethod
    def on(cls, day: date) -> "Year":
        """The year in which a day lies."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def name(self) -> str:
        """What people call it: 2025/26."""
        return f"{self.start}/{(self.start + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        """The same in an address: 2025-26."""
        return self.name.replace("/", "-")

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.start, 4, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.start + 1, 3, 31)

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of its months."""
        return tuple(date(self.start + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16))

    def quarter(self, number: int) -> tuple[date, ...]:
        """The months of a quarter, 1 to 4. Raises UserError."""
        if number not in range(1, 5):
            raise UserError(f"there is no quarter {number}", "A year has quarters 1 to 4")
        return self.months[3 * number - 3 : 3 * number]

    def quarter_end(self, number: int) -> date:
        """The last day of a quarter."""
        month = self.quarter(number)[-1]
        return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @property
    def before(self) -> "Year":
        """The year before."""
        return Year(self.start - 1)
