"""A cell of a file as a day. Pure."""

import re
from datetime import date, datetime
from typing import Any

from onesystem.vocabulary import BadInput
from onesystem.vocabulary.said import say

_SHORT = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {m: i for i, m in enumerate(_SHORT, 1)}
_GAP = r"[ \-/.,']{0,2}"
_WORDS_BEFORE = re.compile(r"(?:w/[ce]|m/[ce]|(?:week|month)[ -](?:ending|commencing)|wk) *:? *")
_HOUR = re.compile(
    r"(?<=\d)(?:t| +)\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m| ?z|[+-]\d\d:?\d\d)?$"
)
_ISO_WEEK = re.compile(r"(\d{4})[- ]?w(?:k|eek)?[ -]?(\d{1,2})$")
_QUARTER = re.compile(
    r"(?P<year>\d{4})(?:[/-](?P<to>\d{2}|\d{4}))?[ -:]?q(?:tr|uarter)? ?(?P<q>[1-4])$"
)
_QUARTER_FIRST = re.compile(
    r"q(?:tr|uarter)? ?(?P<q>[1-4])[ -]?(?P<year>\d{4})(?:[/-](?P<to>\d{2}|\d{4}))?$"
)
_YEAR_MONTH = re.compile(r"(\d{4})(?:[-/.m](\d{1,2}))?$")
_RUN_TOGETHER = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])([0-3]\d)?$")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})$")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$")
_NAMED = re.compile(
    rf"(?:(\d{{1,2}})(?:st|nd|rd|th)?{_GAP})?([a-z]{{3}})[a-z]*{_GAP}(\d{{4}}|\d{{2}})$"
)
_NAME_FIRST = re.compile(r"([a-z]{3})[a-z]* (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_YEAR_NAMED = re.compile(rf"(\d{{4}}){_GAP}([a-z]{{3}})[a-z]*$")
_FINANCIAL = re.compile(r"(?:fy ?)?(\d{4})[/-](\d{2}|\d{4})$")
_NOUGHT = 1_000_000  # where the days begin that stand for numbers


class Turn(date):
    """A number in place of a day: the fifth sample of a line, week 12 of a study.

    Charts and models only ask what comes before what, and how far apart; a number is put where
    nobody has days, and is told as the number that it is.

    >>> f"{Turn.of(5)}", Turn.of(5).isoformat(), (Turn.of(7) - Turn.of(5)).days, Turn.of(-3).number
    ('5', '5', 2, -3)
    """

    @classmethod
    def of(cls, number: int) -> "Turn":
        """The place of a number."""
        return cls.fromordinal(number + _NOUGHT)

    @property
    def number(self) -> int:
        """What number it is."""
        return self.toordinal() - _NOUGHT

    def isoformat(self) -> str:
        """The number."""
        return str(self.number)

    def strftime(self, _form: str, /) -> str:
        """The number, whatever form of a day is asked for."""
        return str(self.number)

    __str__ = isoformat


def day(cell: Any, row: int, column: str, *, month_first: bool = False) -> date:
    """The day in a cell; of a week, month, quarter or year its first day. Raises BadInput.

    Row nought: somebody gave it beside the file, as the option `column`.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = "" if cell is None else str(cell).strip()
    try:
        return _parsed(text.lower(), month_first=month_first)
    except ValueError:
        raise BadInput(
            say("{text} is not a date", text=repr(text)),
            rule="sheet.no-date",
            cure="Write 2026-01-31, 31/01/2026 (the day first), 2026-01, 2026-Q1 or 2026-W05",
            where=say("row {row}, column {column}", row=row, column=column) if row else column,
        ) from None


def is_day(cell: Any) -> bool:
    """Whether a cell is a date in one of the forms that are read."""
    try:
        day(cell, 0, "")
    except BadInput:
        return False
    return True


def slashed(text: str) -> tuple[int, int, int] | None:
    """The three numbers of 31/01/2026, in the order in which they stand."""
    found = _DAY_FIRST.match(_HOUR.sub("", text.strip().lower()))
    return (int(found[1]), int(found[2]), _year(found[3])) if found else None


def names_a_day(text: str) -> bool:
    """Whether a date is that of one day, and not of a month, a quarter or a year."""
    told = _HOUR.sub("", text.strip().lower())
    run, named = _RUN_TOGETHER.match(told), _NAMED.match(told)
    whole = (_YEAR_FIRST.match(told), _DAY_FIRST.match(told), _NAME_FIRST.match(told))
    return any(whole) or bool(run and run[3]) or bool(named and named[1])


def financial(text: str) -> int:
    """The first year of 2023/24 or 2023-24; nought where it is something else."""
    found = _FINANCIAL.match(text)
    return int(found[1]) if found and (int(found[1]) + 1) % 100 == int(found[2]) % 100 else 0


def _parsed(text: str, *, month_first: bool) -> date:
    """A day, or the first day of a week, month, quarter or year. Raises ValueError."""
    text = _HOUR.sub("", _WORDS_BEFORE.sub("", text, count=1))
    if longer := _of_weeks_and_quarters(text):
        return longer
    for form, order in ((_YEAR_MONTH, (1, 2, 0)), (_MONTH_YEAR, (2, 1, 0)),
                        (_RUN_TOGETHER, (1, 2, 3)), (_YEAR_FIRST, (1, 2, 3))):  # fmt: skip
        if found := form.match(text):
            year, month, of_month = (int(found[i] or 1) if i else 1 for i in order)
            return date(year, month, of_month)
    if found := _DAY_FIRST.match(text):
        one, two = int(found[1]), int(found[2])
        return date(_year(found[3]), *((one, two) if month_first else (two, one)))
    if named := _by_name(text):
        return named
    return datetime.fromisoformat(text.replace("z", "+00:00").upper()).date()


def _of_weeks_and_quarters(text: str) -> date | None:
    """The first day of a week, a quarter or a financial year; None for anything else."""
    if found := _ISO_WEEK.match(text):
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    if found := _QUARTER.match(text) or _QUARTER_FIRST.match(text):
        return _quarter(int(found["year"]), int(found["q"]), financial=bool(found["to"]))
    begins = financial(text)
    return date(begins, 4, 1) if begins and int(text[-2:]) > 12 else None


def _by_name(text: str) -> date | None:
    """A day or a month whose month is a word."""
    if (found := _NAMED.match(text)) and found[2] in _MONTHS:
        return date(_year(found[3]), _MONTHS[found[2]], int(found[1] or 1))
    if (found := _NAME_FIRST.match(text)) and found[1] in _MONTHS:
        return date(int(found[3]), _MONTHS[found[1]], int(found[2]))
    if (found := _YEAR_NAMED.match(text)) and found[2] in _MONTHS:
        return date(int(found[1]), _MONTHS[found[2]], 1)
    return None


def _year(text: str) -> int:
    """A year of two figures lies in 1970 to 2069."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _quarter(year: int, quarter: int, *, financial: bool) -> date:
    """The first day of a quarter. A financial year begins with April's."""
    month = 3 * quarter - 2 + (3 if financial else 0)
    return date(year + (month > 12), (month - 1) % 12 + 1, 1)
