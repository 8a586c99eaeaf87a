"""What is kept of who pays for care: whose it is, and each step that was taken, never edited.

`person_key` is what the ledger knows a person by; only this table says whose it is, and it forgets
with the person. Times are whole microseconds since 1970 in UTC; `said` is JSON.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.budget.entitlement.steps import VERBS
from onesystem.vocabulary.said import say


class ChargePerson(models.Model):
    """Somebody who was assessed. `steps` counts what was done, for pages that come second."""

    identity = models.BigIntegerField(unique=True)
    person_key = models.TextField(unique=True)
    steps = models.IntegerField(default=0)
    state = models.TextField(default="")
    settle_by = models.DateField(null=True)
    review = models.DateField(null=True)

    class Meta:
        """How it lies in the database."""

        db_table = "budget_charge_person"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(steps__gte=0), name="budget_charge_person_steps"),
        ]
        indexes: ClassVar = [
            models.Index("settle_by", name="budget_charge_settle"),
            models.Index("review", name="budget_charge_review"),
        ]

    def __str__(self) -> str:
        return say("charges of {person_key}", person_key=self.person_key)


class ChargeStep(models.Model):
    """One step: need, means, signed, settled ... `number` counts a person's steps from 1."""

    identity = models.BigIntegerField()
    number = models.IntegerField()
    verb = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    said = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_charge_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identity", "number"], name="budget_charge_step_once"),
            models.CheckConstraint(
                condition=Q(verb__in=VERBS) & ~Q(by=""), name="budget_charge_step_said"
            ),
        ]

    def __str__(self) -> str:
        return say("step {number}: {verb}", number=self.number, verb=self.verb)
