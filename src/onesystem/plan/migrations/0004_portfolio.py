"""What the portfolio part of the plan room keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.plan.portfolio.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Proposals, and when people decided that options start."""

    dependencies = [
        ('plan', '0003_options'),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("number", models.IntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("asked", models.TextField()),
                ("found", models.TextField(default="")),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT,
                                           related_name="proposals", to="plan.planrow")),
            ],
            options={
                "db_table": "plan_proposal",
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_proposal_once"),
                    models.CheckConstraint(condition=models.Q(("by", ""), _negated=True),
                                           name="plan_proposal_by"),
                ],
                "indexes": [models.Index(fields=["digest"], name="plan_proposal_digest")],
            },
        ),
        migrations.CreateModel(
            name="PlanTiming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("number", models.IntegerField()),
                ("starts", models.TextField()),
                ("dearer", models.BigIntegerField()),
                ("why", models.CharField(max_length=2000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT,
                                           related_name="timings", to="plan.planrow")),
                ("proposal", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT,
                                               related_name="timings", to="plan.planproposal")),
            ],
            options={
                "db_table": "plan_timing",
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_timing_once"),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True)
                        & models.Q(("by", ""), _negated=True),
                        name="plan_timing_why",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
