"""What the ledger owes to the parties of a contract already, for its months.

What contacts cost was posted as owed to whoever runs their services, month by month; payments on
account name the contract. Both are taken off what is due, so that nothing is paid twice. What
settlements of the contract itself moved is left out: a settlement is corrected by reversing it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.budget.contracts.agreement import FUNDER, Agreement
from onesystem.budget.costing.posting import CONTACTS, cause
from onesystem.budget.ledger import queries
from onesystem.budget.ledger.entry import ACTUAL
from onesystem.vocabulary.said import say

Part = Mapping[tuple[str, date], Fraction]  # by service and month
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
    slug: str, made: Agreement, months: Sequence[date], services: Collection[str],
    part: Part | None = None,
) -> list[Owed]:  # fmt: skip
    """What each party that does not pay is owed already.

    `part` is how much of a service's costs of a month the contract is about; all where it is None.
    """
    parties = [p.organisation for p in made.parties if p.role != FUNDER]
    if not parties:
        return []
    usual: Any = {"book": ACTUAL, "account": "owed", "organisation": parties, "per_page": 0}
    costs = {cause(month, CONTACTS): month for month in months}
    found = [
        (entry, costs[entry.cause])
        for entry in queries.entries(cause=list(costs), **usual)
        if entry.leg.service in set(services) and not entry.leg.contract
    ]
    on_account = queries.entries(
        contract=slug, month_from=months[0], month_to=months[-1], **usual
    )  # fmt: skip
    found += [
        (entry, entry.month)
        for entry in on_account
        if not entry.leg.decision.startswith(SETTLED) and entry.cause not in costs
    ]
    by_party = [(party, [f for f in found if f[0].leg.organisation == party]) for party in parties]
    return [_owed(party, rows, part) for party, rows in by_party if rows]


def _owed(
    party: str, rows: Sequence[tuple[queries.Entry, date]], share: Part | None
) -> Owed:  # fmt: skip
    parts: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry, month in rows:
        leg = entry.leg
        part = parts.setdefault(
            (leg.contract, leg.service, str(month)),
            {"contract": leg.contract, "service": leg.service, "month": str(month), "minor": 0,
             "entries": 0, "postings": []},
        )  # fmt: skip
        part["minor"] -= leg.amount
        part["entries"] += 1
        part["postings"] = sorted({*part["postings"], entry.posting})
    for part in parts.values() if share is not None else ():
        if not part["contract"]:
            key = (part["service"], date.fromisoformat(part["month"]))
            part["minor"] = round(part["minor"] * share.get(key, Fraction(0)))
    return Owed(
        party=party, fact=say("ledger.{party}", party=party), words=say("Entries of the ledger"),
        amount=sum(part["minor"] for part in parts.values()),
        parts=tuple(parts[key] for key in sorted(parts)),
    )  # fmt: skip
