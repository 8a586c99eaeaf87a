"""What the learning part of the alliance room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alliance', '0004_proof'),
    ]

    operations = []
