"""What requests keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0001_initial")]

    operations = []
