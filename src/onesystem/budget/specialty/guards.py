"""The database's own refusal to edit what was done to a specialty's budget, on both engines."""

from typing import Any

from onesystem.budget.pooled import guards

HELD = {"budget_specialty_step": "what was done to a budget never changes"}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to edit a step."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let steps be edited: only a migration backwards does this."""
    guards.lower_guards(connection, HELD)
