"""What funds ask of costing: what a contact with a service costs, and what is behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The contacts of a service that an amount is made of."""

    service: str
    cost: int
    contacts: int


def unit_costs(first: date, last: date) -> dict[str, Fraction]:
    """What a contact with each service cost on average over some months, in minor units."""
    from onesystem.budget.costing import queries

    some = queries.costs(first, last, by=("service",))
    return {c.key["service"]: Fraction(c.minor, c.contacts) for c in some if c.contacts}


def behind(first: date, last: date, services: Sequence[str]) -> list[Behind]:
    """Costed contacts of some services over some months; none where nothing is costed yet."""
    from onesystem.budget.costing import queries

    return [
        Behind(service=c.key["service"], cost=c.minor, contacts=c.contacts)
        for c in queries.costs(first, last, by=("service",))
        if c.key["service"] in services
    ]


def reconciled(month: date) -> Any:
    """Costed contacts of a month beside the ledger, as costing has it; None where none is costed.

    Rows have `kind`, `service`, `line`, `minor`, `posted`, `left` and `why`.
    """
    from onesystem.budget.costing import queries

    return queries.reconcile(month) if queries.kept().rows else None


def contacts(month: date) -> dict[str, int]:
    """How many contacts of each service cost something in a month."""
    from onesystem.budget.costing import queries

    return {c.key["service"]: c.contacts for c in queries.costs(month, month, by=("service",))}
