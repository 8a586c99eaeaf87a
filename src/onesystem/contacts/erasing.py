"""Forgetting every contact, before a replay makes them again from the landing."""

import secrets

from django.db import connection, transaction

from onesystem.contacts import outbox, pending, touching
from onesystem.contacts.log.write import Written

_TABLES = ("contacts_pending", "contacts_event", "contacts_version", "contacts_contact")


def erase() -> None:
    """Empty both stores of contacts. The log goes when the transaction commits, not before."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"DELETE FROM {table}")
        name = f"erase-{secrets.token_hex(8)}"
        written = Written([], [], [])
        pending.put(name, kind="erase", source="", message=None, known_at=0, written=written)
        touching.touch([touching.EVERYBODY])
        outbox.announce("contacts", {"erased": True})
        transaction.on_commit(lambda: pending.finish(name))
