"""What the entitlement part of the budget room keeps."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0004_contracts"),
    ]

    operations = []
