"""The database's own refusal to change what was done about a risk or an idea, or replied."""

from typing import Any

from onesystem.alliance.charter import guards
from onesystem.alliance.charter.guards import Held

REGISTERS: Held = {
    "alliance_watched_step": ((), "1 = 1", "what was done about it never changes"),
    "alliance_trust_reply": ((), "1 = 1", "what somebody replied never changes"),
}
IDEAS: Held = {
    "alliance_idea_step": ((), "1 = 1", "what was done with an idea never changes"),
}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to change them."""
    guards.raise_guards(connection, {**REGISTERS, **IDEAS})


def lower_guards(connection: Any) -> None:
    """Let the tables be emptied."""
    guards.lower_guards(connection, {**REGISTERS, **IDEAS})
