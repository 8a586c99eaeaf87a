"""What is kept of who leads what: one row a turn of leading, never taken away."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.alliance.charter.rows import Alliance


class Leads(models.Model):
    """Somebody leads something from a day (inclusive) to a day (exclusive), or until further."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    name = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    profession = models.CharField(max_length=60)
    sector = models.CharField(max_length=60)
    clinical = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_leads"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(what="") & ~Q(profession="") & ~Q(sector="") & ~Q(by=""),
                name="alliance_leads_said",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="alliance_leads_forward",
            ),
        ]


class Networked(models.Model):
    """A practice belongs to a network of practices, from a day to a day."""

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    practice = models.CharField(max_length=60)  # the code of its organisation
    network = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_networked"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alliance", "practice"], condition=Q(until__isnull=True),
                name="alliance_networked_once",
            ),
            models.CheckConstraint(
                condition=~Q(practice="") & ~Q(network="") & ~Q(by=""),
                name="alliance_networked_said",
            ),
        ]  # fmt: skip
