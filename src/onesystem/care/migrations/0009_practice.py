"""What practice keep."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("care", "0008_triage")]

    operations = [
        migrations.CreateModel(
            name="ElsewhereRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("identity", models.BigIntegerField()),
                ("contact", models.BigIntegerField()),
                ("organisation", models.CharField(max_length=100)),
                ("ended", models.BooleanField()),
                ("undone", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("message", models.BigIntegerField()),
            ],
            options={
                "db_table": "care_elsewhere",
                "indexes": [
                    models.Index(
                        models.F("contact"), models.F("organisation"), name="care_elsewhere_of"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("act", "contact"), name="care_elsewhere_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("act", models.CharField(max_length=40)),
                ("identity", models.BigIntegerField()),
                ("organisation", models.CharField(max_length=100)),
                ("clinician", models.CharField(blank=True, max_length=150)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("message", models.BigIntegerField()),
            ],
            options={
                "db_table": "care_lead",
                "indexes": [models.Index(models.F("identity"), name="care_lead_person")],
                "constraints": [models.UniqueConstraint(fields=("act",), name="care_lead_once")],
            },
        ),
        migrations.CreateModel(
            name="NeedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=60)),
                ("weekday", models.SmallIntegerField()),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
                ("people", models.SmallIntegerField(default=1)),
                ("by", models.CharField(max_length=150)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
            ],
            options={
                "db_table": "care_need",
                "indexes": [models.Index(models.F("service"), name="care_need_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weekday__gte", 0), ("weekday__lte", 6)),
                        name="care_need_weekday",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("people__gt", 0)), name="care_need_people"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=100)),
                ("text", models.CharField(max_length=2000)),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("seen_by", models.CharField(blank=True, max_length=150)),
                ("seen_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "care_shift_note",
                "indexes": [
                    models.Index(models.F("service"), models.F("at"), name="care_shift_note_of")
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("service", models.CharField(max_length=100)),
                ("role", models.CharField(max_length=60)),
                ("username", models.CharField(max_length=150)),
                ("starts", models.BigIntegerField()),
                ("ends", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("gone_by", models.CharField(blank=True, max_length=150)),
                ("gone_at", models.BigIntegerField(null=True)),
                ("duty", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "care_shift",
                "indexes": [
                    models.Index(models.F("service"), models.F("starts"), name="care_shift_of")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))),
                        name="care_shift_lasts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username", ""), _negated=True), name="care_shift_who"
                    ),
                ],
            },
        ),
    ]
