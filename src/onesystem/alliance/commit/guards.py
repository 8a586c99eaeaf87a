"""The database's own refusal to change what funders said and what was reserved.

A word on a decision that has been resourced is refused as well, whoever writes it.
"""

from typing import Any

from onesystem.access import held
from onesystem.access.held import Refusal

_RESOURCED = "EXISTS (SELECT 1 FROM alliance_resourced r WHERE r.decision_id = NEW.decision_id)"
KEPT = (
    Refusal(table="alliance_funder_word", verb="UPDATE", words="what a funder said never changes"),
    Refusal(table="alliance_funder_word", verb="DELETE", words="what a funder said never changes"),
    Refusal(
        table="alliance_funder_word",
        verb="INSERT",
        words="the decision is resourced: money is reserved",
        when=_RESOURCED,
    ),
    Refusal(
        table="alliance_reserved",
        verb="UPDATE",
        words="what was reserved for a decision never changes",
    ),
    Refusal(
        table="alliance_reserved",
        verb="DELETE",
        words="what was reserved for a decision never changes",
    ),
    Refusal(
        table="alliance_hindered",
        verb="UPDATE",
        words="what stood in the way of a decision stays known",
    ),
    Refusal(
        table="alliance_hindered",
        verb="DELETE",
        words="what stood in the way of a decision stays known",
    ),
    Refusal(
        table="alliance_resourced", verb="DELETE", words="that a decision was resourced stays known"
    ),
    Refusal(
        table="alliance_carried", verb="DELETE", words="what went live with a decision stays known"
    ),
)


def raise_guards(connection: Any) -> None:
    """From now on the database refuses it."""
    held.refuse(connection, KEPT)


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
