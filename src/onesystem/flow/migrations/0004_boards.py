"""Alerts, the pressure by the hour, and district calls."""

from django.db import migrations, models
from django.db.models import Q

STEPS = ("raised", "acknowledged", "acted", "escalated", "closed")


def _id() -> tuple[str, models.Field]:
    return (
        "id",
        models.BigAutoField(
            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("flow", "0003_measures")]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                _id(),
                ("rule", models.CharField(max_length=100)),
                ("service", models.CharField(max_length=200)),
                ("value", models.FloatField()),
                ("opened_at", models.BigIntegerField()),
                ("closed_at", models.BigIntegerField(default=0)),
                ("level", models.SmallIntegerField(default=0)),
                ("owner", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "flow_alert",
                "indexes": [
                    models.Index(fields=["closed_at", "opened_at"], name="flow_alert_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(closed_at=0),
                        fields=("rule", "service"),
                        name="flow_alert_once_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertStep",
            fields=[
                _id(),
                ("alert", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("text", models.CharField(default="", max_length=1000)),
            ],
            options={
                "db_table": "flow_alert_step",
                "indexes": [models.Index(fields=["alert", "at"], name="flow_alert_steps")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(kind__in=STEPS), name="flow_alert_step_kind"
                    ),
                    models.CheckConstraint(
                        condition=~Q(by=""), name="flow_alert_step_has_author"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PressureHour",
            fields=[
                _id(),
                ("organisation", models.CharField(max_length=100)),
                ("hour", models.BigIntegerField()),
                ("here", models.IntegerField()),
                ("capacity", models.IntegerField(null=True)),
                ("waiting", models.IntegerField()),
                ("ready", models.IntegerField()),
                ("over_limit", models.IntegerField()),
                ("gridlock", models.SmallIntegerField(default=0)),
            ],
            options={
                "db_table": "flow_pressure",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "hour"), name="flow_pressure_hour"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                _id(),
                ("opened_at", models.BigIntegerField()),
                ("opened_by", models.CharField(max_length=150)),
                ("closed_at", models.BigIntegerField(default=0)),
                ("closed_by", models.CharField(default="", max_length=150)),
                ("minutes", models.TextField(default="")),
                ("seen", models.TextField(default="")),
            ],
            options={
                "db_table": "flow_call",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(closed_at=0), fields=("closed_at",), name="flow_call_one_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                _id(),
                ("call", models.BigIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("owner", models.CharField(max_length=150)),
                ("due_at", models.BigIntegerField(default=0)),
                ("made_by", models.CharField(max_length=150)),
                ("made_at", models.BigIntegerField()),
                ("done_at", models.BigIntegerField(default=0)),
                ("done_by", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "flow_call_action",
                "indexes": [models.Index(fields=["done_at", "call"], name="flow_action_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(text="") & ~Q(owner=""), name="flow_action_said"
                    )
                ],
            },
        ),
    ]
