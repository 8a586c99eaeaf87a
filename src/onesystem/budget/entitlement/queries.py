"""What can be asked about who pays: of one person, and what waits."""

from dataclasses import dataclass
from datetime import date, timedelta

from onesystem import people
from onesystem.budget.entitlement.rows import ChargePerson
from onesystem.budget.entitlement.steps import Standing, Step, standing
from onesystem.budget.entitlement.store import steps_of

_SOON = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody for whom something is to be done; a number, never a name."""

    person: int
    state: str
    settle_by: date | None
    review: date | None


def steps(person: int) -> list[Step]:
    """Every step about a person, in order."""
    return steps_of(people.identity_ids_of(person))


def stands(person: int) -> Standing:
    """How it stands for a person."""
    return standing(steps(person))


def waiting(today: date) -> list[Waiting]:
    """Who waits: a charge to be made, a payer to settle, a review that is due. Soonest first."""
    rows = list(ChargePerson.objects.exclude(state__in=("", "not eligible")))
    persons = people.person_of(row.identity for row in rows)
    found = [
        Waiting(person=persons[row.identity], state=row.state, settle_by=row.settle_by,
                review=row.review)
        for row in rows
        if row.identity in persons and (row.state != "settled" or _due(row.review, today))
    ]  # fmt: skip
    return sorted(found, key=lambda w: (w.settle_by or w.review or date.max, w.person))


def counts() -> dict[str, int]:
    """How many people are in which state: figures without people."""
    found: dict[str, int] = {}
    for state in ChargePerson.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def _due(review: date | None, today: date) -> bool:
    return review is not None and review <= today + timedelta(days=_SOON)
