"""What the commit part of the alliance room keeps, and what the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.commit.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Words of funders, and what decisions set going."""

    dependencies = [
        ("alliance", "0002_meeting"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resourced",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="alliance.decision",
                    ),
                ),
                ("review", models.DateField(null=True)),
                ("measure", models.CharField(default="", max_length=80)),
                ("owner", models.IntegerField(default=0)),
                ("ended", models.BigIntegerField(null=True)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_resourced",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="alliance_resourced_by"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended__isnull", True), ("ended__gte", models.F("at")), _connector="OR"
                        ),
                        name="alliance_resourced_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FunderWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("party", models.CharField(max_length=60)),
                ("said", models.CharField(max_length=9)),
                ("amount", models.BigIntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("line", models.CharField(default="", max_length=60)),
                ("reason", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.decision"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_funder_word",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("said__in", ("confirmed", "withdrawn"))),
                        name="alliance_word_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("until__gte", models.F("since")), ("nth__gte", 0)
                        ),
                        name="alliance_word_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", "confirmed"), _negated=True),
                            models.Q(("line", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alliance_word_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", "withdrawn"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alliance_word_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("party", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_word_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hindered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=1000)),
                ("cure", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.decision"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_hindered",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_hindered_says",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReservedMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("party", models.CharField(max_length=60)),
                ("line", models.CharField(max_length=60)),
                ("month", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("reservation", models.BigIntegerField(unique=True)),
                (
                    "resourced",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reserved",
                        to="alliance.resourced",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_reserved",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("resourced", "nth", "month"), name="alliance_reserved_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="alliance_reserved_amount"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CarriedOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=100)),
                ("number", models.CharField(default="", max_length=60)),
                ("since", models.DateField()),
                ("done", models.CharField(max_length=500)),
                ("mark", models.IntegerField(default=0)),
                ("ended", models.CharField(default="", max_length=500)),
                (
                    "resourced",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carried",
                        to="alliance.resourced",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_carried",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("resourced", "nth"), name="alliance_carried_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("done", ""), _negated=True),
                        ),
                        name="alliance_carried_says",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
