"""Emptying a whole store takes its trail with it, so the guards come down for that moment.

Django's test runner empties the store between tests that commit. The product never calls this.
"""

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from onesystem.access.guards import lower_guards, raise_guards


class Command(flush.Command):
    """`flush`, with the guards of the audit trail lowered and raised again."""

    def handle(self, **options: Any) -> None:
        """Empty every table."""
        connection = connections[options["database"]]
        guarded = "access_audit" in connection.introspection.table_names()
        if guarded:
            lower_guards(connection)
        try:
            super().handle(**options)
        finally:
            if guarded:
                raise_guards(connection)
