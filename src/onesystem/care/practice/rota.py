"""The rota as arithmetic: what a service needs by the hour of the week, who is down, what is left.

Pure. All times are aware; needs are by the district's clocks, so that a shift in the night of a
clock change is an hour longer or shorter, and a need from 01:00 to 03:00 is covered as the clocks
show it. Own definition; there is no standard for a rota.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from onesystem.vocabulary import to_utc


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Need:
    """How many people of a role a service needs on a weekday (Monday 0) between two clock times.

    One that ends at or before it opens runs past midnight. It holds from the day `since` on, and
    no more on the day `until`.
    """

    weekday: int
    opens: time
    closes: time
    role: str
    people: int = 1
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Shift:
    """Somebody is down for a role between two moments."""

    starts: datetime
    ends: datetime
    role: str
    who: str
    number: int = 0


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Gap:
    """A stretch for which fewer are down than needed; `missing` people of that role."""

    starts: datetime
    ends: datetime
    role: str
    missing: int


def wanted(needs: Iterable[Need], *, first: date, days: int, zone: str) -> Iterator[Gap]:
    """Each need on each day that it falls on, as a stretch with nobody down for it yet."""
    needs = list(needs)
    for day in (first + timedelta(days=n) for n in range(days)):
        for need in needs:
            if need.weekday != day.weekday() or not need.since <= day < need.until:
                continue
            last = day if need.closes > need.opens else day + timedelta(days=1)
            starts = to_utc(datetime.combine(day, need.opens), zone)
            ends = to_utc(datetime.combine(last, need.closes), zone)
            if starts < ends:
                yield Gap(starts=starts, ends=ends, role=need.role, missing=need.people)


def gaps(
    needs: Iterable[Need], shifts: Sequence[Shift], *, first: date, days: int, zone: str
) -> list[Gap]:
    """Where fewer people are down than needed, in order of time; neighbours alike are one.

    Several needs of one role at the same time add up, and a shift covers one person of its role.
    """
    asked = list(wanted(needs, first=first, days=days, zone=zone))
    found: list[Gap] = []
    for role in sorted({each.role for each in asked}):
        mine = [each for each in asked if each.role == role]
        down = [each for each in shifts if each.role == role]
        for left, right in _stretches(mine, down):
            missing = sum(n.missing for n in mine if n.starts <= left < n.ends)
            missing -= sum(1 for s in down if s.starts <= left < s.ends)
            if missing > 0:
                _extend(found, Gap(starts=left, ends=right, role=role, missing=missing))
    return sorted(found)


def _stretches(asked: Sequence[Gap], down: Sequence[Shift]) -> Iterator[tuple[datetime, datetime]]:
    """The stretches between any two neighbouring moments at which something begins or ends."""
    begin = {each.starts for each in asked} | {each.starts for each in down}
    end = {each.ends for each in asked} | {each.ends for each in down}
    edges = sorted(begin | end)
    yield from pairwise(edges)


def _extend(found: list[Gap], gap: Gap) -> None:
    last = found[-1] if found else None
    if last and (last.ends, last.role, last.missing) == (gap.starts, gap.role, gap.missing):
        found[-1] = Gap(
            starts=last.starts, ends=gap.ends, role=gap.role, missing=gap.missing
        )  # fmt: skip
    else:
        found.append(gap)


def clashes(shifts: Sequence[Shift]) -> list[tuple[Shift, Shift]]:
    """Pairs of shifts of one person that overlap, in order of time."""
    found = []
    by_person: dict[str, list[Shift]] = {}
    for each in sorted(shifts):
        by_person.setdefault(each.who, []).append(each)
    for mine in by_person.values():
        for n, each in enumerate(mine):
            for other in mine[n + 1 :]:
                if other.starts >= each.ends:
                    break
                found.append((each, other))
    return sorted(found)
