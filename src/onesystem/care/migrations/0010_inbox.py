"""What inboxes keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("care", "0009_practice")]

    operations = [
        migrations.CreateModel(
            name="InboxFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.TextField()),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=150)),
                ("shared", models.BooleanField(default=False)),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "care_inbox_filter",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("by", ""), _negated=True)), name="care_inbox_filter_named"),
                    models.UniqueConstraint(condition=models.Q(("shared", True)), fields=("service", "name"), name="care_inbox_filter_once"),
                    models.UniqueConstraint(condition=models.Q(("shared", False)), fields=("service", "by", "name"), name="care_inbox_filter_own"),
                ],
            },
        ),
    ]
