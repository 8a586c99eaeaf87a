"""How often something is done again: every so many days, or on days of the week. Pure.

A rule is kept as a short word: `1d` every day, `7d` weekly, `2d` every second day, `mo,th` on
Mondays and Thursdays. The times of a series follow from its first day and its rule, so nothing has
to be made before it is due.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_LONG = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_SAID = {"": "", "daily": "1d", "every day": "1d", "weekly": "7d", "every week": "7d",
         "every second day": "2d", "fortnightly": "14d", "weekdays": "mo,tu,we,th,fr"}  # fmt: skip
_EVERY = re.compile(r"every (\d{1,3}) days?|(\d{1,3})d")
_LOOK = 400  # days: no rule is rarer


def rule_of(text: str) -> str:
    """The rule that somebody wrote, as it is kept. Raises UserError.

    >>> rule_of("every day"), rule_of("every 3 days"), rule_of("Th, mo"), rule_of("")
    ('1d', '3d', 'mo,th', '')
    """
    said = " ".join(text.lower().split())
    if said in _SAID:
        return _SAID[said]
    if (found := _EVERY.fullmatch(said)) and 0 < (days := int(found[1] or found[2])) <= 366:
        return f"{days}d"
    named = [_day(word.strip()) for word in said.split(",")]
    if all(named):
        return ",".join(each for each in DAYS if each in named)
    raise UserError(
        say("{text} does not say how often", text=repr(text)),
        "Write every day, every 3 days, weekly, or mo,we,fr.",
    )


def _day(word: str) -> str:
    """The day that a word begins or names; empty where it is none."""
    found = [day for day, long in zip(DAYS, _LONG, strict=True) if long.lower().startswith(word)]
    return found[0] if len(word) > 1 and found else ""


def words_of(rule: str) -> str:
    """A rule as a page says it.

    >>> words_of("1d"), words_of("7d"), words_of("mo,th"), words_of("3d")
    ('every day', 'every week', 'on Mondays, Thursdays', 'every 3 days')
    """
    if not rule:
        return ""
    if rule.endswith("d"):
        days = int(rule[:-1])
        return {1: "every day", 7: "every week", 14: "every 2 weeks"}.get(
            days, say("every {days} days", days=days)
        )
    return "on " + ", ".join(_LONG[DAYS.index(each)] for each in rule.split(","))


def falls_on(rule: str, first: date, day: date) -> bool:
    """Whether a series that began on a day has a turn on another."""
    if day < first or not rule:
        return day == first
    if rule.endswith("d"):
        return (day - first).days % int(rule[:-1]) == 0
    return day == first or DAYS[day.weekday()] in rule.split(",")


def days_between(rule: str, first: date, since: date, until: date) -> Iterator[date]:
    """The days of a series from one day to another, both included."""
    day = max(first, since)
    while day <= until:
        if falls_on(rule, first, day):
            yield day
        day += timedelta(days=1)


def next_after(rule: str, first: date, day: date, until: date | None) -> date | None:
    """The next day of a series after a day; None where it is over."""
    last = max(day, first) + timedelta(days=_LOOK)
    end = min(until, last) if until else last
    after = day + timedelta(days=1)
    return next(days_between(rule, first, after, end), None)
