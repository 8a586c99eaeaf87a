"""The newest of a kind by one walk down an index on PostgreSQL, and its counts out of it alone.

SQLite files what has no time before everything else, so that a walk from the end finds it last, as
the page has it. PostgreSQL files it after everything else: it read all of a kind and sorted them.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db import migrations

from onesystem.access.migrating import OnStore

_DROP = "DROP INDEX IF EXISTS record_entry_person"
_NEW = (
    "CREATE INDEX record_entry_person ON record_entry (identity, kind, at DESC NULLS LAST) "
    "INCLUDE (status, label) WHERE identity > 0"
)
_OLD = "CREATE INDEX record_entry_person ON record_entry (identity, kind, at) WHERE identity > 0"


def _anew(statement: str) -> Callable[[Any, Any], None]:
    def change(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_DROP)
            editor.execute(statement)

    return change


class Migration(migrations.Migration):
    """Another form of an index that stands; SQLite keeps the one that it has."""

    dependencies: ClassVar = [("record", "0012_find_composed_entries")]
    operations: ClassVar = [OnStore(_anew(_NEW), _anew(_OLD))]
