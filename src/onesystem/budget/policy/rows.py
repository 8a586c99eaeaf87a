"""What is kept of the policy model: settings that somebody saved, to share them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class PolicyPlan(models.Model):
    """Settings under a name. Saved is saved: another setting is another plan."""

    name = models.CharField(max_length=120)
    why = models.CharField(max_length=1000, default="")
    query = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    gone_at = models.BigIntegerField(null=True)
    gone_by = models.TextField(default="")

    class Meta:
        """How it lies in the database."""

        db_table = "budget_policy_plan"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(by=""), name="budget_policy_plan_named"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(gone_at__isnull=True), name="budget_policy_plan_once"
            ),
        ]
