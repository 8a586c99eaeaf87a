"""Sessions of a service, week by week, and the slots they are made of. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from onesystem.care.services.entry import Entry
from onesystem.care.services.hours import (
    Opening,
    Span,
    days_of,
    merged,
    said_days,
    said_span,
    span_of,
)
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_MOST_WEEKS = 53
_MOST_SLOTS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """Sessions on some days of the week, cut into slots of so many minutes, so many side by side.

    From one day to another, the last one included.
    """

    opening: Opening
    minutes: int
    many: int
    since: date
    until: date

    @property
    def words(self) -> str:
        """As a page says it."""
        side = say(", {many} at a time", many=self.many) if self.many > 1 else ""
        return say(
            "{words}, every {minutes} minutes{side}",
            words=self.opening.words,
            minutes=self.minutes,
            side=side,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a pattern comes to: the slots in local time, and the days on which it is closed."""

    slots: tuple[Span, ...]
    closed: tuple[date, ...]


def pattern_of(*, days: str, span: str, minutes: str, many: str, since: str, until: str) -> Pattern:
    """A pattern as it was typed. Raises UserError with the cure."""
    first, last = _day(since), _day(until)
    if last < first:
        raise UserError("the last day is before the first", "Mend one of the days.")
    if (last - first).days > 7 * _MOST_WEEKS:
        raise UserError("that is more than a year", "Make slots for a year at the most.")
    return Pattern(
        opening=Opening(days_of(days), *span_of(span)),
        minutes=_whole(minutes, "minutes", 5, 24 * 60),
        many=_whole(many or "1", say("side by side"), 1, 50),
        since=first,
        until=last,
    )


def cut(pattern: Pattern, entry: Entry) -> Cut:
    """The slots of a pattern. Raises UserError where a session is outside the service's hours.

    Days on which the service is closed, or keeps other hours, give no slots outside those.
    """
    _check_inside(pattern.opening, entry)
    slots: list[Span] = []
    closed: list[date] = []
    for day in _days(pattern):
        made = [each for each in _pieces(pattern, day) if _inside(each, entry, day)]
        slots += [each for each in made for _ in range(pattern.many)]
        if not made:
            closed.append(day)
    if not slots:
        raise UserError("that makes no slot", "Choose days on which the service is open.")
    if len(slots) > _MOST_SLOTS:
        raise UserError(
            say("that makes {slots} slots", slots=f"{len(slots):,}"),
            say("Make {most_slots} at the most at a time.", most_slots=f"{_MOST_SLOTS:,}"),
        )
    return Cut(slots=tuple(slots), closed=tuple(closed))


def _check_inside(opening: Opening, entry: Entry) -> None:
    if not entry.hours:
        return
    for day in sorted(opening.days):
        some = date(2024, 1, 1) + timedelta(days=day)
        begins, ends = opening.span(some)
        spans = [hours.span(some) for hours in entry.hours if day in hours.days]
        if not any(first <= begins and ends <= last for first, last in merged(spans)):
            raise UserError(
                say(
                    "{said_days} {said_span} is outside the hours of the service",
                    said_days=said_days(frozenset({day})),
                    said_span=said_span(opening.opens, opening.closes),
                ),
                say(
                    "It is open {hours}. Change its hours first, or choose times inside them.",
                    hours=", ".join(o.words for o in entry.hours),
                ),
            )


def _days(pattern: Pattern) -> Iterator[date]:
    for ahead in range((pattern.until - pattern.since).days + 1):
        day = pattern.since + timedelta(days=ahead)
        if day.weekday() in pattern.opening.days:
            yield day


def _pieces(pattern: Pattern, day: date) -> Iterator[Span]:
    """The stretches of a session; what is left over at its end is none."""
    begins, ends = pattern.opening.span(day)
    step = timedelta(minutes=pattern.minutes)
    while begins + step <= ends:
        yield begins, begins + step
        begins += step


def _inside(piece: Span, entry: Entry, day: date) -> bool:
    if not entry.hours and not entry.holidays:
        return entry.closed_on(day) is None
    return any(first <= piece[0] and piece[1] <= last for first, last in entry.spans_on(day))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UserError(
            say("{text} is no day", text=repr(text)), "Write it like: 2026-12-25"
        ) from None


def _whole(text: str, what: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and least <= int(text) <= most):
        raise UserError(
            say("{text} {what} cannot be", text=repr(text), what=what),
            say("Write a number from {least} to {most}.", least=least, most=most),
        )
    return int(text)
