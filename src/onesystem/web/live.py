"""When something last happened in the district, as far as it is known here."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from onesystem.district import lead


def last_event() -> datetime | None:
    """When the feeds last wrote a change, by the district's clock; None where they never did."""
    try:
        with _apart(), connection.cursor() as cursor:
            cursor.execute("SELECT at FROM contacts_change ORDER BY id DESC LIMIT 1")
            row = cursor.fetchone()
    except DatabaseError:
        return None
    return datetime.fromtimestamp(row[0] / 1_000_000, UTC) + lead() if row else None


def _apart() -> Any:
    """A failure ends nothing but itself: in a transaction that takes a savepoint.

    Outside of one it takes nothing, least of all the lock of SQLite's writers for a look.
    """
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
