"""What is kept of portfolios: each proposal with its question, and what people decided.

Neither is ever edited: the database refuses it. Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.plan.options.rows import PlanRow


class PlanProposal(models.Model):
    """A proposal that was asked for: the question in full, and the answer once it is there."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="proposals")
    number = models.IntegerField()
    digest = models.CharField(max_length=32)
    asked = models.TextField()  # JSON
    found = models.TextField(default="")  # JSON, written once
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_proposal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_proposal_once"),
            models.CheckConstraint(condition=~Q(by=""), name="plan_proposal_by"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="plan_proposal_digest")]


class PlanTiming(models.Model):
    """When people decided that options start, and what departing from the proposal costs."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="timings")
    proposal = models.ForeignKey(PlanProposal, models.PROTECT, related_name="timings")
    number = models.IntegerField()
    starts = models.TextField()  # JSON: the quarter by the option's key; -1 where it does not
    dearer = models.BigIntegerField()  # than the proposal, in minor units
    why = models.CharField(max_length=2000)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_timing"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_timing_once"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(by=""), name="plan_timing_why"),
        ]
