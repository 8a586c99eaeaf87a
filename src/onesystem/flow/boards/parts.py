"""The parts of a board that are counts: ready and not gone, due in, ambulances. Never a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from django.db import connection

from onesystem.flow import crews, queries
from onesystem.flow.now import DAY, HOUR, SECOND
from onesystem.vocabulary.kept import to_micros

_MINUTE = 60 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """People who wait for the same thing. None is a count that is hidden."""

    key: str
    count: int | None
    longest: int | None  # since when the one who waits longest does
    hours: float | None = None  # person-hours that it has taken so far

    def hide(self, below: int, *, round_to: int = 1) -> "Queue":
        """The same for those who may not see people.

        Where the sum of several queues shows elsewhere each is rounded, so that the one that is
        hidden cannot be taken from the sum.
        """
        if self.count is None or not below:
            return self
        if 0 < self.count < below:
            return replace(self, count=None, longest=None, hours=None)
        hours = None if round_to > 1 else self.hours
        return replace(self, count=round(self.count / round_to) * round_to, hours=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Who is to come to a place: planned within some hours, and asked for without a time."""

    service: str
    planned: int | None
    first: int | None
    asked: int | None
    longest: int | None

    def hide(self, below: int) -> "Due":
        """The same for those who may not see people."""
        few = [0 < (n or 0) < below for n in (self.planned, self.asked)]
        return replace(
            self,
            planned=None if few[0] else self.planned, first=None if few[0] else self.first,
            asked=None if few[1] else self.asked, longest=None if few[1] else self.longest,
        )  # fmt: skip


def delays(services: Collection[str], *, at: datetime) -> list[Queue]:
    """Who is ready and has not gone, by the reason that was given on a board; most first."""
    rows = _ask(
        "SELECT coalesce(s.value, ''), c.ready FROM contacts_contact c"
        " LEFT JOIN flow_said s ON s.contact = c.contact AND s.fact = 'delay' AND s.latest"
        " WHERE c.service IN ({services}) AND c.ended IS NULL AND NOT c.cancelled"
        " AND c.started IS NOT NULL AND c.ready <= %s",
        services,
        to_micros(at),
    )
    return queues(rows, at=to_micros(at))


def due(services: Collection[str], *, at: datetime, hours: int) -> list[Due]:
    """Who is to come to these places, in their order."""
    now = to_micros(at)
    rows = _ask(
        "SELECT service, requested, planned FROM contacts_contact"
        " WHERE service IN ({services}) AND started IS NULL AND ended IS NULL AND NOT cancelled"
        " AND (planned BETWEEN %s AND %s OR (planned IS NULL AND requested <= %s))",
        services,
        now - HOUR, now + hours * HOUR, now,
    )  # fmt: skip
    return dues(rows, services)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The crews at one ED's door, and those that handed over there in a day."""

    ed: str
    waiting: list[int]  # since when, the longest first
    handed: int
    median: int | None  # microseconds

    def over(self, minutes: float, *, at: int) -> int:
        """How many wait for at least so many minutes."""
        return sum(at - since >= minutes * _MINUTE for since in self.waiting)


def doors(found: queries.HandOvers, eds: Iterable[str], *, at: int) -> list[Door]:
    """Each ED's door, and after them NOT_SAID where no attendance tells of a crew. Pure."""
    waiting = crews.queues(found.crews, found.doors, at=at)
    took: dict[str, list[int]] = {}
    for crew in found.crews:
        if crew.ended is not None and at - DAY < crew.ended <= at:
            took.setdefault(found.doors[crew.contact], []).append(crew.ended - crew.ready)
    named = [*eds, *((crews.NOT_SAID,) if waiting.get(crews.NOT_SAID) else ())]
    return [
        Door(
            ed=ed, waiting=waiting.get(ed, []), handed=len(took.get(ed, ())),
            median=int(median(took[ed])) if ed in took else None,
        )
        for ed in named
    ]  # fmt: skip


def under_way(services: Collection[str], *, at: datetime, lost: int) -> list[Queue]:
    """Who is with a crew that has not reached a hospital, by the crew's service."""
    now = to_micros(at)
    rows = _ask(
        "SELECT service, started FROM contacts_contact WHERE service IN ({services})"
        " AND ended IS NULL AND NOT cancelled AND started BETWEEN %s AND %s"
        " AND (ready IS NULL OR ready > %s)",
        services,
        now - lost, now, now,
    )  # fmt: skip
    return queues(rows, at=now)


def queues(rows: Iterable[tuple[str, int]], *, at: int) -> list[Queue]:
    """Rows of (what for, since when) as queues, the longest queue first. Pure."""
    by: dict[str, list[int]] = {}
    for key, since in rows:
        by.setdefault(key, []).append(since)
    made = [
        Queue(key=key, count=len(s), longest=min(s), hours=sum(at - m for m in s) / HOUR)
        for key, s in by.items()
    ]
    return sorted(made, key=lambda q: (-(q.count or 0), q.longest or 0, q.key))


def dues(rows: Iterable[tuple[str, int | None, int | None]], order: Iterable[str]) -> list[Due]:
    """Rows of (service, requested, planned) as who is to come. Pure."""
    planned: dict[str, list[int]] = {}
    asked: dict[str, list[int]] = {}
    for service, requested, when in rows:
        if when is not None:
            planned.setdefault(service, []).append(when)
        elif requested is not None:
            asked.setdefault(service, []).append(requested)
    return [
        Due(
            service=code,
            planned=len(planned.get(code, ())), first=min(planned.get(code, ()), default=None),
            asked=len(asked.get(code, ())), longest=min(asked.get(code, ()), default=None),
        )
        for code in order
        if code in planned or code in asked
    ]  # fmt: skip


def _ask(sql: str, services: Collection[str], *values: Any) -> list[Any]:
    if not services:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.format(services=", ".join(["%s"] * len(services))), [*services, *values])
        return cursor.fetchall()
