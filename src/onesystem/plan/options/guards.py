"""The database's own refusal to edit what was done, seen, said or scored, on both engines."""

from typing import Any

from onesystem.budget.pooled import guards

HELD = {
    "plan_step": "what was done in a plan never changes",
    "plan_snapshot": "a snapshot never changes: take another one",
    "plan_comment": "what was said never changes: say more",
    "plan_score": "a score never changes: score again",
}


def raise_guards(connection: Any) -> None:
    """From now on the database refuses to edit a row of these tables."""
    guards.raise_guards(connection, HELD)


def lower_guards(connection: Any) -> None:
    """Let the tables be edited: only a migration backwards does this."""
    guards.lower_guards(connection, HELD)
