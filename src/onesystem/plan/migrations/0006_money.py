"""What the money part of the plan room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.plan.money.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """What plans of money keep."""

    dependencies = [
        ("plan", "0005_workforce"),
    ]

    operations = [
        migrations.CreateModel(
            name="MoneyStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60)),
                ("number", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                ("body", models.TextField(default="")),
            ],
            options={
                "db_table": "plan_money_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "number"), name="plan_money_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("kept", "undone", "closed"))),
                        name="plan_money_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="plan_money_step_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyPlanRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60, unique=True)),
                ("number", models.IntegerField()),
                ("name", models.CharField(max_length=200)),
                ("area", models.CharField(default="", max_length=60)),
                ("closed", models.BooleanField(default=False)),
                ("body", models.TextField()),
            ],
            options={"db_table": "plan_money_plan"},
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
