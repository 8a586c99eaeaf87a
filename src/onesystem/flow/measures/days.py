"""Days of the district: which one a moment lies in, and the periods that days make up.

A day is a whole number counted from 1 January 1970 by the district's clocks. The clocks' changes
are a short list of moments, so that every engine cuts days by the same few whole numbers instead
of by its own idea of a time zone.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from onesystem.vocabulary.said import say
from onesystem.vocabulary.time import zone

DAY = 86_400_000
_EPOCH = date(1970, 1, 1)
PERIODS = ("day", "week", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Clock:
    """The clocks of a zone: `offsets[i]` milliseconds ahead of UTC from `changes[i - 1]` on."""

    changes: tuple[int, ...]
    offsets: tuple[int, ...]

    def day(self, moment: int) -> int:
        """The day that a moment (milliseconds since 1970 UTC) lies in."""
        return (moment + self.offsets[bisect_right(self.changes, moment)]) // DAY

    def midnight(self, day: int) -> int:
        """The moment at which a day begins; of a midnight that comes twice, the first."""
        local = day * DAY
        # No zone is a day ahead or behind, so earlier changes have come before this midnight.
        for at in range(bisect_left(self.changes, local - DAY), len(self.changes)):
            change = self.changes[at]
            if local - self.offsets[at] < change:
                return local - self.offsets[at]
            if local < change + self.offsets[at + 1]:
                return change  # the clocks skipped this midnight
        return local - self.offsets[-1]


@lru_cache(maxsize=8)
def clock(zone_name: str, first: int = 1980, last: int = 2045) -> Clock:
    """The clocks of a zone over those years."""
    place = zone(zone_name)

    def ahead(moment: datetime) -> int:
        return int(moment.astimezone(place).utcoffset().total_seconds()) * 1000  # type: ignore[union-attr]

    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    changes: list[int] = []
    offsets = [ahead(at)]
    while at < end:
        after = at + timedelta(days=7)
        if ahead(after) != offsets[-1]:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                low, high = (middle, high) if ahead(middle) == offsets[-1] else (low, middle)
            moment = high.replace(microsecond=0)
            changes.append(int(moment.timestamp()) * 1000)
            offsets.append(ahead(after))
        at = after
    return Clock(tuple(changes), tuple(offsets))


def day_of(date_: date) -> int:
    """The number of a date."""
    return (date_ - _EPOCH).days


@lru_cache(maxsize=65_536)
def date_of(day: int) -> date:
    """The date of a number."""
    return _EPOCH + timedelta(days=day)


def iso_day(text: str) -> int | None:
    """The number of a date as ISO text; nothing where it is none."""
    try:
        return day_of(date.fromisoformat(text))
    except ValueError:
        return None


@lru_cache(maxsize=262_144)
def begin(day: int, period: str) -> int:
    """The first day of the period that a day lies in. Weeks begin on Monday."""
    if period == "day":
        return day
    if period == "week":
        return day - (day + 3) % 7
    on = date_of(day)
    month = {"month": on.month, "quarter": (on.month - 1) // 3 * 3 + 1, "year": 1}[period]
    return day_of(date(on.year, month, 1))


def first_of(day: int, period: str) -> int:
    """The first day of the first period of the year that the day before a day lies in."""
    return begin(begin(day - 1, "year"), period)


def after(day: int, period: str) -> int:
    """The first day of the next period, from the first day of one."""
    if period == "day":
        return day + 1
    if period == "week":
        return day + 7
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    on = date_of(day)
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return day_of(date(year, month + 1, 1))


def span(start: date, end: date, period: str) -> list[int]:
    """The first days of all periods that begin before `end`, from the one that `start` lies in."""
    at, last = begin(day_of(start), period), day_of(end)
    found = []
    while at < last:
        found.append(at)
        at = after(at, period)
    return found


@lru_cache(maxsize=262_144)
def ymd(day: int) -> int:
    """A day as the number 20261122, by which ages are told."""
    on = date_of(day)
    return on.year * 10_000 + on.month * 100 + on.day


def years_between(born: int | None, day: int | None) -> int | None:
    """Whole years from one day to another; someone born on 29 February ages on 1 March."""
    if born is None or day is None:
        return None
    return (ymd(day) - ymd(born)) // 10_000


BANDS = tuple(range(0, 95, 5))  # the five-year bands of the European Standard Population 2013


def band_of(age: int | None) -> int:
    """The first year of the five-year band of an age, 90 and over as one; -1 for unknown."""
    return -1 if age is None or age < 0 else min(age // 5 * 5, 90)


_WIDE = (
    (0, say("0 to 4")),
    (5, say("5 to 14")),
    (15, say("15 to 44")),
    (45, say("45 to 64")),
    (65, say("65 to 74")),
    (75, say("75 to 84")),
    (85, say("85 and over")),
)


def wide_band(band: int) -> str:
    """The band of ages that pages show."""
    if band < 0:
        return "unknown"
    return next(words for first, words in reversed(_WIDE) if band >= first)


WIDE_BANDS = (*(words for _, words in _WIDE), "unknown")
