"""What triage keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0007_episodes")]

    operations = []
