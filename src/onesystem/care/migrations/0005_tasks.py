"""What tasks keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0004_pathways")]

    operations = []
