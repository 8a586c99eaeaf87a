"""Emptying a whole store takes its trail with it, so the guards come down for that moment.

Django's test runner empties the store between tests that commit. The product never calls this.
Other rooms have guards too, against the removal of a row: SQLite empties a table row by row, so
they come down as well, whosever they are; PostgreSQL truncates, which asks only those that are
registered with `access.guards`.

Of some 250 tables a test fills ten, and to empty an empty one costs as much: only those that hold
a row are emptied, and what Django itself wrote as it made the store is left there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connections

from onesystem.access.guards import lower_all, raise_all

_OF_DJANGO = {"django_content_type", "auth_permission"}


class Command(flush.Command):
    """`flush` of what holds something, with the guards of all rooms lowered and raised again."""

    def handle(self, **options: Any) -> None:
        """Empty every table that holds a row."""
        connection = connections[options["database"]]
        full = _full(connection)
        if not full:
            return
        lower_all(connection)
        try:
            with _without_triggers(connection):
                connection.ops.execute_sql_flush(connection.ops.sql_flush(
                    self.style, full, reset_sequences=options["reset_sequences"],
                    allow_cascade=connection.vendor == "postgresql",
                ))  # fmt: skip
        finally:
            raise_all(connection)


def _full(connection: Any) -> list[str]:
    """The tables that hold a row, asked in one statement."""
    known = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = sorted(set(known) - _OF_DJANGO)
    asked = ", ".join(f'EXISTS(SELECT 1 FROM "{table}")' for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")  # names of our own
        return [table for table, holds in zip(tables, cursor.fetchone(), strict=True) if holds]


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
