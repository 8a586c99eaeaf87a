"""What specialty budgets keep: each step of a year's budget, and the year as it stands.

A step is never edited. Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STEPS = ("kept", "undone", "comment", "signed", "agreed")


class SpecialtyStep(models.Model):
    """One step: a version kept or taken back, a comment, a signature, or the agreement."""

    slug = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.IntegerField()
    kind = models.CharField(max_length=10)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=2000, default="")
    body = models.TextField(default="")  # JSON of the budget; of a signature, as whom
    of = models.IntegerField(default=0)  # the version that is commented, signed or agreed

    class Meta:
        """How the store keeps it."""

        db_table = "budget_specialty_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["slug", "year", "number"], name="budget_specialty_step_once"
            ),
            models.UniqueConstraint(
                fields=["slug", "year", "of", "body"],
                condition=Q(kind="signed"),
                name="budget_specialty_signed_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="budget_specialty_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="budget_specialty_step_by"),
        ]


class SpecialtyYear(models.Model):
    """A budget as it stands: its last step, the last version, and the version that was agreed."""

    slug = models.CharField(max_length=60)
    year = models.CharField(max_length=7)
    number = models.IntegerField()
    version = models.IntegerField()
    agreed = models.IntegerField(default=0)
    name = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        """How the store keeps it."""

        db_table = "budget_specialty_year"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "year"], name="budget_specialty_year_once"),
        ]
