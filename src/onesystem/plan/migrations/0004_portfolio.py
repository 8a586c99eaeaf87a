"""What the portfolio part of the plan room keeps."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('plan', '0003_options'),
    ]

    operations = []
