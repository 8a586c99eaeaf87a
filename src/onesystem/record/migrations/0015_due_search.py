"""Who asked whose record falls due, and what came of it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """See the model."""

    dependencies: ClassVar = [("record", "0014_stamps_by_part")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Search",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=150)),
                ("begun_at", models.BigIntegerField(null=True)),
                ("done_at", models.BigIntegerField(null=True)),
                ("found", models.BigIntegerField(null=True)),
                ("stopped_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "record_due_search",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=Q(done_at__isnull=True),
                        name="record_due_search_one",
                    ),
                    models.CheckConstraint(condition=~Q(asked_by=""), name="record_due_search_by"),
                ],
            },
        ),
    ]
