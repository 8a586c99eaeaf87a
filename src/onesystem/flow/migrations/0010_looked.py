"""When somebody last looked how far a question is: it comes before those that were left."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("flow", "0009_tasks")]

    operations = [
        migrations.AddField(
            model_name="asked", name="looked_at", field=models.BigIntegerField(default=0)
        ),
    ]
