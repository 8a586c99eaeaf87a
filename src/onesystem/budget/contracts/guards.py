"""The database's own refusal to change what was signed, settled or done."""

from typing import Any

from onesystem.access import held
from onesystem.access.held import kept
from onesystem.vocabulary.said import say

KEPT = (
    *kept(
        "budget_contract_version",
        say("a signed contract never changes: write its next version"),
        columns=("contract", "number", "since", "until", "body", "digest"),
        when="OLD.state <> 'draft'",
        also="OLD.state IN ('published', 'withdrawn') AND NEW.state <> OLD.state",
    ),
    *kept(
        "budget_settlement",
        say("a settlement never changes: correct it by a new one"),
        columns=(
            "contract",
            "settlement",
            "version",
            "since",
            "until",
            "facts",
            "digest",
            "reverses",
        ),
        also="OLD.state IN ('posted', 'withdrawn') AND NEW.state <> OLD.state",
    ),
    *kept("budget_settled_line", say("the lines of a settlement never change")),
    *kept("budget_contract_step", say("what was done to a contract never changes")),
    *kept("budget_contract_signature", say("a signature never changes")),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
