"""A name is used once in its kind; names that wait; what became known when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0002_names")]

    operations = [
        *(
            migrations.AlterField(model, "logical", models.TextField())
            for model in ("entryrow", "entryversion")
        ),
        migrations.CreateModel(
            "EntryName",
            [
                ("entry", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.TextField()),
                ("kind", models.TextField()),
                ("key", models.TextField()),
                ("logical", models.TextField()),
            ],
            options={
                "db_table": "record_name",
                "constraints": [
                    models.UniqueConstraint(fields=["logical", "kind"], name="record_name_once")
                ],
            },
        ),
        migrations.AddConstraint(
            "entryrow",
            models.UniqueConstraint(fields=["logical", "kind"], name="record_entry_named_once"),
        ),
        migrations.AddIndex(
            "entryrow", models.Index("known_at", "entry", name="record_entry_known")
        ),
        migrations.AddIndex(
            "entryversion", models.Index("known_at", "entry", name="record_version_known")
        ),
    ]
