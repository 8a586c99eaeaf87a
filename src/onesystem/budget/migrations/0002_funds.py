"""What the funds part of the budget room keeps; the database refuses to change what was done."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.budget.funds.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0001_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoalRow",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("words", models.CharField(max_length=300)),
                ("measure", models.CharField(default="", max_length=100)),
                ("number", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "budget_goal",
            },
        ),
        migrations.CreateModel(
            name="ActRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("fund", models.CharField(default="", max_length=60)),
                ("organisation", models.CharField(default="", max_length=60)),
                ("source", models.CharField(default="", max_length=40)),
                ("amount", models.BigIntegerField()),
                ("body", models.TextField()),
                ("words", models.CharField(max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("undoes", models.BigIntegerField(null=True, unique=True)),
            ],
            options={
                "db_table": "budget_plan_act",
                "indexes": [models.Index(fields=["first"], name="budget_plan_act_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("contribute", "allot", "move", "undo"))),
                        name="budget_plan_act_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("words", ""), _negated=True),
                        ),
                        name="budget_plan_act_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="budget_plan_act_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last__gte", models.F("first"))),
                        name="budget_plan_act_spread",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "undo"), ("undoes__isnull", False)),
                            models.Q(
                                models.Q(("kind", "undo"), _negated=True), ("undoes__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="budget_plan_act_undoes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FenceRow",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("body", models.TextField()),
                ("number", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "budget_fence",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("ring", "floor", "ceiling"))),
                        name="budget_fence_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="budget_fence_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundRow",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("words", models.CharField(default="", max_length=1000)),
                ("number", models.IntegerField(default=1)),
            ],
            options={
                "db_table": "budget_fund",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="budget_fund_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="budget_fund_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FundsStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("code", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "budget_funds_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code", "number"), name="budget_funds_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("fund", "goal", "line", "fence"))),
                        name="budget_funds_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="budget_funds_step_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineRow",
            fields=[
                ("code", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("programme", models.CharField(default="", max_length=100)),
                ("organisation", models.CharField(default="", max_length=60)),
                ("service", models.CharField(default="", max_length=200)),
                ("setting", models.CharField(default="", max_length=60)),
                ("place", models.CharField(default="", max_length=60)),
                ("goal", models.CharField(default="", max_length=60)),
                ("number", models.IntegerField(default=1)),
                ("act", models.BigIntegerField(default=0)),
                (
                    "fund",
                    models.ForeignKey(
                        db_column="fund",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="budget.fundrow",
                    ),
                ),
            ],
            options={
                "db_table": "budget_line",
                "indexes": [
                    models.Index(fields=["service"], name="budget_line_service"),
                    models.Index(fields=["goal"], name="budget_line_goal"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                        ),
                        name="budget_line_named",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanActLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.CharField(max_length=80)),
                (
                    "act",
                    models.ForeignKey(
                        db_column="act",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="budget.actrow",
                    ),
                ),
            ],
            options={
                "db_table": "budget_plan_act_line",
                "indexes": [models.Index(fields=["line"], name="budget_plan_act_line_line")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("act", "line"), name="budget_plan_act_line_once"
                    )
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),
            lambda apps, editor: lower_guards(editor.connection),
        ),
    ]
