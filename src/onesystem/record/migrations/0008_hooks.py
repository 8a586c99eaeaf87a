"""Subscriptions, and what is still to be told to them."""

from django.db import migrations, models
from django.db.models import Q

_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    """See the models of the FHIR server's hooks."""

    dependencies = [("record", "0007_exports")]

    operations = [
        migrations.CreateModel(
            "Hook",
            [
                ("id", _ID),
                ("logical", models.CharField(max_length=64, unique=True)),
                ("source", models.TextField()),
                ("asker", models.TextField()),
                ("headers", models.TextField(default="[]")),
                ("endpoint", models.TextField()),
                ("payload", models.TextField()),
                ("criteria", models.TextField()),
                ("state", models.CharField(max_length=10)),
                ("seen", models.BigIntegerField()),
                ("failures", models.IntegerField(default=0)),
                ("due", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "record_hook",
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state__in=("requested", "active", "error", "off")),
                        name="record_hook_state",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            "HookNotice",
            [
                ("id", _ID.clone()),
                ("hook", models.BigIntegerField()),
                ("entry", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("made", models.BigIntegerField()),
                ("told", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "record_hook_notice",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["hook", "entry", "version"], name="record_hook_notice_once"
                    )
                ],
                "indexes": [models.Index(fields=["told", "made"], name="record_hook_notice_due")],
            },
        ),
    ]
