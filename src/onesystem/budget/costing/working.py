"""One contact's cost, line by line: what it is made of, at which price, from which source. Pure.

This says what is meant; `columns` does the same for millions at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onesystem.budget.costing.pricing import Book, Priced, whole
from onesystem.budget.costing.rates import Basis, Unit
from onesystem.flow.measures import days
from onesystem.flow.measures.days import Clock
from onesystem.vocabulary.said import say

MINUTE = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What costing asks of a contact. Times in milliseconds since 1970 UTC."""

    service: str
    setting: str
    mode: str
    started: int | None
    ended: int | None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One line: so many units at a price."""

    kind: str
    name: str
    words: str
    quantity: int
    unit: Unit
    price: Fraction
    percent: Fraction
    source: str
    pool: str
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """What a contact cost in a month; most have one."""

    month: date
    rule: str
    words: str
    basis: Basis
    began: bool
    lines: tuple[CostLine, ...]
    reason: str = ""  # why it costs nothing here

    @property
    def minor(self) -> int:
        """All lines together."""
        return sum(line.minor for line in self.lines)


def worked(facts: Facts, book: Book, clock: Clock, today: int) -> tuple[Portion, ...]:
    """The portions of a contact up to the beginning of a day (its number); none where it has none.

    A contact that lasts is told month by month, any other in the month in which it began.
    """
    until = clock.midnight(today)
    if facts.cancelled or facts.started is None or facts.started >= until:
        return ()
    end = max(facts.started, min(until if facts.ended is None else facts.ended, until))
    return tuple(_portions(facts, facts.started, end, book, clock))


def _portions(
    facts: Facts, start: int, end: int, book: Book, clock: Clock
) -> Iterator[Portion]:  # fmt: skip
    minutes = (end - start) // MINUTE
    first = days.begin(clock.day(start), "month")
    last = days.begin(clock.day(end), "month")
    month, begun = first, False
    while month <= last:
        on = days.date_of(month)
        if on >= book.rules.since:
            rule = book.rules.rule(facts.service, facts.setting, facts.mode, on, minutes)
            if rule is None:
                if month == first:
                    reason = book.rules.none.get(facts.setting) or say("no rule says what it costs")
                    yield Portion(month=on, rule="", words="", basis="none", began=True, lines=(),
                                  reason=reason)  # fmt: skip
                    begun = True
            elif month == first or rule.lasts:
                counted = _counted(start, end, month, first, clock, lasts=rule.lasts)
                if month == first or counted["day"] or counted["minute"]:
                    priced = book.priced(rule, facts.service, on)
                    lines = tuple(_lines(priced.lines, counted))
                    yield Portion(month=on, rule=rule.name, words=rule.words, basis=rule.basis,
                                  began=not begun, lines=lines)  # fmt: skip
                    begun = True
        month = days.after(month, "month")


def _counted(
    start: int, end: int, month: int, first: int, clock: Clock, *, lasts: bool
) -> dict[Unit, int]:  # fmt: skip
    """How many of each unit lie in the month: all of them where the contact does not last."""
    after = days.after(month, "month")
    low, high = (start, end)
    from_day, to_day = clock.day(start), clock.day(end)
    here = month == first
    if lasts:
        low, high = max(start, clock.midnight(month)), min(end, clock.midnight(after))
        from_day, to_day = max(from_day, month), min(to_day, after)
    nights = max(0, to_day - from_day)
    whole_stay = clock.day(end) - clock.day(start)
    return {
        "contact": int(here),
        "minute": max(0, (high - start) // MINUTE - (low - start) // MINUTE),
        "night": nights,
        "day": nights if whole_stay else int(here),
    }


def _lines(priced: tuple[Priced, ...], counted: dict[Unit, int]) -> Iterator[CostLine]:
    above = 0
    for line in priced:
        if line.kind == "overhead":
            quantity, minor = above, whole(line.percent * above / 100)
        else:
            quantity = counted[line.unit]
            if line.most:
                quantity = min(quantity, line.most)
            minor = whole(quantity * line.price)
        above += minor
        yield CostLine(
            kind=line.kind, name=line.name, words=line.words, quantity=quantity, unit=line.unit,
            price=line.price, percent=line.percent, source=line.source, pool=line.pool, minor=minor,
        )  # fmt: skip
