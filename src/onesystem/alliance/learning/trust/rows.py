"""What is kept of the survey of trust: rounds, replies without a name, and who has replied.

Nothing ties a reply to whoever gave it: `TrustReply` holds no account and no time, `TrustTaken` a
digest of the account with a secret of the round that is thrown away when the round closes.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.alliance.charter.rows import Alliance


class TrustRound(models.Model):
    """A time in which everybody is asked, from a day (inclusive) to a day (inclusive)."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    number = models.IntegerField()
    instrument = models.CharField(max_length=40)
    opens = models.DateField()
    closes = models.DateField()
    closed = models.BooleanField(default=False)
    secret = models.CharField(max_length=64, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_trust_round"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alliance", "number"], name="alliance_trust_once"),
            models.UniqueConstraint(
                fields=["alliance"], condition=Q(closed=False), name="alliance_trust_one_open"
            ),
            models.CheckConstraint(
                condition=Q(closes__gte=F("opens")), name="alliance_trust_forward"
            ),
        ]


class TrustReply(models.Model):
    """What one person said: a digit from 1 to 5 a statement, and the sector they work in."""

    round = models.ForeignKey(TrustRound, models.PROTECT)
    sector = models.CharField(max_length=60)
    said = models.CharField(max_length=40)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_trust_reply"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(sector="") & ~Q(said=""), name="alliance_trust_reply_said"
            )
        ]


class TrustTaken(models.Model):
    """Somebody has replied in a round; who, cannot be told once the round is closed."""

    round = models.ForeignKey(TrustRound, models.PROTECT)
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_trust_taken"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "digest"], name="alliance_trust_taken_once")
        ]
