"""What funds ask of contracts: the shared goals that each serves, what nobody has posted."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract by its name, where its page is, and the goals that it serves."""

    name: str
    to: str
    goals: frozenset[str] = frozenset()


def contracts() -> list[Contract]:
    """Every contract that is in force, or being written and signed."""
    from onesystem.budget.contracts import queries

    made = []
    for each in queries.contracts():
        if each.last.state == "withdrawn":
            continue
        said = each.last.agreement
        goals = {*said.goals, *(payment.goal for payment in said.payments)} - {""}
        to = reverse("contracts:contract", args=[each.slug])
        made.append(Contract(each.name, to, frozenset(goals)))
    return made


def unposted(month: date) -> list[str]:
    """Settlements of what ended by a month that are worked out, and that nobody has posted."""
    from onesystem.budget.contracts import queries
    from onesystem.budget.months import later

    return [
        say(
            "{name}: settlement {settlement} is {state} and not posted",
            name=each.name,
            settlement=row.settlement,
            state=row.state,
        )
        for each in queries.contracts()
        for row in queries.settlements(each.slug)
        if row.state in {"draft", "signed"} and row.until <= later(month, 1)
    ]
