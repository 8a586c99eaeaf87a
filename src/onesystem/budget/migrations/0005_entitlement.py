"""What the entitlement part of the budget room keeps."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0004_contracts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChargePerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.BigIntegerField(unique=True)),
                ("person_key", models.TextField(unique=True)),
                ("steps", models.IntegerField(default=0)),
                ("state", models.TextField(default="")),
                ("settle_by", models.DateField(null=True)),
                ("review", models.DateField(null=True)),
            ],
            options={
                "db_table": "budget_charge_person",
                "indexes": [
                    models.Index(models.F("settle_by"), name="budget_charge_settle"),
                    models.Index(models.F("review"), name="budget_charge_review"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(steps__gte=0), name="budget_charge_person_steps"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChargeStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("verb", models.TextField()),
                ("by", models.TextField()),
                ("at", models.BigIntegerField()),
                ("said", models.TextField()),
            ],
            options={
                "db_table": "budget_charge_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("identity", "number"), name="budget_charge_step_once"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            (
                                "verb__in",
                                ("need", "means", "signed", "settled", "disputed", "undone"),
                            ),
                            ~Q(("by", "")),
                        ),
                        name="budget_charge_step_said",
                    ),
                ],
            },
        ),
    ]
