"""What pooled funds keep: each step of a year's agreement, returns, and who signed them.

Money is in the ledger: a step names the postings that it made. Steps, returns and signatures are
never edited. Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STEPS = ("kept", "undone", "settled", "reopened")


class PooledStep(models.Model):
    """One step: the agreement was kept anew, the last was taken back, the year was settled."""

    fund = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.IntegerField()
    kind = models.CharField(max_length=10)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    body = models.TextField()  # JSON: the agreement that stands from then on, or the share-out
    posted = models.TextField(default="[]")  # JSON: what it posted, by number

    class Meta:
        """How the store keeps it."""

        db_table = "budget_pooled_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "year", "number"], name="budget_pooled_step_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="budget_pooled_step_kind"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(body=""), name="budget_pooled_step_by"),
        ]


class PooledYear(models.Model):
    """A year of a fund as it stands: what its steps come to. `settled` is the step that did it."""

    fund = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    body = models.TextField()
    settled = models.IntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_pooled_year"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "year"], name="budget_pooled_year_once"),
        ]


class PooledReturn(models.Model):
    """A return for a quarter as it was made; a later version takes its place."""

    fund = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    quarter = models.IntegerField()
    version = models.IntegerField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    body = models.TextField()  # JSON of the whole return, answers included
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_pooled_return"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "year", "quarter", "version"], name="budget_pooled_return_once"
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="budget_pooled_return_quarter"
            ),
        ]


class PooledSignature(models.Model):
    """Somebody signed a return for a partner; the digest is of what they signed."""

    of = models.ForeignKey(PooledReturn, models.PROTECT, db_column="of")
    partner = models.CharField(max_length=60)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    digest = models.CharField(max_length=64)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_pooled_signature"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "partner"], name="budget_pooled_signed_once"),
        ]
