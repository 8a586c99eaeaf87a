"""What is said of stays on boards."""

from django.db import migrations, models
from django.db.models import Q

FACTS = (
    "ready", "delay", "leave", "next", "done", "bed", "moved", "left", "settled", "undo",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("flow", "0004_boards")]

    operations = [
        migrations.CreateModel(
            name="SaidRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("visit", models.BigIntegerField()),
                ("contact", models.BigIntegerField()),
                ("identity", models.BigIntegerField()),
                ("source", models.TextField()),
                ("fact", models.CharField(max_length=12)),
                ("value", models.TextField(default="")),
                ("note", models.TextField(default="")),
                ("before", models.TextField(default="")),
                ("undoes", models.CharField(default="", max_length=40)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("message", models.BigIntegerField()),
                ("latest", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "flow_said",
                "indexes": [
                    models.Index(fields=["visit", "at"], name="flow_said_visit"),
                    models.Index(fields=["identity"], name="flow_said_identity"),
                    models.Index(
                        condition=Q(("latest", True)), fields=["contact"], name="flow_said_stands"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("act", "fact"), name="flow_said_once"),
                    models.CheckConstraint(condition=Q(("fact__in", FACTS)), name="flow_said_fact"),
                    models.CheckConstraint(
                        condition=~Q(by="") & ~Q(act=""), name="flow_said_by"
                    ),
                ],
            },
        )
    ]
