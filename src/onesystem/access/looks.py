"""Who looked at a person, and when: what the record asks of the trail."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from onesystem.access.actor import Actor

SITTING = timedelta(minutes=30)  # looks closer together than this are one sitting
_MOST = 200
_LOOKS = (
    "SELECT at FROM access_audit WHERE person = %s AND actor = %s AND act = 'person.looked' "
    "AND at < %s ORDER BY id DESC LIMIT %s"
)


def last_look(person: int, *, by: Actor, before: datetime) -> datetime | None:
    """When this actor last looked at this person before the sitting that they are in.

    None where they never did. A sitting is a run of looks with less than half an hour between
    any two, so that going to and fro between pages does not wipe out what was new.
    """
    later = before
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS, [person, by.name, _stamp(before), _MOST])
        for (kept,) in cursor:  # most sittings are short
            at = kept if kept.tzinfo else kept.replace(tzinfo=UTC)
            if later - at >= SITTING:
                return at
            later = at
    return None


def _stamp(moment: datetime) -> datetime | str:
    """A moment as the trail keeps it: SQLite has it as words."""
    if connection.vendor == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
