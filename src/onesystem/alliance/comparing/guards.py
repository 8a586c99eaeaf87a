"""The database's own refusal to change what was published, on both engines."""

from typing import Any

from onesystem.alliance.charter import guards

HELD: guards.Held = {
    "alliance_published": ((), "1 = 1", "what was published never changes: publish anew")
}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change or remove what was published."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let the table be emptied: only a migration backwards does this."""
    guards.lower_guards(connection, HELD)
