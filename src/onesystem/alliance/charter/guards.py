"""The database's own refusal to change what was signed or done."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept

KEPT = (
    *kept(
        "alliance_charter",
        "a charter that was signed never changes: write its next version",
        columns=("alliance_id", "number", "body", "digest"),
        when="OLD.state <> 'draft'",
    ),
    *kept("alliance_charter_signature", "a signature never changes"),
    *kept("alliance_step", "what was done to an alliance never changes"),
    *kept("alliance_disagreement_step", "what was done about it never changes"),
    *kept("alliance_procurement_step", "what was done in a procurement never changes"),
    *kept(
        "alliance_member",
        "who sat in an alliance stays in its register",
        columns=("alliance_id", "since"),
    ),
    *kept(
        "alliance_interest",
        "a declared interest never changes: end it, and declare it anew",
        columns=("member_id", "category", "words", "since"),
    ),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
