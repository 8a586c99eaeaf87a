"""Emptying a whole store takes its trail with it, so the guards come down for that moment.

Django's test runner empties the store between tests that commit. The product never calls this.
Other rooms have guards too, against the removal of a row: SQLite empties a table row by row, so
they come down as well, whosever they are; PostgreSQL truncates, which asks only those that are
registered with `access.guards`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connections

from onesystem.access.guards import lower_all, raise_all


class Command(flush.Command):
    """`flush`, with the guards of the trail and of the ledger lowered and raised again."""

    def handle(self, **options: Any) -> None:
        """Empty every table."""
        connection = connections[options["database"]]
        lower_all(connection)
        try:
            with _without_triggers(connection):
                super().handle(**options)
        finally:
            raise_all(connection)


@contextmanager
def _without_triggers(connection: Any) -> Iterator[None]:
    """SQLite's triggers, taken down and set up again as they were."""
    triggers = []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        # All of it goes, in whatever order: a leg of the ledger may go after what it points at.
        with connection.constraint_checks_disabled():
            yield
    finally:
        with connection.cursor() as cursor:
            for _, sql in triggers:
                cursor.execute(sql)
