"""What tasks keep."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0004_pathways")]

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
                ("part", models.CharField(max_length=20)),
                ("thing", models.TextField()),
                ("verb", models.CharField(max_length=30)),
                ("act", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("identity", models.BigIntegerField()),
                ("said", models.TextField()),
                ("message", models.BigIntegerField()),
            ],
            options={
                "db_table": "care_said",
                "indexes": [
                    models.Index(models.F("identity"), models.F("part"), name="care_said_person"),
                    models.Index(models.F("act"), name="care_said_act"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("part", "thing", "verb", "act"), name="care_said_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("thing", ""), _negated=True),
                        ),
                        name="care_said_whose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskRow",
            fields=[
                ("task", models.BigIntegerField(primary_key=True, serialize=False)),
                ("key", models.TextField()),
                ("identity", models.BigIntegerField()),
                ("words", models.TextField()),
                ("team", models.TextField()),
                ("owner", models.CharField(max_length=150)),
                ("cause", models.TextField()),
                ("visit", models.BooleanField()),
                ("due", models.BigIntegerField()),
                ("earliest", models.BigIntegerField()),
                ("timed", models.BooleanField()),
                ("repeats", models.CharField(max_length=30)),
                ("until", models.CharField(max_length=10)),
                ("series", models.TextField()),
                ("day", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=12)),
                ("outcome", models.CharField(max_length=40)),
                ("why", models.TextField()),
                ("started", models.BigIntegerField(null=True)),
                ("ended", models.BigIntegerField(null=True)),
                ("planned_by", models.CharField(max_length=150)),
                ("planned_at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("steps", models.IntegerField()),
                ("announced", models.TextField()),
            ],
            options={
                "db_table": "care_task",
                "indexes": [
                    models.Index(models.F("identity"), name="care_task_person"),
                    models.Index(
                        models.F("team"),
                        models.F("state"),
                        models.F("earliest"),
                        name="care_task_team",
                    ),
                    models.Index(
                        models.F("owner"),
                        models.F("state"),
                        models.F("earliest"),
                        name="care_task_owner",
                    ),
                    models.Index(models.F("cause"), name="care_task_cause"),
                    models.Index(models.F("series"), name="care_task_series"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            models.Q(("team", ""), _negated=True),
                        ),
                        name="care_task_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("open", "started", "done", "not done", "cancelled"))
                        ),
                        name="care_task_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started", None),
                            ("ended", None),
                            ("ended__gte", models.F("started")),
                            _connector="OR",
                        ),
                        name="care_task_times",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOverRow",
            fields=[
                ("key", models.TextField(primary_key=True, serialize=False)),
                ("identity", models.BigIntegerField()),
                ("team", models.TextField()),
                ("owner", models.CharField(max_length=150)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("taken_by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "care_handover",
                "indexes": [
                    models.Index(models.F("identity"), name="care_handover_person"),
                    models.Index(models.F("team"), models.F("taken_by"), name="care_handover_team"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", ""), ("team", ""), _negated=True),
                        name="care_handover_to",
                    )
                ],
            },
        ),
    ]
