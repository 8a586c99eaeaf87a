"""What the areas part of the plan room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        
    ]

    operations = []
