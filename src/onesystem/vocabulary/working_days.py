"""Working days: neither Saturday, Sunday nor a public holiday of the country. Pure.

England and Wales: the bank holidays (Banking and Financial Dealings Act 1971; one on a weekend
moves to the next working day). New Zealand: the national holidays (Holidays Act 2003, with those
that move to Monday; Te Kahui o Matariki Public Holiday Act 2022), without those of provinces.

>>> working_day(date(2026, 4, 3), "England"), working_day(date(2026, 4, 7), "England")
(False, True)
>>> after(date(2026, 4, 2), 3, "England")  # over Easter
datetime.date(2026, 4, 9)
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5
# Te Kahui o Matariki Public Holiday Act 2022, schedule 1.
_MATARIKI = {
    2022: (6, 24), 2023: (7, 14), 2024: (6, 28), 2025: (6, 20), 2026: (7, 10), 2027: (6, 25),
    2028: (7, 14), 2029: (7, 6), 2030: (6, 21), 2031: (7, 11), 2032: (7, 2),
}  # fmt: skip


def country_of(currency: str) -> str:
    """Whose holidays hold where people pay in a currency."""
    return "New Zealand" if currency == "NZD" else "England"


def working_day(day: date, country: str) -> bool:
    """Whether people work on a day."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year, country)


def after(day: date, count: int, country: str) -> date:
    """The day that so many working days after a day is; the day itself does not count.

    >>> after(date(2026, 12, 24), 2, "England")  # a Thursday; Boxing Day is kept on the Monday
    datetime.date(2026, 12, 30)
    """
    while count > 0:
        day += _DAY
        count -= working_day(day, country)
    return day


@lru_cache(maxsize=128)
def holidays(year: int, country: str) -> frozenset[date]:
    """The days of a year on which nobody works, weekends aside."""
    return frozenset(_new_zealand(year) if country == "New Zealand" else _england(year))


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian algorithm (Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


def _england(year: int) -> Iterator[date]:
    yield from _moved([date(year, 1, 1)])
    yield easter(year) - 2 * _DAY
    yield easter(year) + _DAY
    yield _monday(year, 5, 1)
    yield _monday(year, 6, 1) - 7 * _DAY  # the last of May
    yield _monday(year, 9, 1) - 7 * _DAY  # the last of August
    yield from _moved([date(year, 12, 25), date(year, 12, 26)])


def _new_zealand(year: int) -> Iterator[date]:
    yield from _moved([date(year, 1, 1), date(year, 1, 2)])
    yield from _moved([date(year, 2, 6)])
    yield easter(year) - 2 * _DAY
    yield easter(year) + _DAY
    yield from _moved([date(year, 4, 25)])
    yield _monday(year, 6, 1)
    if year in _MATARIKI:
        yield date(year, *_MATARIKI[year])
    yield _monday(year, 10, 4)
    yield from _moved([date(year, 12, 25), date(year, 12, 26)])


def _moved(days: list[date]) -> Iterator[date]:
    """Holidays in a row; one on a weekend moves to the next day that is neither."""
    taken: set[date] = {day for day in days if day.weekday() < _SATURDAY}
    for day in days:
        moved = day
        while moved.weekday() >= _SATURDAY or (moved in taken and moved != day):
            moved += _DAY
        taken.add(moved)
    yield from taken


def _monday(year: int, month: int, which: int) -> date:
    """The so manieth Monday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(_MONDAY - first.weekday()) % 7 + 7 * (which - 1))
