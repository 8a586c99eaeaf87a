"""The outbox: what changed, written in the change's own transaction, for the stream to push."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from onesystem.contacts.store import on_postgres
from onesystem.vocabulary.kept import from_micros, to_micros

CHANNEL = "contacts_change"
_ORDER = 0x6F6E6573  # the advisory lock that keeps ids in the order of commits


class Change(NamedTuple):
    """One row of the outbox. `id` counts upward in the order in which changes became visible."""

    id: int
    at: datetime
    topic: str
    payload: dict[str, Any]


def announce(topic: str, payload: dict[str, Any]) -> None:
    """Tell open pages of a change once this transaction commits. Never a name in the payload.

    On PostgreSQL a reader that saw id 8 must never find a 7 later, so whoever announces holds a
    lock until the commit: announce last in a transaction.
    """
    now = to_micros(datetime.now(UTC))
    line_up()
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(f"NOTIFY {CHANNEL}")
        cursor.execute(
            "INSERT INTO contacts_change (at, topic, payload) VALUES (%s, %s, %s)",
            [now, topic, orjson.dumps(payload).decode()],
        )


def line_up() -> None:
    """Take the place in the line of those who announce, before what else keeps others waiting.

    Two transactions that announce and write into the trail, each the other way round, would wait
    for each other for ever: so whoever will announce lines up first. On SQLite writers are in line.
    """
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORDER])


def changes_since(last: int, *, limit: int = 1000) -> list[Change]:
    """The changes after that id, oldest first; `last_change()` is where a new reader begins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, topic, payload FROM contacts_change WHERE id > %s ORDER BY id LIMIT %s",
            [last, limit],
        )
        return [
            Change(number, from_micros(at), topic, orjson.loads(payload))
            for number, at, topic, payload in cursor.fetchall()
        ]


def last_change() -> int:
    """The id of the latest change; 0 when there was none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM contacts_change")
        return int(cursor.fetchone()[0])


def oldest_after(last: int) -> datetime | None:
    """When the oldest change after that id was announced; None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM contacts_change WHERE id > %s ORDER BY id LIMIT 1", [last])
        row = cursor.fetchone()
    return from_micros(row[0]) if row else None


def forget_changes(*, older_than: datetime) -> int:
    """Drop what every reader has long seen, but for the last row, so that ids never start again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM contacts_change WHERE at < %s"
            " AND id < (SELECT max(id) FROM contacts_change)",
            [to_micros(older_than)],
        )
        return int(cursor.rowcount)


__all__ = [
    "CHANNEL", "Change", "announce", "changes_since", "forget_changes", "last_change", "line_up",
    "oldest_after",
]  # fmt: skip
