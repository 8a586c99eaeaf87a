"""What is kept of what was decided: decisions by their number, and the register with its end.

Neither is ever changed but for the state of a decision: the database refuses it (`guards`), as it
refuses an entry that does not follow from the one before.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.alliance.charter.more_rows import ServiceAlliance
from onesystem.alliance.charter.rows import Alliance
from onesystem.alliance.meeting.rows import Item, Proposal

FUNDING = ("asked", "later", "none")
DECISIONS = ("agreed", "resourced", "adopted", "changed", "stopped", "withdrawn")


class Decision(models.Model):
    """What the alliance agreed, by its number. What it says stands; its state moves on.

    `group` is the service alliance that decided, within its mandate; none where it was all of it.
    """

    number = models.IntegerField(primary_key=True)
    alliance = models.ForeignKey(Alliance, models.PROTECT)
    group = models.ForeignKey(ServiceAlliance, models.PROTECT, null=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT)
    version = models.IntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    funding = models.CharField(max_length=5)
    funds = models.IntegerField(default=0)  # the decision to which this one attaches money
    asks = models.TextField(default="[]")  # JSON; filled later where the money is attached later
    body = models.TextField()  # JSON of the version: changes, measure, review, owner
    review = models.DateField(null=True)
    state = models.CharField(max_length=10, default="agreed")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_decision"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=DECISIONS) & Q(funding__in=FUNDING),
                name="alliance_decision_state",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0) & ~Q(title="") & ~Q(by=""), name="alliance_decision_named"
            ),
            models.UniqueConstraint(fields=["proposal", "version"], name="alliance_decision_once"),
        ]


class Registered(models.Model):
    """An entry of the register: numbered without gaps, sealed by the digest before it."""

    number = models.IntegerField(primary_key=True)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    kind = models.CharField(max_length=12)
    alliance = models.CharField(max_length=60)
    decision = models.IntegerField(default=0)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_register"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(number__gt=0) & ~Q(by="") & ~Q(kind="") & ~Q(body=""),
                name="alliance_register_says",
            ),
        ]


class RegisterHead(models.Model):
    """The end of the register's chain. One row; who holds it writes."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    length = models.IntegerField()
    decisions = models.IntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_register_head"
