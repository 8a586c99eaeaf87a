"""What the comparing part of the alliance room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.comparing.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """What a district published, as it left."""

    dependencies = [
        ("alliance", "0005_learning"),
    ]

    operations = [
        migrations.CreateModel(
            name="Published",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField(unique=True)),
                ("audience", models.CharField(default="", max_length=20)),
                ("body", models.TextField(default="")),
                ("digest", models.CharField(default="", max_length=64)),
                ("why", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_published",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="alliance_published_by"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), ("digest", "")),
                            models.Q(
                                models.Q(("body", ""), _negated=True),
                                models.Q(("digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="alliance_published_whole",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
