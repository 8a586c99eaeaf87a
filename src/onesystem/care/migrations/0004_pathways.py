"""What pathways keep."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Pathways: texts, versions, what was done to them, notes, opens."""

    dependencies = [("care", "0003_services")]

    operations = [
        migrations.CreateModel(
            name="PathwayText",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "care_pathway_text",
            },
        ),
        migrations.CreateModel(
            name="PathwayNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("words", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("until", models.IntegerField(default=0)),
                ("ended", models.BigIntegerField(default=0)),
                ("ended_by", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "care_pathway_note",
                "indexes": [models.Index(models.F("version"), name="care_pathway_notes")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="care_pathway_note_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", 0), ("ended_by", "")),
                            models.Q(("ended__gt", 0), models.Q(("ended_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="care_pathway_note_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayOpen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("organisation", models.CharField(max_length=80)),
                ("day", models.IntegerField()),
                ("beside", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "care_pathway_open",
                "indexes": [
                    models.Index(models.F("day"), models.F("slug"), name="care_pathway_opens")
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("digest", models.CharField(default="", max_length=64)),
                ("words", models.CharField(default="", max_length=2000)),
                ("to", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "care_pathway_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "number"), name="care_pathway_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "begun",
                                    "saved",
                                    "sent",
                                    "commented",
                                    "returned",
                                    "taken back",
                                    "signed as lead",
                                    "signed as expert",
                                    "published",
                                    "looked at again",
                                    "superseded",
                                    "withdrawn",
                                    "dropped",
                                ),
                            )
                        ),
                        name="care_pathway_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="care_pathway_step_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64)),
                ("signed", models.CharField(default="", max_length=64)),
                ("author", models.CharField(max_length=150)),
                ("asked", models.CharField(default="", max_length=150)),
                ("lead", models.CharField(default="", max_length=150)),
                ("expert", models.CharField(default="", max_length=150)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("published", models.BigIntegerField(default=0)),
                ("ended", models.BigIntegerField(default=0)),
                ("review", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "care_pathway_version",
                "indexes": [
                    models.Index(models.F("state"), models.F("review"), name="care_pathway_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("slug", "number"), name="care_pathway_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "in review"))),
                        fields=("slug",),
                        name="care_pathway_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("slug",),
                        name="care_pathway_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "draft",
                                    "in review",
                                    "published",
                                    "superseded",
                                    "withdrawn",
                                    "dropped",
                                ),
                            )
                        ),
                        name="care_pathway_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("slug", ""), _negated=True),
                            models.Q(("author", ""), _negated=True),
                        ),
                        name="care_pathway_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("published", "superseded", "withdrawn")),
                                _negated=True,
                            ),
                            models.Q(("published__gt", 0), ("signed", models.F("digest"))),
                            _connector="OR",
                        ),
                        name="care_pathway_text_stays",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("published", "superseded", "withdrawn")),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("lead", ""), _negated=True),
                                models.Q(("expert", ""), _negated=True),
                                models.Q(("lead", models.F("expert")), _negated=True),
                                models.Q(("lead", models.F("author")), _negated=True),
                                models.Q(("expert", models.F("author")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="care_pathway_signed_by_two",
                    ),
                ],
            },
        ),
    ]
