"""What can be asked about requests. Callers check who asks, and for what purpose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem.care.states import OPEN
from onesystem.vocabulary import Asked
from onesystem.vocabulary.kept import from_micros

_NAMES = 'request, source, key, at, what, service, urgency, state, "by", reason'
_PART = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a request."""

    state: str
    recorded: datetime
    known_at: datetime
    by: str
    reason: str
    message: int


def requests_of(identities: Sequence[int]) -> list[Asked]:
    """The requests of a person's identities, newest first."""
    people = [i for i in identities if i > 0]
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_NAMES} FROM care_request WHERE identity IN "
            f"({', '.join(['%s'] * len(people))}) ORDER BY COALESCE(at, recorded) DESC, request",
            people,
        )
        rows = cursor.fetchall()
    return [_asked(row) for row in rows]


def open_requests_of(identities: Iterable[int]) -> list[tuple[int, Asked]]:
    """What is open for any of these identities, with whose it is; the oldest first."""
    people = sorted({i for i in identities if i > 0})
    found: list[tuple[int, Asked]] = []
    for at in range(0, len(people), _PART):
        part = people[at : at + _PART]
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT identity, {_NAMES} FROM care_request WHERE identity IN "
                f"({', '.join(['%s'] * len(part))}) AND state IN ({', '.join(['%s'] * len(OPEN))})",
                [*part, *sorted(OPEN)],
            )
            found += [(row[0], _asked(row[1:])) for row in cursor.fetchall()]
    return sorted(found, key=lambda pair: (pair[1].at is None, pair[1].at, pair[1].request))


def _asked(row: Sequence[Any]) -> Asked:
    request, source, key, at, what, service, urgency, state, by, reason = row
    return Asked(
        request=request, source=source, key=key, at=_moment(at), what=what, service=service,
        urgency=urgency, status=state, by=by, reason=reason, open=state in OPEN,
    )  # fmt: skip


def steps_of(request: int) -> list[Step]:
    """The steps of a request in the order in which the source wrote them."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT state, recorded, known_at, "by", reason, message FROM care_step '
            "WHERE request = %s ORDER BY recorded, id",
            [request],
        )
        return [
            Step(
                state=state,
                recorded=from_micros(recorded),
                known_at=from_micros(known),
                by=by,
                reason=reason,
                message=message,
            )
            for state, recorded, known, by, reason, message in cursor.fetchall()
        ]


def _moment(value: int | None) -> datetime | None:
    return None if value is None else from_micros(value)
