"""What the board reads from the operational store: open contacts, the last day, the feeds' ages."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from onesystem.district import lead
from onesystem.flow.crews import Crew, Reached
from onesystem.flow.now import DAY, HOUR, Stretch
from onesystem.vocabulary import Setting

_COLUMNS = "service, setting, source, requested, started, ready, ended, planned"
_OPEN = f"SELECT {_COLUMNS} FROM contacts_contact WHERE ended IS NULL AND NOT cancelled"
_RECENT = f"SELECT {_COLUMNS} FROM contacts_contact WHERE ended > %s AND NOT cancelled"


def stretches(*, at: int, services: Collection[str] | None = None) -> Iterator[Stretch]:
    """The contacts that are open or ended in the day before `at`, of all or of some services.

    Those of a service come one after another, so that a district need not be held at once.
    """
    if services is not None and not services:
        return
    some, codes = "", []
    if services is not None:
        some, codes = f" AND service IN ({', '.join(['%s'] * len(services))})", list(services)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_OPEN}{some} UNION ALL {_RECENT}{some} ORDER BY service",
            # An hour more than a day: the day whose clock goes back is that long.
            [*codes, at - DAY - HOUR, *codes],
        )
        while rows := cursor.fetchmany(500):
            yield from map(Stretch._make, rows)


def crews(services: Collection[str], *, at: int, since: int, ended: int) -> list[Crew]:
    """The crews that reached a hospital from `since` on and have not ended, or ended after that."""
    if not services:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact, identity, service, ready, ended FROM contacts_contact"
            f" WHERE service IN ({', '.join(['%s'] * len(services))}) AND NOT cancelled"
            " AND (ended IS NULL OR ended > %s) AND ready BETWEEN %s AND %s",
            [*services, ended, since, at],
        )
        return list(map(Crew._make, cursor.fetchall()))


def reached(*, since: int, at: int) -> list[Reached]:
    """The attendances at EDs that began in that stretch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cause, identity, service, started FROM contacts_contact"
            " WHERE started BETWEEN %s AND %s AND setting = %s AND NOT cancelled",
            [since, at, str(Setting.ED)],
        )
        return list(map(Reached._make, cursor.fetchall()))


def people_in(service: str, *, at: int) -> list[tuple[Any, ...]]:
    """The contacts open in one service at a moment, the longest here first.

    contact, source, identity, requested, started, ready, bed, urgency, reason
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact, source, identity, requested, started, ready, bed, urgency, reason"
            " FROM contacts_contact WHERE service = %s AND NOT cancelled"
            " AND (ended IS NULL OR ended > %s) AND coalesce(started, requested) <= %s"
            " ORDER BY started IS NULL, started, requested LIMIT 2000",
            [service, at, at],
        )
        return cursor.fetchall()


def last_messages() -> dict[str, datetime]:
    """When each source last sent anything, by the district's clock."""
    ahead = lead()
    with connection.cursor() as cursor:
        cursor.execute("SELECT source, last_received FROM feeds_sourcecount")
        return {source: _moment(received) + ahead for source, received in cursor.fetchall()}


def _moment(value: Any) -> datetime:
    # SQLite gives text without a zone where PostgreSQL gives an aware moment.
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
