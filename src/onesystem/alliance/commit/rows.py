"""What is kept of committing together: each funder's word, and what a decision set going.

A word of a funder is never changed: who changes their mind says another. That a decision was
resourced is one row, and all that was reserved and changed with it came in the same transaction.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.alliance.meeting.decided_rows import Decision

SAID = ("confirmed", "withdrawn")


class FunderWord(models.Model):
    """A funder confirms an amount that is asked for, or takes that back; `nth` is which of them."""

    decision = models.ForeignKey(Decision, models.PROTECT)
    nth = models.IntegerField()
    party = models.CharField(max_length=60)
    said = models.CharField(max_length=9)
    amount = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField()
    line = models.CharField(max_length=60, default="")
    reason = models.CharField(max_length=1000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_funder_word"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(said__in=SAID), name="alliance_word_said"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(until__gte=F("since")) & Q(nth__gte=0),
                name="alliance_word_amount",
            ),
            models.CheckConstraint(
                condition=~Q(said="confirmed") | ~Q(line=""), name="alliance_word_line"
            ),
            models.CheckConstraint(
                condition=~Q(said="withdrawn") | ~Q(reason=""), name="alliance_word_reason"
            ),
            models.CheckConstraint(condition=~Q(party="") & ~Q(by=""), name="alliance_word_by"),
        ]


class Resourced(models.Model):
    """That a decision was resourced: once, with all that came with it."""

    decision = models.OneToOneField(Decision, models.PROTECT, primary_key=True)
    review = models.DateField(null=True)
    measure = models.CharField(max_length=80, default="")
    owner = models.IntegerField(default=0)
    ended = models.BigIntegerField(null=True)  # when the alliance stopped it
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_resourced"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=""), name="alliance_resourced_by"),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(ended__gte=F("at")),
                name="alliance_resourced_forward",
            ),
        ]


class ReservedMonth(models.Model):
    """Money of a funder that the ledger holds for a decision in a month."""

    resourced = models.ForeignKey(Resourced, models.PROTECT, related_name="reserved")
    nth = models.IntegerField()
    party = models.CharField(max_length=60)
    line = models.CharField(max_length=60)
    month = models.DateField()
    amount = models.BigIntegerField()
    reservation = models.BigIntegerField(unique=True)  # its number in the ledger

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_reserved"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["resourced", "nth", "month"], name="alliance_reserved_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="alliance_reserved_amount"),
        ]


class CarriedOut(models.Model):
    """A change that went live with a decision, and what it did, in words."""

    resourced = models.ForeignKey(Resourced, models.PROTECT, related_name="carried")
    nth = models.IntegerField()
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=100)
    number = models.CharField(max_length=60, default="")
    since = models.DateField()
    done = models.CharField(max_length=500)
    mark = models.IntegerField(default=0)  # its number in the room that did it
    ended = models.CharField(max_length=500, default="")  # what stopping it did

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_carried"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["resourced", "nth"], name="alliance_carried_once"),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(done=""), name="alliance_carried_says"
            ),
        ]


class Hindered(models.Model):
    """That all funders had confirmed and nothing could be set going: why, and since when."""

    decision = models.ForeignKey(Decision, models.PROTECT)
    what = models.CharField(max_length=1000)
    cure = models.CharField(max_length=1000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_hindered"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what="") & ~Q(by=""), name="alliance_hindered_says")
        ]
