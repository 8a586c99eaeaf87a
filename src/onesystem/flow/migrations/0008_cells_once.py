"""Cells lie in the order of their keys alone, once, where the store is SQLite.

A table beside its index holds every key twice. What was kept is worked out anew.
"""

from typing import Any

from django.db import migrations

from onesystem.access.migrating import OnStore

_CELL = """CREATE TABLE flow_cell (
    kept integer NOT NULL, cut varchar(12) NOT NULL, every varchar(7) NOT NULL,
    period integer NOT NULL, key text NOT NULL, numerator bigint NOT NULL,
    denominator bigint NOT NULL, people integer NOT NULL,
    PRIMARY KEY (kept, cut, every, period, key)) WITHOUT ROWID"""
_BEHIND = """CREATE TABLE flow_behind (
    kept integer NOT NULL, day integer NOT NULL, service text NOT NULL, people BLOB NOT NULL,
    PRIMARY KEY (kept, day, service)) WITHOUT ROWID"""


def once(_apps: Any, schema_editor: Any) -> None:
    """Make the tables anew, empty."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for name, made in (("flow_cell", _CELL), ("flow_behind", _BEHIND)):
        schema_editor.execute(f"DROP TABLE {name}")
        schema_editor.execute(made)
    schema_editor.execute("DELETE FROM flow_reached WHERE name = 'form'")


class Migration(migrations.Migration):
    """The tables."""

    dependencies = [("flow", "0007_working")]
    operations = [OnStore(once, migrations.RunPython.noop)]
