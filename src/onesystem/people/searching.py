"""What someone typed into the search box, taken apart: names, a birth date, a number."""

import re
from dataclasses import dataclass
from datetime import date

from onesystem.people.names import fold

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b")
_IN_WORDS = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})[\s,-]+(\d{4})\b", re.IGNORECASE
)
_NUMBER = re.compile(r"[A-Za-z]{0,3}\d[\d\s-]*[A-Za-z]{0,2}")


@dataclass(frozen=True, slots=True)
class Asked:
    """`names` are folded; `number` is without spaces; `as_typed` may be a source's own number."""

    names: tuple[str, ...] = ()
    birth_date: str = ""
    number: str = ""
    as_typed: str = ""


def taken_apart(text: str) -> Asked:
    """What a search text asks for.

    >>> taken_apart("māia NGATA 2 Mar 1980")
    Asked(names=('maia', 'ngata'), birth_date='1980-03-02', number='', as_typed='')
    >>> taken_apart("943 476 5919").number
    '9434765919'
    """
    text = " ".join(text.split())[:200]
    birth, rest = _date_in(text)
    bare = rest.strip()
    number = ""
    if bare and any(c.isdigit() for c in bare) and _NUMBER.fullmatch(bare):
        number = re.sub(r"[\s-]", "", bare).upper()
    if number or any(c.isdigit() for c in bare):
        return Asked((), birth, number, bare)
    return Asked(tuple(fold(bare).split()[:6]), birth)


def _date_in(text: str) -> tuple[str, str]:
    for pattern, order in (
        (_YEAR_FIRST, (0, 1, 2)),
        (_DAY_FIRST, (2, 1, 0)),
        (_IN_WORDS, (2, 1, 0)),
    ):
        for found in pattern.finditer(text):
            parts = found.groups()
            year, month, day = (parts[i] for i in order)
            iso = _iso(year, month, day)
            if iso:
                return iso, text[: found.start()] + text[found.end() :]
    return "", text


def _iso(year: str, month: str, day: str) -> str:
    if month.isalpha():
        if month[:3].lower() not in _MONTHS:
            return ""
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    full = int(year) if len(year) == 4 else _century(int(year))
    try:
        return date(full, int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _century(two: int) -> int:
    # Two digits above the present year's are of the last century: nobody is born in the future.
    return 2000 + two if two <= date.today().year % 100 else 1900 + two  # noqa: DTZ011
