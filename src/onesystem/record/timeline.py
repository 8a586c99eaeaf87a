"""One person's contacts and requests in order: what led to what, what is open, how long it took.

Pure: contacts and requests in, a `Timeline` out. In lists what is still open comes first and then
the newest; inside a visit and on the strip the oldest is on the left.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from onesystem.vocabulary import Asked, Contact, Setting, Standing

_STRETCH = re.compile(r"(.+)/(\d+)")
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
OPEN = frozenset({Standing.WAITING, Standing.HERE, Standing.READY})


class Stretch(NamedTuple):
    """One contact with what the times say. A length is None where its times are not both known.

    A tuple, as a visit is: the page of a record makes hundreds.
    """

    contact: Contact
    waited: timedelta | None  # from requested to started, or to now while it waits
    stayed: timedelta | None  # from started to ended, or to now while it lasts
    held: timedelta | None  # from ready to go to ended, or to now
    led_to: tuple[int, ...] = ()

    @property
    def disordered(self) -> bool:
        """Whether the source's own times run backwards; they are shown as they came."""
        c = self.contact
        times = [t for t in (c.requested, c.started, c.ready, c.ended) if t is not None]
        return times != sorted(times)


class Visit(NamedTuple):
    """The stretches of one visit of one source, oldest first. Most visits have one."""

    stretches: tuple[Stretch, ...]
    gap: timedelta | None = None  # with no contact anywhere before this visit began

    @property
    def id(self) -> int:
        """The id of its first contact."""
        return self.stretches[0].contact.contact

    @property
    def last(self) -> Contact:
        """The contact that says where the visit stands: the last that is not cancelled."""
        if len(self.stretches) == 1:  # most are
            return self.stretches[0].contact
        live = [s.contact for s in self.stretches if not s.contact.cancelled]
        return live[-1] if live else self.stretches[-1].contact

    @property
    def standing(self) -> Standing:
        """Open while any stretch is; else as the last one is."""
        if len(self.stretches) == 1:
            return self.stretches[0].contact.standing
        for stretch in reversed(self.stretches):
            if stretch.contact.standing in OPEN:
                return stretch.contact.standing
        return self.last.standing

    @property
    def open(self) -> bool:
        """Whether the person is still waiting or there."""
        return self.standing in OPEN

    @property
    def at(self) -> datetime | None:
        """When it began: the time that files it in a list."""
        if len(self.stretches) == 1:
            return self.stretches[0].contact.moment
        moments = [s.contact.moment for s in self.stretches if s.contact.moment]
        return min(moments, default=None)

    @property
    def ended(self) -> datetime | None:
        """When the last stretch ended; None while it is open."""
        return None if self.open else self.last.ended

    @property
    def stayed(self) -> timedelta | None:
        """From the first start to the last end, as a person would count it."""
        starts = [s.contact.started for s in self.stretches if s.contact.started]
        if len(self.stretches) == 1:
            return self.stretches[0].stayed
        ends = [
            s.contact.started + s.stayed
            for s in self.stretches
            if s.contact.started and s.stayed is not None
        ]
        return max(ends) - min(starts) if starts and ends else None


Line = Visit | Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a timeline is asked for; empty means everything."""

    settings: frozenset[Setting] = frozenset()
    organisation: str = ""
    open_only: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The whole of one person's timeline, before a page chooses from it."""

    lines: tuple[Line, ...]  # open first, then newest first
    at: datetime

    @property
    def contacts(self) -> list[Contact]:
        """All contacts, oldest first: the direction of the strip."""
        found = [s.contact for v in self.lines if isinstance(v, Visit) for s in v.stretches]
        return sorted(found, key=lambda c: c.moment or _LONG_AGO)

    @property
    def open(self) -> tuple[Line, ...]:
        """What is still open."""
        return tuple(takewhile(lambda line: line.open, self.lines))


def build(contacts: Iterable[Contact], requests: Iterable[Asked], *, at: datetime) -> Timeline:
    """The timeline as it stands at that moment."""
    contacts = list(contacts)
    led_to = _effects(contacts)
    visits = _with_gaps([_visit(group, led_to, at) for group in _by_visit(contacts)])
    lines: list[Line] = [*visits, *requests]
    lines.sort(key=lambda line: (line.open, line.at or _LONG_AGO), reverse=True)
    return Timeline(lines=tuple(lines), at=at)


def visit_of(key: str, known: set[str]) -> str:
    """The visit that a contact's key belongs to.

    A visit's second stretch is `visit/2`; but `Encounter/7` is a visit of its own, because there
    is no contact called `Encounter`.
    """
    match = _STRETCH.fullmatch(key)
    return match[1] if match and match[1] in known else key


def _by_visit(contacts: Sequence[Contact]) -> list[list[Contact]]:
    known: dict[str, set[str]] = defaultdict(set)
    for c in contacts:
        known[c.source].add(c.key)
    by_id = {c.contact: c for c in contacts}
    groups: dict[tuple[str, object], list[Contact]] = defaultdict(list)
    for c in contacts:
        visit = visit_of(c.key, known[c.source]) if c.key else _first_of(c, by_id).contact
        groups[c.source, visit].append(c)
    return list(groups.values())


def _first_of(c: Contact, by_id: Mapping[int, Contact]) -> Contact:
    """The first stretch of a visit whose key is not kept: the log holds ids, and no keys.

    A stretch that a move made is caused by the one before it, of the same source, and begins when
    that one ended. An admission that a clinic visit led to begins later, and is a visit of its own.
    """
    seen = {c.contact}
    while (before := by_id.get(c.cause or 0)) and before.contact not in seen:
        if before.source != c.source or before.ended is None or before.ended != c.started:
            break
        seen.add(before.contact)
        c = before
    return c


def _effects(contacts: Iterable[Contact]) -> dict[int, tuple[int, ...]]:
    effects: dict[int, list[int]] = defaultdict(list)
    for c in contacts:
        if c.cause is not None and c.cause != c.contact:
            effects[c.cause].append(c.contact)
    return {cause: tuple(made) for cause, made in effects.items()}


def _visit(group: list[Contact], led_to: Mapping[int, tuple[int, ...]], at: datetime) -> Visit:
    if len(group) > 1:
        group.sort(key=lambda c: (c.moment or _LONG_AGO, len(c.key), c.key))
    return Visit(tuple([_stretch(c, led_to.get(c.contact, ()), at) for c in group]))


def _stretch(c: Contact, led_to: tuple[int, ...], at: datetime) -> Stretch:
    standing = c.standing
    left = c.ended or (at if standing in OPEN else None)
    return Stretch(
        c,
        _between(c.requested, c.started or (at if standing is Standing.WAITING else None)),
        _between(c.started, left),
        _between(c.ready, left),
        led_to,
    )


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    """The length between two times; None where one is missing or they run backwards."""
    return end - start if start and end and end >= start else None


def _with_gaps(visits: list[Visit]) -> list[Visit]:
    """Each visit with the time before it in which the person was nowhere."""
    found: list[Visit] = []
    away_since: datetime | None = None
    dated = [(visit.at, visit) for visit in visits]
    for at, visit in sorted(dated, key=lambda pair: pair[0] or _LONG_AGO):
        if visit.standing is Standing.CANCELLED or at is None:
            found.append(visit)
            continue
        found.append(Visit(visit.stretches, _between(away_since, at)))
        # Somebody who is still inside is not away, so that nothing after it has a gap.
        left = at + (visit.stayed or timedelta(0))
        away_since = max(away_since or left, left)
    return found
