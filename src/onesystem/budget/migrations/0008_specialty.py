"""What the specialty part of the budget room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.budget.specialty.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """What specialty budgets keep."""

    dependencies = [
        ("budget", "0007_pooled"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpecialtyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=2000)),
                ("body", models.TextField(default="")),
                ("of", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "budget_specialty_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "year", "number"), name="budget_specialty_step_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "signed")),
                        fields=("slug", "year", "of", "body"),
                        name="budget_specialty_signed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("kept", "undone", "comment", "signed", "agreed"))
                        ),
                        name="budget_specialty_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True),
                        name="budget_specialty_step_by",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SpecialtyYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("number", models.IntegerField()),
                ("version", models.IntegerField()),
                ("agreed", models.IntegerField(default=0)),
                ("name", models.CharField(max_length=200)),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "budget_specialty_year",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "year"), name="budget_specialty_year_once"
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
