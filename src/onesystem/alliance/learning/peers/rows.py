"""What is kept of peer review: what a peer group looked at, learnt and will try."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PeerEntry(models.Model):
    """A meeting of a peer group. What was written stays; `came` is what came of it, said once."""

    number = models.BigAutoField(primary_key=True)
    held = models.DateField()
    looked = models.CharField(max_length=2000)
    learnt = models.CharField(max_length=4000)
    tries = models.CharField(max_length=2000)
    again = models.DateField(null=True)  # when they look again
    came = models.CharField(max_length=2000, default="")
    came_by = models.CharField(max_length=150, default="")
    gone_at = models.BigIntegerField(null=True)
    gone_by = models.CharField(max_length=150, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_peer_entry"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(looked="") & ~Q(learnt="") & ~Q(tries="") & ~Q(by=""),
                name="alliance_peer_said",
            ),
            models.CheckConstraint(
                condition=Q(came="", came_by="") | (~Q(came="") & ~Q(came_by="")),
                name="alliance_peer_came_by",
            ),
            models.CheckConstraint(
                condition=Q(again__isnull=True) | Q(again__gt=models.F("held")),
                name="alliance_peer_forward",
            ),
        ]


class PeerPresent(models.Model):
    """A practice that was there."""

    entry = models.ForeignKey(PeerEntry, models.PROTECT, related_name="present")
    practice = models.CharField(max_length=60)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_peer_present"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "practice"], name="alliance_peer_once"),
            models.CheckConstraint(condition=~Q(practice=""), name="alliance_peer_there"),
        ]
