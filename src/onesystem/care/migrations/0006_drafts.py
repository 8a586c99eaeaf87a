"""What drafts keep."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("care", "0005_tasks")]

    operations = []
