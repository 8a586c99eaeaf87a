"""What is asked of pressure and calls. Figures of services, never of a person."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onesystem.flow.boards import telling
from onesystem.flow.boards.rows import Action, Call, PressureHour
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros, to_micros


@dataclass(frozen=True, slots=True, kw_only=True)
class GridlockDays:
    """How many days of gridlock an organisation had: in the last week, month and year."""

    week: int
    month: int
    year: int


def gridlock_days(at: datetime) -> dict[str, GridlockDays]:
    """The days of gridlock of each organisation that had any in the last year.

    Those that a look at the board saw, and those of the contact log: nobody looked before there
    was a board, nor while it was switched off.
    """
    first = {back: telling.day_of(to_micros(at - timedelta(days=back))) for back in (7, 30, 365)}
    found = telling.told_days(first[365])
    looked = PressureHour.objects.filter(gridlock=1, hour__gte=to_micros(at - timedelta(days=366)))
    for organisation, hour in looked.values_list("organisation", "hour"):
        found.setdefault(organisation, set()).add(telling.day_of(hour))

    def since(days: set[int], back: int) -> int:
        return sum(day > first[back] for day in days)

    return {
        organisation: GridlockDays(week=since(d, 7), month=since(d, 30), year=since(d, 365))
        for organisation, d in found.items()
        if since(d, 365)
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
