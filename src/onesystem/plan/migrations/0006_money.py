"""What the money part of the plan room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0005_workforce'),
    ]

    operations = []
