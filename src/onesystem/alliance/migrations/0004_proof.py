"""What the proof part of the alliance room keeps, and what the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.proof.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Reviews, and the measures that judge a decision."""

    dependencies = [
        ("alliance", "0003_commit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("due", models.DateField()),
                ("begins", models.DateField()),
                ("contract", models.CharField(default="", max_length=80)),
                ("verdict", models.CharField(default="", max_length=6)),
                ("reason", models.CharField(default="", max_length=2000)),
                ("said", models.TextField(default="")),
                ("closed", models.BigIntegerField(null=True)),
                ("closed_by", models.CharField(default="", max_length=150)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="alliance.decision",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_review",
            },
        ),
        migrations.CreateModel(
            name="Judged",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("measure", models.CharField(max_length=80)),
                ("evaluation", models.IntegerField()),
                ("run", models.IntegerField(null=True)),
                ("trouble", models.CharField(default="", max_length=1000)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judged",
                        to="alliance.review",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_judged",
            },
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("decision", "nth"), name="alliance_review_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "")),
                fields=("decision",),
                name="alliance_review_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("", "adopt", "change", "stop"))),
                name="alliance_review_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verdict", ""),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("closed_by", ""), _negated=True),
                        ("closed__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="alliance_review_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="judged",
            constraint=models.UniqueConstraint(
                fields=("review", "nth"), name="alliance_judged_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="judged",
            constraint=models.CheckConstraint(
                condition=models.Q(("measure", ""), _negated=True), name="alliance_judged_measure"
            ),
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
