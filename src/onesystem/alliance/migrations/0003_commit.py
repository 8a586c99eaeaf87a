"""What the commit part of the alliance room keeps, and what the database refuses to change."""

from django.db import migrations


class Migration(migrations.Migration):
    """Words of funders, and what decisions set going."""

    dependencies = [
        ('alliance', '0002_meeting'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
