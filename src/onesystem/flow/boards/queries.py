"""What is asked of alerts, pressure and calls. Figures of services, never of a person."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onesystem.district import current
from onesystem.flow.boards import gridlock
from onesystem.flow.boards.config import config
from onesystem.flow.boards.rows import Action, Alert, AlertStep, Call, PressureHour
from onesystem.flow.boards.rules import EVERYWHERE, Figure
from onesystem.vocabulary import NotFound, words
from onesystem.vocabulary.kept import from_micros, to_micros

_PER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """A step of an alert: what, by whom, when, in which words."""

    kind: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertShown:
    """An alert in words. `kind` is the colour of its tag."""

    id: int
    title: str
    where: str
    service: str
    said: str
    opened_at: datetime
    closed_at: datetime | None
    level: int
    owner: str
    steps: tuple[StepShown, ...]

    @property
    def state(self) -> tuple[str, str]:
        """Words and colour of where it stands."""
        if self.closed_at:
            return "Closed", "quiet"
        if self.level and not self.owner:
            return f"Escalated, level {self.level}", "bad"
        return (f"{self.owner} has it", "info") if self.owner else ("Nobody has it", "warn")


def alerts(*, open_only: bool, exact: bool, since: datetime | None = None) -> list[AlertShown]:
    """Alerts: those nobody has first, the loudest first; else the newest that closed."""
    found = (
        Alert.objects.filter(closed_at=0) if open_only else Alert.objects.filter(closed_at__gt=0)
    )
    if since is not None:
        found = found.filter(closed_at__gte=to_micros(since))
    rows = list(
        found.order_by("owner", "-level", "opened_at")
        if open_only
        else found.order_by("-closed_at")[:200]
    )
    rows.sort(key=lambda a: bool(a.owner)) if open_only else None
    steps: dict[int, list[StepShown]] = {}
    for s in AlertStep.objects.filter(alert__in=[a.pk for a in rows]).order_by("at", "pk"):
        shown = StepShown(kind=s.kind, by=s.by, at=from_micros(s.at), text=s.text)
        steps.setdefault(s.alert, []).append(shown)
    return [_shown(row, tuple(steps.get(row.pk, ())), exact=exact) for row in rows]


def open_count() -> tuple[int, int]:
    """How many alerts are open, and how many of them nobody has."""
    owners = list(Alert.objects.filter(closed_at=0).values_list("owner", flat=True))
    return len(owners), sum(not owner for owner in owners)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridlockDays:
    """How many days of gridlock an organisation had: in the last week, month and year."""

    week: int
    month: int
    year: int


def gridlock_days(at: datetime) -> dict[str, GridlockDays]:
    """The days of gridlock of each organisation that had any in the last year."""
    zone, year = current().zone, to_micros(at - timedelta(days=365))
    hours: dict[str, list[int]] = {}
    for organisation, hour in PressureHour.objects.filter(gridlock=1, hour__gte=year).values_list(
        "organisation", "hour"
    ):
        hours.setdefault(organisation, []).append(hour)

    def since(found: list[int], back: int) -> int:
        first = to_micros(at - timedelta(days=back))
        return len(gridlock.days((hour for hour in found if hour >= first), zone))

    return {
        organisation: GridlockDays(week=since(f, 7), month=since(f, 30), year=since(f, 365))
        for organisation, f in hours.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """A call with its actions."""

    id: int
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    minutes: str
    actions: tuple[Action, ...]
    seen: tuple[dict[str, Any], ...]


def open_call() -> CallShown | None:
    """The call that is open; None where none is."""
    row = Call.objects.filter(closed_at=0).first()
    return _call(row) if row else None


def call(number: int) -> CallShown:
    """A call by its number. Raises NotFound."""
    row = Call.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("there was no such call", "Choose one of the list.")
    return _call(row)


def calls(limit: int = 30) -> list[CallShown]:
    """The last calls that were closed."""
    return [_call(row) for row in Call.objects.filter(closed_at__gt=0).order_by("-pk")[:limit]]


def open_actions(*, before: int | None = None) -> list[Action]:
    """What was promised and is not done, the oldest first."""
    found = Action.objects.filter(done_at=0)
    if before is not None:
        found = found.exclude(call=before)
    return list(found.order_by("due_at", "pk"))


def _call(row: Call) -> CallShown:
    return CallShown(
        id=row.pk,
        opened_at=from_micros(row.opened_at),
        opened_by=row.opened_by,
        closed_at=from_micros(row.closed_at) if row.closed_at else None,
        closed_by=row.closed_by,
        minutes=row.minutes,
        actions=tuple(Action.objects.filter(call=row.pk).order_by("pk")),
        seen=tuple(json.loads(row.seen)) if row.seen else (),
    )


def _shown(row: Alert, steps: tuple[StepShown, ...], *, exact: bool) -> AlertShown:
    district = current()
    rule = config(district.path).rule(row.rule)
    many = row.service == EVERYWHERE
    return AlertShown(
        id=row.pk,
        title=rule.title if rule else row.rule,
        where=f"{row.value:.0f} services" if many else district.service_name(row.service),
        service="" if many else row.service,
        said=_said(row.value, rule.figure, exact=exact) if rule and not many else "",
        opened_at=from_micros(row.opened_at),
        closed_at=from_micros(row.closed_at) if row.closed_at else None,
        level=row.level,
        owner=row.owner,
        steps=steps,
    )


def _said(value: float, figure: Figure, *, exact: bool) -> str:
    """The figure as it was when the alert was raised; small counts hidden from who may not see."""
    match figure:
        case Figure.OCCUPANCY:
            return words.percent(value)
        case Figure.LONGEST_WAIT | Figure.LONGEST_STAY | Figure.HAND_OVER:
            return words.length_of(value * 60)
    below = current().suppress_below
    return f"<{below}" if not exact and 0 < value < below else f"{value:.0f}"
