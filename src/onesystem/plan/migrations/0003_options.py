"""What the options part of the plan room keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.plan.options.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Plans, their steps, options, snapshots, runs, comments, scores and actions."""

    dependencies = [
        ("plan", "0002_case"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                ("slug", models.SlugField(max_length=70, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("area", models.CharField(default="", max_length=60)),
                ("words", models.CharField(default="", max_length=2000)),
                ("base_year", models.IntegerField()),
                ("horizon", models.SmallIntegerField()),
                ("stage", models.CharField(default="diagnosis", max_length=20)),
                ("begins", models.DateField()),
                ("weeks", models.SmallIntegerField(default=10)),
                ("criteria", models.TextField()),
                ("number", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_plan",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stage__in",
                                ("diagnosis", "solutions", "plan", "implementation", "closed"),
                            )
                        ),
                        name="plan_plan_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("horizon__in", (5, 20))), name="plan_plan_horizon"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weeks__gte", 1), ("weeks__lte", 104)),
                        name="plan_plan_weeks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="plan_plan_named",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="plan.planrow",
                    ),
                ),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=30)),
                ("stage", models.CharField(max_length=20)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=2000)),
                ("body", models.TextField(default="{}")),
            ],
            options={
                "db_table": "plan_step",
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="plan_step_by"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="plan.planrow",
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("body", models.TextField()),
                ("strength", models.CharField(default="central", max_length=10)),
                ("starts", models.DateField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("gone_at", models.BigIntegerField(null=True)),
                ("gone_by", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "plan_option",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_at", None)),
                        fields=("plan", "key"),
                        name="plan_option_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("strength__in", ("low", "central", "high"))),
                        name="plan_option_strength",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="plan.planrow",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=300)),
                ("asked", models.TextField()),
                ("value", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_snapshot",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("opportunity", "measure", "case"))),
                        name="plan_snapshot_kind",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="plan.planrow",
                    ),
                ),
                ("number", models.IntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("asked", models.TextField()),
                ("found", models.TextField(default="")),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_run",
                "indexes": [models.Index(fields=["digest"], name="plan_run_digest")],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_run_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="plan.planrow",
                    ),
                ),
                ("about", models.CharField(max_length=80)),
                ("words", models.CharField(max_length=4000)),
                ("review", models.BooleanField(default=False)),
                (
                    "answers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered",
                        to="plan.plancomment",
                    ),
                ),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_comment",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="plan_comment_words",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="plan.planrow",
                    ),
                ),
                ("criterion", models.CharField(max_length=60)),
                ("about", models.CharField(default="plan", max_length=80)),
                ("score", models.SmallIntegerField()),
                ("words", models.CharField(default="", max_length=2000)),
                ("step", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_score",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                        name="plan_score_range",
                    )
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PlanAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="plan.planrow",
                    ),
                ),
                ("words", models.CharField(max_length=500)),
                ("option", models.CharField(default="", max_length=60)),
                ("owner", models.CharField(max_length=150)),
                ("begins", models.DateField()),
                ("due", models.DateField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("said", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_action",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "done", "dropped"))),
                        name="plan_action_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due__gte", models.F("begins"))),
                        name="plan_action_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner", ""), _negated=True), name="plan_action_owner"
                    ),
                ],
                "indexes": [],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
