"""What is kept of personal budgets.

Money is whole minor units, times are whole microseconds since 1970 in UTC. `person_key` is what the
ledger knows a person by; only this table says whose it is, and it forgets with the person.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.budget.personal.indication import KINDS
from onesystem.budget.personal.standing import STATES

ASKED = ("waiting", "agreed", "refused", "withdrawn", "answered", "used")


class PersonalBudget(models.Model):
    """A budget as it stands. `steps` counts what was done, for pages that come second."""

    id = models.BigAutoField(primary_key=True)
    identity = models.BigIntegerField()
    person_key = models.TextField(unique=True)
    programme = models.TextField()
    cohort = models.TextField(default="")
    state = models.TextField()
    starts = models.DateField()
    ends = models.DateField()
    review = models.DateField(null=True)
    currency = models.TextField()
    owner = models.TextField()
    organisation = models.TextField(default="")
    caseload = models.BigIntegerField(null=True)  # the tie of whoever keeps it
    goals = models.TextField(default="")
    indicative = models.BigIntegerField()
    working = models.TextField(default="[]")
    agreed = models.BigIntegerField(default=0)
    signed_by = models.TextField(default="")
    signed_at = models.BigIntegerField(null=True)
    paused_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_why = models.TextField(default="")
    steps = models.IntegerField(default=0)
    created = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=tuple(STATES)), name="budget_personal_state"
            ),
            models.CheckConstraint(
                condition=Q(starts__lte=F("ends"), indicative__gte=0, agreed__gte=0),
                name="budget_personal_sums",
            ),
            models.UniqueConstraint(
                fields=["identity"], condition=~Q(state="ended"), name="budget_personal_one_open"
            ),
        ]
        indexes: ClassVar = [models.Index("state", "ends", name="budget_personal_now")]


class PersonalPurse(models.Model):
    """What one purse gives: nothing is drawn that was not agreed, whoever asks first."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="purses")
    line = models.TextField()
    name = models.TextField(default="")
    kind = models.TextField()
    organisation = models.TextField(default="")
    indicative = models.BigIntegerField(default=0)
    agreed = models.BigIntegerField(default=0)
    drawn = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    reservations = models.TextField(default="[]")

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_purse"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "line"], name="budget_personal_purse_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="budget_personal_purse_kind"),
            models.CheckConstraint(
                condition=Q(
                    drawn__gte=0, released__gte=0, agreed__gte=F("drawn") + F("released")
                ),
                name="budget_personal_purse_enough",
            ),
        ]  # fmt: skip


class PersonalWay(models.Model):
    """How a part of the budget is held, and what became of it."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="ways")
    way = models.TextField()
    agreed = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    spent = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_way"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "way"], name="budget_personal_way_once"),
            models.CheckConstraint(
                condition=Q(
                    spent__gte=0, returned__gte=0, paid__gte=0, paid__lte=F("agreed"),
                    agreed__gte=F("spent") + F("returned"),
                ),
                name="budget_personal_way_enough",
            ),
        ]  # fmt: skip


class PersonalStep(models.Model):
    """One thing that was done, by whom and when; `said` is JSON. Never changed."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="done")
    verb = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    said = models.TextField(default="{}")

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_step"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=""), name="budget_personal_step_by")
        ]


class PersonalAsk(models.Model):
    """Something that was asked, with its clock, its owner and its answer."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="asks")
    act = models.TextField()
    kind = models.TextField()
    item = models.TextField(default="")
    way = models.TextField(default="")
    amount = models.BigIntegerField(default=0)
    words = models.TextField()
    asked_by = models.TextField()
    asked_at = models.BigIntegerField()
    due = models.BigIntegerField()
    owner = models.TextField(default="")
    state = models.TextField()
    reason = models.TextField(default="")
    answer = models.TextField(default="")
    answered_by = models.TextField(default="")
    answered_at = models.BigIntegerField(null=True)
    about = models.ForeignKey("self", models.CASCADE, null=True)

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_ask"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "act"], name="budget_personal_ask_once"),
            models.CheckConstraint(
                condition=Q(state__in=ASKED, amount__gte=0)
                & (~Q(state="refused") | ~Q(reason="") & ~Q(answer="")),
                name="budget_personal_ask_reason",
            ),
        ]
        indexes: ClassVar = [models.Index("state", "due", name="budget_personal_ask_due")]


class PersonalReceipt(models.Model):
    """A receipt as it was sent: its bytes and their hash."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="receipts")
    sha256 = models.TextField()
    kind = models.TextField()
    size = models.IntegerField()
    body = models.BinaryField()
    by = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_receipt"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["budget", "sha256"], name="budget_personal_receipt_once"
            )
        ]


class PersonalSpend(models.Model):
    """Money spent, paid to the person's account, or returned from it. `kind` says which."""

    budget = models.ForeignKey(PersonalBudget, models.CASCADE, related_name="moves")
    act = models.TextField()
    kind = models.TextField()
    item = models.TextField(default="")
    way = models.TextField()
    amount = models.BigIntegerField()
    day = models.DateField()
    words = models.TextField(default="")
    ask = models.ForeignKey(PersonalAsk, models.CASCADE, null=True)
    receipt = models.ForeignKey(PersonalReceipt, models.CASCADE, null=True)
    parts = models.TextField(default="{}")  # what each purse gave, by its line
    by = models.TextField()
    at = models.BigIntegerField()
    back_by = models.TextField(default="")
    back_at = models.BigIntegerField(null=True)
    back_why = models.TextField(default="")

    class Meta:
        """How it lies in the database."""

        db_table = "budget_personal_spend"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["budget", "act"], name="budget_personal_spend_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("spent", "paid", "returned"), amount__gt=0),
                name="budget_personal_spend_kind",
            ),
        ]


__all__ = [
    "ASKED", "PersonalAsk", "PersonalBudget", "PersonalPurse", "PersonalReceipt",
    "PersonalSpend", "PersonalStep", "PersonalWay",
]  # fmt: skip
