"""The index knows entries by their rows; a type is walked by the store, not by a token each."""

from typing import Any

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.record.fhir.searching.tables import TABLES, create_one


def _by_row(_apps: Any, editor: Any) -> None:
    """Write every table anew in the order of its key, with rows for hashes."""
    postgres = editor.connection.vendor == "postgresql"
    for table, (columns, by_entry) in TABLES.items():
        new = f"{table}_new"
        create_one(editor, new, table)
        told = ", ".join("e.id" if c == "entry" else f"x.{c}" for c in columns)
        order = ", ".join(str(n) for n in range(1, len(columns) + 1))
        # A type's own token, with neither code nor system, is no longer kept.
        dropped = " WHERE NOT (x.code = '' AND x.system = 0)" if table == "record_token" else ""
        editor.execute(
            f"INSERT INTO {new} ({', '.join(columns)}) SELECT {told} FROM {table} x "
            f"JOIN record_entry e ON e.entry = x.entry{dropped} ORDER BY {order}"
        )
        editor.execute(f"DROP TABLE {table}")
        editor.execute(f"ALTER TABLE {new} RENAME TO {table}")
        if postgres:
            editor.execute(f"ALTER INDEX {new}_pkey RENAME TO {table}_pkey")
        if by_entry:
            editor.execute(f"CREATE INDEX {table}_entry ON {table} (entry, slot)")
    # An export that is under way goes on behind the row of the entry at which it was.
    editor.execute(
        "UPDATE record_export SET after = (SELECT e.id FROM record_entry e "
        "WHERE e.entry = record_export.after) WHERE after IS NOT NULL"
    )


class Migration(migrations.Migration):
    """See `record.fhir.searching.models`."""

    dependencies = [("record", "0009_stamps")]

    operations = [
        OnStore(_by_row, migrations.RunPython.noop),
        migrations.RemoveIndex("entryrow", "record_entry_code"),
        migrations.AddIndex("entryrow", models.Index("kind", "id", name="record_entry_kind")),
    ]
