"""What the ledger owes to the parties of a contract already, for its months.

What contacts cost was posted as owed to whoever runs their services, month by month; payments on
account name the contract. Both are taken off what is due, so that nothing is paid twice. What
settlements of the contract itself moved is left out: a settlement is corrected by reversing it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.budget.contracts.agreement import FUNDER, Agreement
from onesystem.budget.ledger import queries
from onesystem.budget.ledger.entry import ACTUAL

SETTLED = "settlement "  # with a number: the `decision` of what a settlement posts


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed to one party, with the sums of entries that it is made of."""

    party: str
    fact: str
    words: str
    amount: int
    parts: tuple[dict[str, Any], ...]


def owed(
    slug: str, made: Agreement, months: Sequence[date], services: Collection[str]
) -> list[Owed]:
    """What each party that does not pay is owed already."""
    parties = [p.organisation for p in made.parties if p.role != FUNDER]
    rows = queries.balances(
        ("organisation", "contract", "service", "decision", "month"),
        book=ACTUAL, account="owed", organisation=parties,
        month_from=months[0], month_to=months[-1],
    )  # fmt: skip
    wanted = [row for row in rows if _is_of(row, slug, set(services))]
    return [_owed(party, wanted) for party in parties if any(_of(party, row) for row in wanted)]


def _is_of(row: dict[str, Any], slug: str, services: set[str]) -> bool:
    if row["decision"].startswith(SETTLED):
        return False
    mine = row["contract"] == slug or (not row["contract"] and row["service"] in services)
    return mine and bool(row["amount"])


def _of(party: str, row: dict[str, Any]) -> bool:
    return bool(row["organisation"] == party)


def _owed(party: str, rows: Sequence[dict[str, Any]]) -> Owed:
    parts = [row for row in rows if _of(party, row)]
    return Owed(
        party=party, fact=f"ledger.{party}", words="Entries of the ledger",
        amount=-sum(row["amount"] for row in parts),
        parts=tuple(
            {"contract": row["contract"], "service": row["service"], "month": str(row["month"]),
             "minor": -row["amount"], "entries": row["legs"]}
            for row in parts
        ),
    )  # fmt: skip
