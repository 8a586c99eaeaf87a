"""What funds ask of costing: what a contact with a service costs, and what is behind a figure."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The contacts of a service in a month that an amount is made of."""

    service: str
    month: date
    cost: int
    contacts: int


def unit_costs(first: date, last: date) -> dict[str, Fraction]:
    """What a contact with each service cost on average over some months, in minor units."""
    sums: dict[str, tuple[int, int]] = {}
    for each in behind(first, last):
        cost, many = sums.get(each.service, (0, 0))
        sums[each.service] = (cost + each.cost, many + each.contacts)
    return {code: Fraction(cost, many) for code, (cost, many) in sums.items() if many}


def behind(first: date, last: date, services: list[str] | None = None) -> list[Behind]:
    """Costed contacts by service and month; none where nothing is costed yet."""
    from onesystem.budget.costing import queries

    rows = queries.costs(first, last, by=("service", "month"))
    return [
        Behind(
            service=row["service"], month=row["month"], cost=row["cost"], contacts=row["contacts"]
        )
        for row in rows
        if services is None or row["service"] in services
    ]
