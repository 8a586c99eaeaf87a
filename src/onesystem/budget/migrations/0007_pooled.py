"""What the pooled part of the budget room keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.budget.pooled.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """What pooled funds keep."""

    dependencies = [
        ("budget", "0006_personal"),
    ]

    operations = [
        migrations.CreateModel(
            name="PooledStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fund", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                ("body", models.TextField()),
                ("posted", models.TextField(default="[]")),
            ],
            options={
                "db_table": "budget_pooled_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fund", "year", "number"), name="budget_pooled_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("kept", "undone", "settled", "reopened"))),
                        name="budget_pooled_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="budget_pooled_step_by",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PooledYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fund", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("settled", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "budget_pooled_year",
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "year"), name="budget_pooled_year_once")
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PooledReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fund", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("quarter", models.IntegerField()),
                ("version", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                ("body", models.TextField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "budget_pooled_return",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fund", "year", "quarter", "version"),
                        name="budget_pooled_return_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)),
                        name="budget_pooled_return_quarter",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PooledSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_column="of",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="budget.pooledreturn",
                    ),
                ),
                ("partner", models.CharField(max_length=60)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "budget_pooled_signature",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of", "partner"), name="budget_pooled_signed_once"
                    )
                ],
                "indexes": [],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
