"""Where the marks of an axis stand: round numbers, and days, months or years. Pure."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from onesystem.flow.sheets import Turn

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


def numbers(low: float, high: float, at_most: int = 6) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`.

    >>> numbers(3, 17), numbers(0.12, 0.29)
    ([0.0, 5.0, 10.0, 15.0, 20.0], [0.1, 0.15, 0.2, 0.25, 0.3])
    """
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / (at_most - 1)))
    step = next((s * power for s in _STEPS if span / (s * power) <= at_most - 1), 10 * power)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(i * step, 12) for i in range(first, max(last, first + 1) + 1)]


def places(ticks: Sequence[float]) -> int:
    """How many decimals tell the ticks apart."""
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    return next((n for n in range(6) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 6)


def times(first: date, last: date, at_most: int = 9) -> list[tuple[date, str]]:
    """Days on which a mark stands, and their words: days of a short span, else months or years.

    Turns are told as the numbers that they are.
    """
    if isinstance(first, Turn) and isinstance(last, Turn):
        ticks = numbers(first.number, last.number, at_most)
        round_ones = [int(t) for t in ticks if t == int(t) and first.number <= t <= last.number]
        return [(Turn.of(n), f"{n}") for n in round_ones]
    span = (last - first).days
    for days in _DAYS:
        if span / days <= at_most - 1:
            marks = range(0, span + 1, days)
            return [(d := first + timedelta(days=n), f"{d.day} {d:%b}") for n in marks]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((m for m in _MONTHS if months / m <= at_most - 1), _MONTHS[-1])
    start = first.year * 12 + first.month - 1 + (1 if first.day > 1 else 0)
    start += -start % step
    marks = range(start, last.year * 12 + last.month, step)
    found = [date(n // 12, n % 12 + 1, 1) for n in marks]
    return [(d, f"{d:%Y}" if step >= 12 else f"{d:%b} {d:%Y}") for d in found]
