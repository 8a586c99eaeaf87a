"""What the comparing part of the alliance room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alliance', '0005_learning'),
    ]

    operations = []
