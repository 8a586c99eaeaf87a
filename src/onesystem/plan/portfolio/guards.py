"""The database's own refusal to edit what people decided, on both engines."""

from typing import Any

from onesystem.budget.pooled import guards

HELD = {"plan_timing": "what was decided never changes: decide again"}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to edit a row of these tables."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let the tables be edited: only a migration backwards does this."""
    guards.lower_guards(connection, HELD)
