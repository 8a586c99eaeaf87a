"""What episodes keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0006_drafts")]

    operations = []
