"""What a value of a resource, or of a search, means as figures and words. Pure.

Dates are whole microseconds since 1970 in UTC, with the first and the last that the written
precision covers; a time without a zone is one of UTC. Rules: hl7.org/fhir/R4/search.html.
"""

import hashlib
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

FIRST, LAST = -(2**62), 2**62  # the open ends of a period
WORDS = 200  # characters of a text that are indexed
CODE = 400  # characters of a code, identifier or URI that are indexed
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?"
    r"(Z|[+ -]\d\d:\d\d)?)?)?)?"  # a blank was a plus
)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_PUNCTUATION = {ord(c): None for c in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}


@lru_cache(maxsize=4096)
def system_number(system: str) -> int:
    """The number by which a code system or namespace is indexed; 0 for none. 47 bits."""
    if not system:
        return 0
    return (
        int.from_bytes(hashlib.blake2b(kept(system).encode(), digest_size=6).digest()) >> 1
    ) or 1


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text as strings are compared: no case, no accents, no punctuation, single spaces."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(c for c in parts if not unicodedata.combining(c) and _counts(c))
    text = text.lower().translate(_PUNCTUATION).replace("\0", "")
    return " ".join(text.split())[:WORDS]


def _counts(character: str) -> bool:
    return not unicodedata.category(character).startswith(("P", "Cs"))


def folded(code: str) -> str:
    """A code as tokens are compared: without case."""
    return kept(code).lower()[:CODE]


def kept(text: str) -> str:
    """A text that both databases take: no NUL, no half of a surrogate pair."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@lru_cache(maxsize=4096)
def date_range(text: str) -> tuple[int, int] | None:
    """The first and last microsecond of a date or time as written; None when it is none."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    leap_second = second == "60"
    try:
        start = datetime(int(year), int(month or 1), int(day or 1), int(hour or 0),
                         int(minute or 0), 59 if leap_second else int(second or 0),
                         tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None
    low = (start - _EPOCH) // _MICRO + (1_000_000 if leap_second else 0) - _offset(zone)
    if fraction is not None:
        low += int(fraction[:6].ljust(6, "0"))
    return low, low + _length(match) - 1


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    found = (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * 1_000_000
    return -found if zone[0] == "-" else found


def _length(match: "re.Match[str]") -> int:
    """How many microseconds the precision of a date covers."""
    year, month, day, _hour, minute, second, fraction, _zone = match.groups()
    if fraction is not None:
        return int(10 ** (6 - len(fraction[:6])))
    if second is not None:
        return 1_000_000
    if minute is not None:
        return 60_000_000
    return 86_400_000_000 * (1 if day is not None else _days(int(year), month))


def _days(year: int, month: str | None) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month is None:
        return 366 if leap else 365
    return [31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][int(month) - 1]


def number_range(text: str) -> tuple[float, float, float] | None:
    """The value, and from where to where (exclusive) a number as written is equal to it.

    `100` is [99.5, 100.5), `100.00` is [99.995, 100.005), and `1e2` is [95, 105): the table of
    search.html#number.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > 300:
        return None
    half = Decimal(5).scaleb(exponent - 1)
    if match[2] and not match[1] and exponent > 0:
        half /= 10
    return float(value), float(value - half), float(value + half)
