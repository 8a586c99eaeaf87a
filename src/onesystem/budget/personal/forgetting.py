"""Forgetting with the person: budgets, words, receipts and keys go; the ledger keeps its sums.

What stands on the ledger afterwards is a number and a key that nobody can turn into a person.
"""

from collections.abc import Sequence

from django.db import transaction

from onesystem.access import Actor
from onesystem.budget.personal import posting
from onesystem.budget.personal.rows import (
    PersonalAsk,
    PersonalBudget,
    PersonalPurse,
    PersonalReceipt,
    PersonalSpend,
    PersonalStep,
    PersonalWay,
)  # fmt: skip
from onesystem.budget.personal.standing import LIVE, PAUSED

_SOME = 400
_BELOW = (PersonalSpend, PersonalAsk, PersonalReceipt, PersonalStep, PersonalPurse, PersonalWay)


@transaction.atomic
def forget(identities: Sequence[int]) -> int:
    """Forget the budgets of people whose record is destroyed; gives how many rows."""
    many = 0
    for start in range(0, len(identities), _SOME):
        some = list(identities[start : start + _SOME])
        found = list(PersonalBudget.objects.filter(identity__in=some))
        for row in found:
            if row.state in {LIVE, PAUSED}:
                posting.release(row, "Let go of with the record", Actor.job("destroying records"))
        ids = [row.pk for row in found]
        PersonalAsk.objects.filter(budget__in=ids).update(about=None)
        for model in _BELOW:
            many += model.objects.filter(budget__in=ids).delete()[0]
        many += PersonalBudget.objects.filter(pk__in=ids).delete()[0]
    return many
