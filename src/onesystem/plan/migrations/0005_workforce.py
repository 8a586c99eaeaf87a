"""What the workforce part of the plan room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.plan.workforce.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """What plans of staff keep."""

    dependencies = [
        ("plan", "0004_portfolio"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkforceStep",
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
                "db_table": "plan_workforce_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("slug", "number"), name="plan_workforce_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("kept", "undone", "closed"))),
                        name="plan_workforce_step_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="plan_workforce_step_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkforcePlanRow",
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
            options={"db_table": "plan_workforce_plan"},
        ),
        migrations.CreateModel(
            name="PostsRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("place", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=40)),
                ("posts", models.IntegerField()),
                ("filled", models.IntegerField()),
                ("counted", models.DateField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "plan_posts",
                "indexes": [models.Index(fields=["kind", "place", "role"], name="plan_posts_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("filled__gte", 0), ("posts__gte", 0)),
                        name="plan_posts_all",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="plan_posts_by"
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
