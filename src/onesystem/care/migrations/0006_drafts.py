"""What drafts keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("care", "0005_tasks")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=150)),
                ("key", models.CharField(max_length=200)),
                ("identity", models.BigIntegerField(default=0)),
                ("path", models.CharField(default="", max_length=500)),
                ("fields", models.TextField()),
                ("version", models.IntegerField()),
                ("saved", models.BigIntegerField()),
            ],
            options={
                "db_table": "care_draft",
                "indexes": [
                    models.Index("identity", name="care_draft_person"),
                    models.Index("saved", name="care_draft_saved"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key"), name="care_draft_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner", ""), _negated=True),
                            models.Q(("key", ""), _negated=True),
                            ("version__gt", 0),
                        ),
                        name="care_draft_whose",
                    ),
                ],
            },
        ),
    ]
