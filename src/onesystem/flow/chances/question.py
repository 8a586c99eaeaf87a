"""Over which days opportunities are asked for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_MOST = 3 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` to the day before `end`, by the district's days."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise UserError("the last day lies before the first", "Choose a later last day.")
        if self.days > _MOST:
            raise UserError("more than three years are asked for", "Ask for fewer days.")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @classmethod
    def usual(cls, today: date) -> Self:
        """The twelve months before this one: whole months, so that it stays the same for one."""
        end = today.replace(day=1)
        return cls(start=end.replace(year=end.year - 1), end=end)

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: date) -> Self:
        """From a query string with `from` and `to`, its last day. Raises UserError."""
        usual = cls.usual(today)
        start, last = _day(query.get("from", "")), _day(query.get("to", ""))
        end = usual.end if last is None else date.fromordinal(last.toordinal() + 1)
        if start is None:
            start = usual.start if last is None else _year_before(end)
        return cls(start=start, end=end)

    def as_dict(self) -> dict[str, str]:
        """As it is kept."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}

    @classmethod
    def kept(cls, found: Mapping[str, Any]) -> Self:
        """From the kept form."""
        return cls(start=date.fromisoformat(found["start"]), end=date.fromisoformat(found["end"]))

    @property
    def last(self) -> date:
        """Its last day."""
        return date.fromordinal(self.end.toordinal() - 1)


def _year_before(end: date) -> date:
    day = 28 if (end.month, end.day) == (2, 29) else end.day
    return end.replace(year=end.year - 1, day=day)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write a date such as 2026-03-31."
        ) from error
