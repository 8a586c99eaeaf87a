"""When something last happened in the district, as far as it is known here."""

from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction


def last_event() -> datetime | None:
    """The time of the latest change that the feeds wrote; None where there is none, or no store."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT at FROM contacts_change ORDER BY id DESC LIMIT 1")
            row = cursor.fetchone()
    except DatabaseError:
        return None
    return datetime.fromtimestamp(row[0] / 1_000_000, UTC) if row else None
