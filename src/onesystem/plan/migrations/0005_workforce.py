"""What the workforce part of the plan room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0004_portfolio'),
    ]

    operations = []
