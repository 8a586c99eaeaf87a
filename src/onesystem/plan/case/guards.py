"""The database's own refusal to edit what was published, on both engines."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import Refusal

KEPT = (
    Refusal(
        table="plan_case_step",
        verb="UPDATE",
        words="what was published of a case never changes: publish anew",
    ),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
