"""What the charter part of the alliance room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        
    ]

    operations = []
