"""What is kept of comparisons: settings that somebody saved, to share them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Comparison(models.Model):
    """Settings under a name. Saved is saved: another setting is another comparison."""

    name = models.CharField(max_length=120)
    why = models.CharField(max_length=1000, default="")
    query = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    gone_at = models.BigIntegerField(null=True)
    gone_by = models.TextField(default="")

    class Meta:
        """How it lies in the database."""

        db_table = "budget_comparison"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(by=""), name="budget_comparison_named"
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(gone_at__isnull=True), name="budget_comparison_once"
            ),
        ]
