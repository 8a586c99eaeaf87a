"""What funds ask of costing: what a contact with a service costs, and what is behind a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.budget.months import later


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The contacts of a service that an amount is made of."""

    service: str
    cost: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What each service cost over so many days, in minor units, and how many contacts began.

    Of a long stay most days are of contacts that began before: what a service costs for each that
    begins is right for those too, as long as as many leave as come.
    """

    sums: dict[str, tuple[int, int]]
    days: int


def costs(first: date, last: date) -> Costs:
    """What each service's contacts cost over some months; nothing where nothing is costed."""
    from onesystem.budget.costing import queries

    sums: dict[str, tuple[int, int]] = {}
    for cell in queries.cells(first, last):
        minor, begun = sums.get(cell.service, (0, 0))
        # A contact has a cell for each of its lines, and is counted by the first.
        sums[cell.service] = (minor + cell.minor, begun + cell.begun * (cell.line == 0))
    return Costs(sums, (later(last, 1) - first).days)


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
