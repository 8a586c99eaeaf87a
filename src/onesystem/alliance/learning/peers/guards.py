"""The database's own refusal to change what a peer group wrote down."""

from typing import Any

from onesystem.alliance.charter import guards
from onesystem.alliance.charter.guards import Held

HELD: Held = {
    "alliance_peer_entry": (
        ("held", "looked", "learnt", "tries", "again", "at", "by"), "1 = 1",
        "what a peer group wrote never changes: take it back, and write it anew",
    ),
    "alliance_peer_present": ((), "1 = 1", "who was at a peer review never changes"),
}  # fmt: skip


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change what was written."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied."""
    guards.lower_guards(connection, HELD)
