"""Dated figures: prices, amounts and shares with the days they are in force and their source."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say, say_date


class RateMissing(NotFound):
    """A rate is asked for at a date on which none is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One figure from a day on (inclusive) to a day (exclusive). Money is in minor units."""

    value: Fraction
    since: date | None = None
    until: date | None = None
    source: str = ""

    def on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A named rate over time; no two of its figures are in force on one day (see `checks`)."""

    name: str
    rates: tuple[Rate, ...]
    words: str = ""
    unit: str = ""  # what one of it is: "an attendance", "a head and year"
    currency: str = ""
    _found: dict[date, Rate] = field(default_factory=dict, repr=False, compare=False)

    def at(self, day: date) -> Rate:
        """The figure in force on that day; an error names rate, date and cure."""
        found = self._found.get(day)
        if found is None:
            found = next((each for each in self.rates if each.on(day)), None)
            if found is None:
                raise RateMissing(
                    say(
                        "the rate {name} has no figure on {day}",
                        name=repr(self.name),
                        day=say_date(day, "%-d %B %Y"),
                    ),
                    say(
                        "It is known {span}. Add a figure that is in force on that day.",
                        span=self.span(),
                    ),
                )
            self._found[day] = found
        return found

    def span(self) -> str:
        """When it is known, in words."""
        if not self.rates:
            return say("on no day at all")
        return "; ".join(_days(each) for each in self.rates)


def _days(rate: Rate) -> str:
    since = (
        say("from {since}", since=say_date(rate.since, "%-d %B %Y"))
        if rate.since
        else say("from the first day")
    )
    return (
        say("{since} to {until}", since=since, until=say_date(rate.until, "%-d %B %Y"))
        if rate.until
        else say("{since} on", since=since)
    )


def interpolated(points: Sequence[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    """Between two points of a table by the straight line; outside it the nearest point.

    >>> interpolated([(Fraction(0), Fraction(0)), (Fraction(10), Fraction(1))], Fraction(5))
    Fraction(1, 2)
    """
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if at < right:
            return low + (high - low) * (at - left) / (right - left)
    return points[-1][1]
