"""What is kept of cases: what was published, and what was taken back; never edited."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class CaseStep(models.Model):
    """A case published for all to see, or taken back. The last step of an area counts."""

    area = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)  # published, withdrawn
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    words = models.CharField(max_length=2000, default="")  # what the planner says to the public
    body = models.TextField(default="")  # JSON of the case as it was then

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        """How it lies in the database."""

        db_table = "plan_case_step"
        indexes: ClassVar = [models.Index(fields=["area"], name="plan_case_step_area")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("published", "withdrawn")), name="plan_case_step_kind"
            ),
            models.CheckConstraint(condition=~Q(by="") & ~Q(area=""), name="plan_case_step_by"),
        ]
