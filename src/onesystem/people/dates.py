"""Dates of a list as its writer meant them: which of two numbers is the day, told by the column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

DAY, MONTH = "day", "month"
ORDERS = (DAY, MONTH)
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CENTURIES = range(1850, 2100)  # a number that may be a year of birth
_PLAIN = 20  # so many for each that says the opposite make an order plain: others are slips


@dataclass(frozen=True, slots=True)
class Written:
    """How a column writes its dates. `packed_last`: eight digits in a row end in the year."""

    first: str = DAY
    packed_last: bool = False
    this_year: int = 2100  # two digits of a year above this one's are of the century before


def how_written(values: Iterable[str], *, said: str = "", this_year: int = 2100) -> Written:
    """How the dates of a column are written; `said` is day or month where somebody knows.

    Raises BadConfig where neither the column nor anybody tells the day from the month.
    """
    texts = [value for value in values if value]
    packed = [value for value in map(_packed, texts) if value]
    front = sum(int(p[:4]) in _CENTURIES and int(p[4:6]) <= 12 for p in packed)
    last = sum(int(p[4:]) in _CENTURIES for p in packed)
    packed_last = last > front
    first = said or _first(texts, packed_last=packed_last)
    return Written(first, packed_last, this_year)


def _first(texts: Iterable[str], *, packed_last: bool) -> str:
    """Which comes first, the day or the month, as the numbers above twelve tell."""
    day = month = either = 0
    for text in texts:
        pair = _unnamed(text, packed_last=packed_last)
        if pair is None or pair[0] == pair[1]:
            continue
        day += pair[0] > 12 >= pair[1]
        month += pair[1] > 12 >= pair[0]
        either += max(pair) <= 12
    if day and month and max(day, month) < _PLAIN * min(day, month):
        raise BadConfig(
            say(
                "its dates are day first in {day} rows and month first in {month}",
                day=f"{day:,}",
                month=f"{month:,}",
            ),
            _CURE,
        )
    if not (day or month) and either:
        raise BadConfig("its dates do not tell the day from the month", _CURE)
    return MONTH if month > day else DAY


_CURE = "Say which comes first: --dates day, or --dates month; of one file: --dates FILE=month"


def _unnamed(text: str, *, packed_last: bool) -> tuple[int, int] | None:
    """The two numbers of which one is the day and the other the month, unless that is plain."""
    packed = _packed(text)
    if packed:
        return (int(packed[:2]), int(packed[2:4])) if packed_last else None
    parts = _PARTS.findall(text)[:3]
    if len(parts) < 3 or not all(part.isdecimal() for part in parts) or len(parts[0]) > 2:
        return None
    return int(parts[0]), int(parts[1])


def _packed(text: str) -> str:
    """The eight digits of a date without marks; empty where it is none."""
    bare = text.strip()
    return bare if len(bare) == 8 and bare.isdecimal() else ""


def date_text(value: str, written: Written = Written()) -> str:
    """A date as YYYY-MM-DD; one that was never a day is kept all the same.

    A mistyped 19651331 still differs from 19651231 in one place only.

    >>> date_text("19651331"), date_text("2/3/1980"), date_text("1980-03-02T00:00")
    ('1965-13-31', '1980-03-02', '1980-03-02')
    >>> date_text("3/2/1980", Written(MONTH)), date_text("2-Mar-80"), date_text("March 2nd, 1980")
    ('1980-03-02', '1980-03-02', '1980-03-02')
    """
    parts = _PARTS.findall(value)
    if not any(part.isdecimal() for part in parts):
        return ""
    found = _named(parts) or _numbered([p for p in parts if p.isdecimal()], written)
    if found is None:
        return "".join(part for part in parts if part.isdecimal())
    year, month, day = found
    if len(year) == 2:
        year = f"{19 if int(year) > written.this_year % 100 else 20}{year}"
    return f"{year}-{month:0>2}-{day:0>2}"


def _named(parts: list[str]) -> tuple[str, str, str] | None:
    """Year, month and day of a date that writes out its month."""
    months = [p[:3].lower() for p in parts if p[:3].lower() in _MONTHS]
    numbers = [p for p in parts if p.isdecimal()][:2]
    if not months or len(numbers) < 2:
        return None
    day, year = numbers if len(numbers[0]) <= 2 else numbers[::-1]
    return year, str(_MONTHS.index(months[0]) + 1), day


def _numbered(parts: list[str], written: Written) -> tuple[str, str, str] | None:
    if len(parts) >= 3 and len(parts[0]) == 4:
        return parts[0], parts[1], parts[2]
    if len(parts[0]) >= 8 or (len(parts) == 1 and len(parts[0]) == 7 and written.packed_last):
        text = parts[0].zfill(8)  # a spreadsheet takes the nought in front away
        if not written.packed_last:
            return text[:4], text[4:6], text[6:8]
        one, two, year = text[:2], text[2:4], text[4:8]
    elif len(parts) >= 3 and len(parts[2]) in {2, 4}:
        one, two, year = parts[:3]
    else:
        return None
    return (year, two, one) if written.first == DAY else (year, one, two)
