"""Taking back what a message said, before the same message is read again in another way."""

from collections.abc import Iterable

from django.db import connection

from onesystem.vocabulary import contact_id


def retract(said: Iterable[tuple[str, str, int]]) -> None:
    """Forget the events of these (source, visit, message); call `take` with the new ones next.

    Inside the caller's transaction. Contacts stay as they are until the visit is folded again, so
    a reader never sees a visit without its contacts.
    """
    rows = [(contact_id(source, visit), message) for source, visit, message in set(said)]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM contacts_event WHERE visit = %s AND message = %s", rows)
