"""What is asked of ED time: which days, cut how, of which ED. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

EVERY = ("day", "week", "hour")
_MOST = {"day": 100, "week": 3 * 366, "hour": 3 * 366}  # days that a page can show


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The days of arrival (`start` to the day before `end`), by day, week or hour of the day."""

    start: date
    end: date
    every: str = "week"
    service: str = ""

    def __post_init__(self) -> None:
        if self.every not in EVERY:
            raise UserError(
                say("nothing is kept by {every}", every=repr(self.every)),
                say("One of {every}.", every=", ".join(EVERY)),
            )
        if self.end <= self.start:
            raise UserError("the last day lies before the first", "Choose a later last day.")
        if (self.end - self.start).days > _MOST[self.every]:
            raise UserError(
                say(
                    "more than {most} days are asked for by {every}",
                    most=_MOST[self.every],
                    every=self.every,
                ),
                "Ask for fewer days, or by week.",
            )

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: date) -> Self:
        """From a query string; the default is the thirteen whole weeks before this one.

        Raises UserError where a day is none.
        """
        said = {name: str(query.get(name, "")).strip() for name in ("start", "end")}
        monday = today - timedelta(days=today.weekday())
        end = _day(said["end"]) or monday
        every = str(query.get("every", "")).strip() or "week"
        back = timedelta(days=28 if every == "day" else 91)
        return cls(
            start=_day(said["start"]) or end - back,
            end=end,
            every=every,
            service=str(query.get("service", "")).strip(),
        )

    def as_dict(self) -> dict[str, Any]:
        """As it is kept and sent: days as ISO text."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "every": self.every,
            "service": self.service,
        }

    @classmethod
    def kept(cls, found: Mapping[str, Any]) -> Self:
        """From the kept form."""
        return cls.of({k: str(v) for k, v in found.items()}, today=date.min + timedelta(days=9))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write a day such as 2026-03-31."
        ) from error
