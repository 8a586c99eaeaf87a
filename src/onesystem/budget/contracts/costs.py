"""What services cost, by month: from the costs that lie beside the contact log."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from onesystem.budget.costing import queries
from onesystem.budget.costing.cells import month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A service's contacts of a month: how many began, what they cost then, on which basis."""

    service: str
    month: date
    contacts: int
    minor: int
    basis: str = ""


def of_services(services: Collection[str], first: date, last: date) -> list[Cost]:
    """Contacts and costs of services from one month to another (both included).

    Raises UserError where the costs do not reach so far.
    """
    queries.require_costed(
        last, "Settle up to an earlier month, or work the costs out again once it is over."
    )
    wanted = set(services)
    sums: dict[tuple[str, int, str], list[int]] = defaultdict(lambda: [0, 0])
    for cell in queries.cells(first, last):
        if cell.service in wanted:
            held = sums[cell.service, cell.month, cell.basis]
            held[0] += cell.begun if cell.line == 0 else 0  # a contact once, of its several lines
            held[1] += cell.minor
    return [
        Cost(service=service, month=month_of(month), contacts=contacts, minor=minor, basis=basis)
        for (service, month, basis), (contacts, minor) in sorted(sums.items())
    ]
