"""Exports in bulk, and whose data they hold."""

from django.db import migrations, models
from django.db.models import Q

_STATES = ("queued", "running", "done", "failed", "cancelled", "expired")
_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """See the models of the FHIR server's bulk data."""

    dependencies = [("record", "0006_smart_apps")]

    operations = [
        migrations.CreateModel(
            "ExportJob",
            [
                ("id", _ID),
                ("job", models.CharField(max_length=32, unique=True)),
                ("client", models.CharField(max_length=120)),
                ("actor", models.CharField(max_length=150)),
                ("asker", models.TextField()),
                ("request", models.TextField()),
                ("base", models.TextField()),
                ("asked", models.TextField()),
                ("state", models.CharField(max_length=10)),
                ("created", models.BigIntegerField()),
                ("began", models.BigIntegerField(default=0)),
                ("until", models.BigIntegerField(default=0)),
                ("expires", models.BigIntegerField(default=0)),
                ("kind", models.IntegerField(default=0)),
                ("after", models.BigIntegerField(null=True)),
                ("files", models.TextField(default="[]")),
                ("error", models.TextField(default="")),
            ],
            options={
                "db_table": "record_export",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=_STATES), name="record_export_has_a_known_state"
                    )
                ],
                "indexes": [models.Index(fields=["state", "until"], name="record_export_state")],
            },
        ),
        migrations.CreateModel(
            "ExportedPerson",
            [
                ("id", _ID.clone()),
                ("export", models.BigIntegerField()),
                ("person", models.BigIntegerField()),
            ],
            options={
                "db_table": "record_export_person",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["export", "person"], name="record_export_person_once"
                    )
                ],
            },
        ),
    ]
