"""A stamp for each part of a record: a new result does not have the medicines told anew.

What stood as one stamp is drawn anew for every part: each page is told once more.
"""

from typing import Any, ClassVar

from django.db import migrations, models

from onesystem.access.migrating import OnStore

_PARTS = (
    "warnings", "problems", "medicines", "results", "plans", "documents", "done", "team",
)  # fmt: skip
_DRAWN = {
    "sqlite": "(abs(random()) % 2147483646) + 1",
    "postgresql": "(random() * 2147483646)::bigint + 1",
}


def _draw(_apps: Any, editor: Any) -> None:
    drawn = _DRAWN[editor.connection.vendor]
    known = "((known_at + 999999) / 1000000) << 31"
    said = ", ".join(f"{part} = ({known}) + {drawn}" for part in _PARTS)
    editor.execute(f"UPDATE record_stamp SET {said}")


class Migration(migrations.Migration):
    """See the model."""

    dependencies: ClassVar = [("record", "0013_newest_of_a_kind")]

    operations: ClassVar = [
        *(
            migrations.AddField("StampRow", part, models.BigIntegerField(default=0))
            for part in _PARTS
        ),
        OnStore(_draw, migrations.RunPython.noop),
        migrations.RemoveField("StampRow", "stamp"),
        migrations.RemoveField("StampRow", "known_at"),
    ]
