"""The database's own refusal to change what was published."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept

KEPT = (*kept("alliance_published", "what was published never changes: publish anew"),)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
