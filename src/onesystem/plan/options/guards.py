"""The database's own refusal to edit what was done, seen, said or scored, on both engines."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import Refusal

KEPT = (
    Refusal(table="plan_step", verb="UPDATE", words="what was done in a plan never changes"),
    Refusal(
        table="plan_snapshot", verb="UPDATE", words="a snapshot never changes: take another one"
    ),
    Refusal(table="plan_comment", verb="UPDATE", words="what was said never changes: say more"),
    Refusal(table="plan_score", verb="UPDATE", words="a score never changes: score again"),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
