"""What the commit part of the alliance room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alliance', '0002_meeting'),
    ]

    operations = []
