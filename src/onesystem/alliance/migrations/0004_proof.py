"""What the proof part of the alliance room keeps, and what the database refuses to change."""

from django.db import migrations


class Migration(migrations.Migration):
    """Reviews, and the measures that judge a decision."""

    dependencies = [
        ('alliance', '0003_commit'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
