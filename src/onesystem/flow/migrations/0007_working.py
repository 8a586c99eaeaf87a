"""Whom a refresh has taken off the list of the touched and not worked out yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("flow", "0006_worklist"),
    ]

    operations = [
        migrations.CreateModel(
            name="Working",
            fields=[
                ("identity", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                "db_table": "flow_working",
            },
        ),
    ]
