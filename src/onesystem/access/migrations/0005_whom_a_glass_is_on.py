"""Whom a broken glass is on is asked at every request, so it has a key."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index by the glass."""

    dependencies: ClassVar = [("access", "0004_privacy_work")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="glasson",
            index=models.Index("glass", name="access_glass_on_glass"),
        )
    ]
