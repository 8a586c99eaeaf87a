"""What is kept of training: who took which course, and when."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Trained(models.Model):
    """Somebody took a course in improvement. `who` is a staff number or a name at their place."""

    who = models.CharField(max_length=150)
    course = models.CharField(max_length=200)
    profession = models.CharField(max_length=60)
    sector = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60)
    on = models.DateField()
    gone_at = models.BigIntegerField(null=True)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_trained"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["who", "organisation", "course"], condition=Q(gone_at__isnull=True),
                name="alliance_trained_once",
            ),
            models.CheckConstraint(
                condition=~Q(who="") & ~Q(course="") & ~Q(organisation="") & ~Q(by=""),
                name="alliance_trained_said",
            ),
        ]  # fmt: skip
