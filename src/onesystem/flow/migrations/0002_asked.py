"""Questions that take a while, and their answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("flow", "0001_marks")]

    operations = [
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("digest", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("asked", models.TextField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_at", models.BigIntegerField()),
                ("begun_at", models.BigIntegerField(default=0)),
                ("done_at", models.BigIntegerField(default=0)),
                ("share", models.SmallIntegerField(default=0)),
                ("said", models.CharField(default="", max_length=200)),
                ("found", models.TextField(default="")),
                ("problem", models.CharField(default="", max_length=300)),
            ],
            options={
                "db_table": "flow_asked",
                "indexes": [models.Index(fields=["state", "asked_at"], name="flow_asked_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            state__in=("waiting", "working", "done", "failed", "cancelled")
                        ),
                        name="flow_asked_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(share__gte=0) & models.Q(share__lte=100),
                        name="flow_asked_share",
                    ),
                ],
            },
        ),
    ]
