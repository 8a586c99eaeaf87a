"""The database's own refusal to edit what was published, on both engines."""

from typing import Any

from onesystem.budget.pooled import guards

HELD = {"plan_case_step": "what was published of a case never changes: publish anew"}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let them be edited: only a migration backwards does this."""
    guards.lower_guards(connection, HELD)
