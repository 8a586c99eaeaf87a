"""Facts into words that every page uses: lengths of time, moments, ages, counts, safe cells.

A length is never a bare number: it carries its units, and no more of them than a reader needs.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from onesystem.vocabulary.said import listed, say, say_counted
from onesystem.vocabulary.spreadsheets import harmless
from onesystem.vocabulary.time import zone

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_UNITS = (timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))  # of ages, as they grow
_MONTHS = tuple(
    say(month)
    for month in (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    )
)  # fmt: skip

# The extractor knows the names of days and months by itself.
DAY_NAMES = tuple(
    say(day)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


def length(stretch: timedelta) -> str:
    """A length of time in at most two units.

    >>> length(timedelta(minutes=130)), length(timedelta(days=3, hours=4)), length(timedelta(0))
    ('2 h 10 min', '3 days 4 h', 'under 1 min')
    """
    seconds = int(abs(stretch).total_seconds())
    if seconds < _MINUTE:
        return say("under 1 min")
    if seconds < 2 * _DAY:
        hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
        return _two(_hours(hours), say("{n} min", n=minutes) if minutes else "")
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    if days < 14:
        return _two(counted(days, "day"), _hours(hours))
    if days < 90:
        return counted(days, "day")
    if days < 730:
        return counted(round(days / 30.44), "month")
    return counted(int(days / 365.25), "year")


def _hours(hours: int) -> str:
    return say("{n} h", n=hours) if hours else ""


def _two(first: str, second: str) -> str:
    return (
        say("{first} {second}", first=first, second=second) if first and second else first or second
    )


def ago(moment: datetime, *, now: datetime) -> str:
    """How far away a moment is.

    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> ago(noon, now=noon + timedelta(hours=2)), ago(noon, now=noon - timedelta(days=2))
    ('2 h ago', 'in 2 days')
    """
    stretch = now - moment
    if abs(stretch) < timedelta(minutes=1):
        return say("just now")
    if stretch < timedelta(0):
        return say("in {length}", length=length(stretch))
    return say("{length} ago", length=length(stretch))


def steady_until(moment: datetime, *, now: datetime) -> datetime:
    """How long `ago` will say of a moment what it says now: at least until then.

    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> (steady_until(noon, now=noon + timedelta(days=20, hours=5)) - noon).days
    21
    """
    stretch = now - moment
    far = abs(stretch)
    unit = _UNITS[0 if far < timedelta(days=2) else 1 if far < timedelta(days=14) else 2]
    passed = far // unit * unit
    # What is to come draws nearer, and what was goes further away.
    return moment - passed if stretch < timedelta(0) else moment + passed + unit


def local(moment: datetime, zone_name: str) -> str:
    """A moment as the district's clocks showed it; an hour that happens twice names which it was.

    >>> local(datetime(2026, 7, 1, 8, 5, tzinfo=UTC), "Europe/London")
    '1 Jul 2026, 09:05'
    """
    there = moment.astimezone(zone(zone_name))
    twice = there.utcoffset() != there.replace(fold=1 - there.fold).utcoffset()
    which = f" {there.tzname()}" if twice else ""
    clock = f"{there.hour:02}:{there.minute:02}{which}"
    return say("{day}, {clock}", day=day(there), clock=clock)


def day(when: date) -> str:
    """A date with its month in letters, which no reader can turn round.

    >>> day(date(2026, 3, 4))
    '4 Mar 2026'
    """
    month, year = _MONTHS[when.month - 1], f"{when.year:04}"
    return say("{day} {month} {year}", day=when.day, month=month, year=year)


def age(born: date, *, on: date) -> str:
    """An age as clinicians say it: days, weeks, months, then years.

    >>> age(date(1950, 3, 4), on=date(2026, 3, 3)), age(date(2026, 1, 1), on=date(2026, 1, 15))
    ('75 years', '2 weeks')
    """
    if on < born:
        return say("not yet born")
    days = (on - born).days
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if days < 14:
        return counted(days, "day")
    if months < 3:
        return counted(days // 7, "week")
    return counted(months, "month") if months < 24 else counted(months // 12, "year")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number and its noun.

    >>> counted(1, "contact"), counted(2000, "contact"), counted(0, "entry", "entries")
    ('1 contact', '2,000 contacts', '0 entries')
    """
    many = f"{{n}} {plural or noun + 's'}"
    return say_counted(f"{{n}} {noun}", many, number, n=f"{number:,}")


def all_of(parts: Sequence[str]) -> str:
    """Some texts as a sentence names them together; none is an empty text.

    >>> all_of(["age", "sex", "practice"]), all_of(["age"])
    ('age, sex and practice', 'age')
    """
    *some, last = parts or ("",)
    return say("{some} and {last}", some=listed(some), last=last) if some else last


def any_of(parts: Sequence[str]) -> str:
    """Some texts of which one is enough, as a sentence names them.

    >>> any_of(["age", "sex", "practice"]), any_of([])
    ('age, sex or practice', '')
    """
    *some, last = parts or ("",)
    return say("{some} or {last}", some=listed(some), last=last) if some else last


def safe_cell(value: object) -> str:
    """A cell for a spreadsheet: text that would run as a formula is kept as text.

    >>> safe_cell("=1+1"), safe_cell(None), safe_cell(-4)
    ("'=1+1", '', '-4')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return str(harmless(value))


def safe_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterable[str]:
    """The lines of a CSV file that Excel opens with its accents right and runs nothing of."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[object]) -> str:
    return ",".join(_quoted(safe_cell(cell)) for cell in cells) + "\r\n"


def _quoted(text: str) -> str:
    if any(c in text for c in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
