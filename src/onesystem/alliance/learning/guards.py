"""The database's own refusal to change what was done about a risk or an idea, or replied."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept

REGISTERS = (
    *kept("alliance_watched_step", "what was done about it never changes"),
    *kept("alliance_trust_reply", "what somebody replied never changes"),
)
IDEAS = (*kept("alliance_idea_step", "what was done with an idea never changes"),)
KEPT = (*REGISTERS, *IDEAS)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
