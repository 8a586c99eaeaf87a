"""Other names to search by, for the identities that are there already too."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.people.names import alias_keys

_ROW, _CELL = "\x1e", "\x1d"
_FEW = 1000
_INSERT = "INSERT INTO people_alias (family_key, given_key, identity) VALUES (%s, %s, %s)"
_NAMED = (
    "SELECT id, family, given, other_names FROM people_identity WHERE id > %s"
    " AND (other_names <> '' OR length(family) <> length(family_key)) ORDER BY id LIMIT %s"
)


def fill(apps, editor):
    """Make the rows of those who have other names, some at a time."""
    last = 0
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(_NAMED, [last, _FEW])
            rows = cursor.fetchall()
            if not rows:
                return
            lines = []
            for identity, family, given, names in rows:
                others = [tuple(n.split(_CELL)) for n in names.split(_ROW)] if names else []
                lines += [(*keys, identity) for keys in sorted(alias_keys(family, given, others))]
            cursor.executemany(_INSERT, lines)
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("people", "0002_one_index_of_births")]

    operations = [
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "family_key",
                        "given_key",
                        "identity",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("family_key", models.TextField()),
                ("given_key", models.TextField()),
                ("identity", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["identity"], name="people_alias_identity"),
                    models.Index(fields=["given_key", "family_key"], name="people_alias_given"),
                ],
            },
        ),
        OnStore(fill, migrations.RunPython.noop),
    ]
