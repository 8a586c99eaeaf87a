"""Names at our server, labels, and bodies with references by our names."""

from typing import Any

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.record.fhir.names import base36, wished

_PART = 5000


def _name_all(apps: Any, schema: Any) -> None:
    """What is there already keeps the id that it came with, where no other has it."""
    taken: set[tuple[str, str]] = set()
    named: list[tuple[str, int]] = []
    with schema.connection.cursor() as cursor:
        cursor.execute("SELECT entry, kind, key FROM record_entry ORDER BY known_at, entry")
        for entry, kind, key in cursor.fetchall():
            name = wished(kind, key)
            if not name or (kind, name) in taken:
                name = base36(entry)
            taken.add((kind, name))
            named.append((name, entry))
        for at in range(0, len(named), _PART):
            for table in ("record_entry", "record_version"):
                cursor.executemany(
                    f"UPDATE {table} SET logical = %s WHERE entry = %s", named[at : at + _PART]
                )


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [
        *(
            migrations.AddField(model, name, field)
            for model in ("entryrow", "entryversion")
            for name, field in (
                ("logical", models.TextField(default="")),
                ("label", models.IntegerField(default=0)),
                ("served", models.BinaryField(null=True)),
            )
        ),
        OnStore(_name_all, migrations.RunPython.noop),
    ]
