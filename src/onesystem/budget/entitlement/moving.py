"""How a settlement moves what was paid meanwhile: whole pence, month by month. Pure.

One purse paid all of it from the day care began. What others owe is worked out by the day, rounded
down on the running total, so that no purse ever owes a penny more than its weeks, and the months
sum exactly to the whole.

    10.00 a week from 1 April: 30 days owe 42.85, 61 days 87.14; May is 44.29, not 44.28
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a purse owes to the one that paid meanwhile, for one month."""

    month: date
    meanwhile: str
    purse: str
    amount: int


def owed(weekly: Mapping[str, int], meanwhile: str, since: date, until: date) -> tuple[Moved, ...]:
    """What each other purse owes for the days from `since` to before `until`, by month."""
    found = []
    for purse, amount in weekly.items():
        if purse == meanwhile or not amount:
            continue
        before = 0
        for month, days in months(since, until):
            running = amount * days // _WEEK
            if running > before:
                found.append(
                    Moved(month=month, meanwhile=meanwhile, purse=purse, amount=running - before)
                )
            before = running
    return tuple(sorted(found, key=lambda m: (m.month, m.purse)))


def settled(
    weekly: Mapping[str, int], waits: Sequence[tuple[str, date]], until: date
) -> tuple[Moved, ...]:
    """The same where one purse after another paid meanwhile, each from a day on."""
    sums: dict[tuple[date, str, str], int] = {}
    ends = [since for _, since in waits[1:]] + [until]
    for (purse, since), end in zip(waits, ends, strict=True):
        for each in owed(weekly, purse, since, min(end, until)):
            key = (each.month, each.meanwhile, each.purse)
            sums[key] = sums.get(key, 0) + each.amount
    return tuple(Moved(month=m, meanwhile=a, purse=b, amount=n)
                 for (m, a, b), n in sorted(sums.items()))  # fmt: skip


def months(since: date, until: date) -> list[tuple[date, int]]:
    """Each month from a day to before another, with the days from the first day to its end."""
    found, month = [], since.replace(day=1)
    while month < until:
        after = (month + timedelta(days=32)).replace(day=1)
        found.append((month, (min(after, until) - since).days))
        month = after
    return found
