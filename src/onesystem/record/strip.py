"""The picture above a timeline: one lane a setting, time from left to right, a bar a contact.

Places along the strip are parts of its width in per cent, so that it fits a phone and a wall.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from onesystem.record.timeline import OPEN
from onesystem.vocabulary import Contact, Setting, Standing, to_local, zone

_LEAST = 0.4  # per cent of the width: a bar that can still be seen
_ROUND_UP = (1, 2, 3, 6, 12, 24, 60, 120)  # months between two ticks


@dataclass(frozen=True, slots=True)
class Bar:
    """One contact, or several that lie too close to be told apart."""

    left: float
    width: float
    open: bool
    waiting: bool
    contacts: int
    first: int  # the id of the first contact in it
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Lane:
    """The contacts of one setting."""

    setting: Setting
    bars: tuple[Bar, ...]
    contacts: int


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of a month or of a year, or of a day where the strip is short."""

    left: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The whole picture; `start` and `end` are the moments at its two edges."""

    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


def draw(contacts: Iterable[Contact], *, at: datetime, zone_name: str) -> Strip | None:
    """The strip of those contacts, up to `at` at the right; None where none has a time."""
    spans = [(c, span) for c in contacts if not c.cancelled and (span := _span(c, at))]
    if not spans:
        return None
    start = min(begins for _, (begins, _) in spans)
    end = max(*(ends for _, (_, ends) in spans), at, start + timedelta(hours=1))
    lanes: dict[Setting, list[tuple[Contact, tuple[datetime, datetime]]]] = defaultdict(list)
    for c, span in spans:
        lanes[c.setting].append((c, span))
    return Strip(
        start=start,
        end=end,
        lanes=tuple(
            Lane(setting, _bars(lanes[setting], start, end), len(lanes[setting]))
            for setting in Setting
            if setting in lanes
        ),
        ticks=tuple(_ticks(start, end, zone_name)),
    )


def _span(c: Contact, at: datetime) -> tuple[datetime, datetime] | None:
    begins = c.moment
    if begins is None:
        return None
    ends = c.ended or (max(at, begins) if c.standing in OPEN else begins)
    return begins, max(ends, begins)


def _bars(
    spans: list[tuple[Contact, tuple[datetime, datetime]]], start: datetime, end: datetime
) -> tuple[Bar, ...]:
    """Bars from left to right. Two that would touch are drawn as one that counts them."""
    whole = (end - start).total_seconds()
    bars: list[Bar] = []
    for c, (begins, ends) in sorted(spans, key=lambda each: each[1]):
        left = 100 * (begins - start).total_seconds() / whole
        width = max(_LEAST, 100 * (ends - begins).total_seconds() / whole)
        left = min(left, 100 - _LEAST)
        width = min(width, 100 - left)
        is_open = c.standing in OPEN
        waiting = c.standing is Standing.WAITING
        bar = Bar(left, width, is_open, waiting, 1, c.contact, begins, ends)
        last = bars[-1] if bars else None
        if (
            last
            and (last.open, last.waiting) == (is_open, waiting)
            and left < last.left + last.width
        ):
            bars[-1] = _joined(last, bar)
        else:
            bars.append(bar)
    return tuple(bars)


def _joined(one: Bar, other: Bar) -> Bar:
    right = max(one.left + one.width, other.left + other.width)
    return Bar(
        one.left,
        right - one.left,
        one.open,
        one.waiting,
        one.contacts + other.contacts,
        one.first,
        one.start,
        max(one.end, other.end),
    )


def _ticks(start: datetime, end: datetime, zone_name: str) -> Iterable[Tick]:
    whole = (end - start).total_seconds()
    days = whole / 86_400
    moments = _days(start, end, zone_name, days) if days < 45 else _months(start, end, zone_name)
    for moment, label in moments:
        left = 100 * (moment - start).total_seconds() / whole
        if 0 <= left <= 97:
            yield Tick(round(left, 2), label)


def _days(
    start: datetime, end: datetime, zone_name: str, days: float
) -> Iterable[tuple[datetime, str]]:
    step = max(1, ceil(days / 8))
    local = to_local(start, zone_name)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    while True:
        midnight += timedelta(days=step)
        moment = midnight.replace(tzinfo=zone(zone_name)).astimezone(UTC)
        if moment >= end:
            return
        yield moment, f"{midnight.day} {midnight:%b}"


def _months(start: datetime, end: datetime, zone_name: str) -> Iterable[tuple[datetime, str]]:
    months = (end - start).days / 30.44
    step = next((n for n in _ROUND_UP if months / n <= 8), 240)
    first = to_local(start, zone_name)
    count = first.year * 12 + first.month - 1
    count += step - count % step
    while True:
        year, month = divmod(count, 12)
        moment = datetime(year, month + 1, 1, tzinfo=zone(zone_name)).astimezone(UTC)
        if moment >= end:
            return
        yield moment, str(year) if month == 0 else f"{moment.astimezone(zone(zone_name)):%b %Y}"
        count += step
