"""What pathways keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0003_services")]

    operations = []
