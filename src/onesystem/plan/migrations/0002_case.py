"""What the case part of the plan room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.plan.case.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Cases that were published."""

    dependencies = [
        ("plan", "0001_areas"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("area", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=10)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("words", models.CharField(default="", max_length=2000)),
                ("body", models.TextField(default="")),
            ],
            options={
                "db_table": "plan_case_step",
                "indexes": [models.Index(fields=["area"], name="plan_case_step_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("published", "withdrawn"))),
                        name="plan_case_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("area", ""), _negated=True),
                        ),
                        name="plan_case_step_by",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
