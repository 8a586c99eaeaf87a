"""What can be asked about a rota: who is down, what is missing, what the last shift left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from onesystem.access.models import User
from onesystem.care.practice.rota import Gap, Need, Shift, gaps
from onesystem.care.practice.rows import NeedRow, ShiftNote, ShiftRow
from onesystem.district import current
from onesystem.vocabulary import to_utc
from onesystem.vocabulary.kept import from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """The rota of a service from a day on, for some days."""

    service: str
    first: date
    days: int
    shifts: tuple[Shift, ...]
    gaps: tuple[Gap, ...]
    needs: tuple[Need, ...]
    names: dict[str, str]


def rota(service: str, *, first: date, days: int = 7) -> Rota:
    """Who is down for a service and where somebody is missing."""
    zone = current().zone
    starts = to_utc(datetime.combine(first, datetime.min.time()), zone)
    ends = to_utc(datetime.combine(first + timedelta(days=days), datetime.min.time()), zone)
    shifts = _shifts([service], starts, ends)
    needs = _needs(service, first, first + timedelta(days=days))
    missing = gaps(needs, shifts, first=first, days=days, zone=zone)
    names = User.objects.filter(username__in={s.who for s in shifts})
    return Rota(
        service=service, first=first, days=days, shifts=tuple(shifts), gaps=tuple(missing),
        needs=tuple(needs), names={u.username: u.get_full_name() or u.username for u in names},
    )  # fmt: skip


def needs_on(service: str, day: date) -> list[Need]:
    """What a service needs over the week, as it is in force on a day."""
    return _needs(service, day, day + timedelta(days=1))


def _needs(service: str, first: date, after: date) -> list[Need]:
    """What holds on any day from the first on, before the day after; each with its days."""
    found = NeedRow.objects.filter(service=service, since__lt=after)
    found = found.filter(Q(until__isnull=True) | Q(until__gt=first))
    return sorted(
        Need(
            weekday=n.weekday, opens=n.opens, closes=n.closes, role=n.role, people=n.people,
            since=n.since, until=n.until or date.max,
        )
        for n in found
    )  # fmt: skip


def on_now(service: str, at: datetime) -> list[Shift]:
    """Who is down for a service at a moment."""
    return [s for s in _shifts([service], at, at + timedelta(seconds=1)) if s.starts <= at < s.ends]


def mine(username: str, at: datetime) -> list[tuple[str, Shift]]:
    """The shifts of somebody that are not over, with the service of each, soonest first."""
    found = ShiftRow.objects.filter(username=username, gone_at__isnull=True, ends__gt=to_micros(at))
    return [(row.service, _shift(row)) for row in found.order_by("starts")[:50]]


def services_with_rota() -> list[str]:
    """The services that have needs or shifts, by code."""
    needs = NeedRow.objects.values_list("service", flat=True).distinct()
    shifts = ShiftRow.objects.values_list("service", flat=True).distinct()
    return sorted({*needs, *shifts})


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A note that a shift left for the next one."""

    number: int
    text: str
    by: str
    when: datetime
    seen_by: str


def notes(service: str, *, limit: int = 20) -> list[Left]:
    """What shifts told the next one, newest first."""
    found = ShiftNote.objects.filter(service=service).order_by("-id")[:limit]
    return [
        Left(number=n.pk, text=n.text, by=n.by, when=from_micros(n.at), seen_by=n.seen_by)
        for n in found
    ]


def _shifts(services: Sequence[str], starts: datetime, ends: datetime) -> list[Shift]:
    found = ShiftRow.objects.filter(
        service__in=services, gone_at__isnull=True, starts__lt=to_micros(ends),
        ends__gt=to_micros(starts),
    )  # fmt: skip
    return sorted(_shift(row) for row in found)


def _shift(row: ShiftRow) -> Shift:
    return Shift(
        starts=from_micros(row.starts), ends=from_micros(row.ends), role=row.role,
        who=row.username, number=row.pk,
    )  # fmt: skip
