"""Hours over the week, in words and worked out. Pure.

An opening is some days of the week and a stretch of the day; one that ends at or before it begins
runs past midnight. Days count from Monday as 0, as in `district.toml`.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = frozenset(range(7))
Span = tuple[datetime, datetime]  # local times, from the one up to the other


@dataclass(frozen=True, slots=True)
class Opening:
    """Some days of the week, from one time of the day to another; `00:00` to `00:00` is all day."""

    days: frozenset[int]
    opens: time
    closes: time

    def span(self, day: date) -> Span:
        """The stretch that begins on that day."""
        first = datetime.combine(day, self.opens)
        last = datetime.combine(day, self.closes)
        return first, last if last > first else last + timedelta(days=1)

    @property
    def words(self) -> str:
        """As it is written: `mon-fri 08:00-18:30`."""
        return f"{said_days(self.days)} {said_span(self.opens, self.closes)}"


def said_days(days: frozenset[int]) -> str:
    """Days as they are written.

    >>> said_days(frozenset({0, 1, 2, 4}))
    'mon-wed, fri'
    """
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in runs
    )


def said_span(opens: time, closes: time) -> str:
    """A stretch of the day as it is written; midnight at its end is 24:00."""
    return f"{opens:%H:%M}-{'24:00' if closes == time(0) else f'{closes:%H:%M}'}"


def days_of(text: str) -> frozenset[int]:
    """The days that `mon-fri, sun` means. Raises UserError."""
    days: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise UserError(
                say("{text} are no days", text=repr(text)), "Write them like: mon-fri, sun"
            )
        start, end = DAYS.index(first), DAYS.index(last or first)
        days.update((start + i) % 7 for i in range((end - start) % 7 + 1))
    return frozenset(days)


def span_of(text: str) -> tuple[time, time]:
    """The stretch of the day that `08:00-18:30` means. Raises UserError."""
    try:
        opens, closes = (part.strip() for part in text.split("-"))
        return (
            time.fromisoformat(opens),
            time(0) if closes == "24:00" else time.fromisoformat(closes),
        )
    except ValueError:
        raise UserError(
            say("{text} are no hours", text=repr(text)), "Write them like: 08:00-18:30"
        ) from None


def opening_of(text: str) -> Opening:
    """The opening that `mon-fri 08:00-18:30` means; days alone mean all day. Raises UserError."""
    days, _, span = text.strip().rpartition(" ")
    if ":" not in span:
        days, span = text, "00:00-24:00"
    return Opening(days_of(days or "mon-sun"), *span_of(span))


def overlap(openings: Sequence[Opening]) -> tuple[Opening, Opening] | None:
    """Two openings that share a moment of the week, if any do."""
    monday = date(2024, 1, 1)
    spans = sorted(
        (span[0], span[1], n)
        for n, opening in enumerate(openings)
        for day in range(-1, 8)  # what runs past Sunday's midnight meets Monday
        if day % 7 in opening.days
        for span in [opening.span(monday + timedelta(days=day))]
    )
    for one, other in itertools.pairwise(spans):
        if other[0] < one[1]:
            return openings[one[2]], openings[other[2]]
    return None


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same stretches in order, with those that touch made one."""
    made: list[Span] = []
    for first, last in sorted(spans):
        if made and first <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], last)
        else:
            made.append((first, last))
    return made
