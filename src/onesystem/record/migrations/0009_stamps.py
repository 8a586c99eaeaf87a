"""The stamp of each identity's record, with one for those that have entries already."""

from typing import Any

from django.db import migrations, models

from onesystem.access.migrating import OnStore

_DRAWN = {
    "sqlite": "random() & 4611686018427387903",
    "postgresql": "(random() * 4611686018427387903)::bigint",
}


def _stamp(_apps: Any, schema_editor: Any) -> None:
    drawn = _DRAWN[schema_editor.connection.vendor]
    schema_editor.execute(
        f"INSERT INTO record_stamp (identity, stamp, known_at) "
        f"SELECT identity, {drawn}, newest FROM (SELECT identity, MAX(known_at) AS newest "
        "FROM record_entry WHERE identity > 0 GROUP BY identity) AS known"
    )


class Migration(migrations.Migration):
    """See the model."""

    dependencies = [("record", "0008_hooks")]

    operations = [
        migrations.CreateModel(
            "StampRow",
            [
                ("identity", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stamp", models.BigIntegerField()),
                ("known_at", models.BigIntegerField()),
            ],
            options={"db_table": "record_stamp"},
        ),
        OnStore(_stamp, migrations.RunPython.noop),
    ]
