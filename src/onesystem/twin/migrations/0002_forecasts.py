"""Forecasts as they were made, and what came of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("twin", "0001_scenarios")]

    operations = [
        migrations.CreateModel(
            name="Foreseen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(unique=True)),
                ("said", models.BinaryField()),
                ("came", models.BinaryField(default=b"")),
                ("late", models.BooleanField(default=False)),
                ("scored", models.BooleanField(default=False)),
            ],
            options={"db_table": "twin_foreseen"},
        ),
    ]
