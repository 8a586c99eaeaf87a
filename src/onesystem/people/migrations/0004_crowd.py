from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_alias")]

    operations = [
        migrations.CreateModel(
            name="Crowd",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rule", "said", blank=True, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
                ("rule", models.TextField()),
                ("said", models.TextField()),
                ("members", models.IntegerField()),
                ("at", models.BigIntegerField()),
            ],
        ),
    ]  # fmt: skip
