"""The database's own refusal to change what a peer group wrote down."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept
from onesystem.vocabulary.said import say

KEPT = (
    *kept(
        "alliance_peer_entry",
        say("what a peer group wrote never changes: take it back, and write it anew"),
        columns=("held", "looked", "learnt", "tries", "again", "at", "by"),
    ),
    *kept("alliance_peer_present", say("who was at a peer review never changes")),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
