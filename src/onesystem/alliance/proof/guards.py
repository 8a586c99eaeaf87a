"""The database's own refusal to change what the alliance said of a decision."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept

KEPT = kept(
    "alliance_review",
    "what was said at a review never changes: open another one",
    when="OLD.verdict <> ''",
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
