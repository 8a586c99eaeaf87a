"""What the areas part of the plan room keeps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Areas that somebody brought."""

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OwnArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=120)),
                ("country", models.CharField(max_length=40)),
                ("year", models.IntegerField()),
                ("source", models.CharField(max_length=300)),
                ("files", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.BigIntegerField()),
                ("gone_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "plan_own_area",
                "indexes": [models.Index(fields=["code"], name="plan_own_area_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="plan_own_area_named",
                    )
                ],
            },
        ),
    ]
