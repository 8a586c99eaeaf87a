"""What inbox keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0009_practice")]

    operations = []
