"""What is kept of hand-overs beside what was said: which wait, for the list of a team."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class HandOverRow(models.Model):
    """A hand-over, and who has said that they have it."""

    key = models.TextField(primary_key=True)
    identity = models.BigIntegerField()
    team = models.TextField()
    owner = models.CharField(max_length=150)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    taken_by = models.CharField(max_length=150)

    class Meta:
        """How it lies in the database."""

        db_table = "care_handover"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(team="", owner=""), name="care_handover_to")
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_handover_person"),
            models.Index("team", "taken_by", name="care_handover_team"),
        ]

    def __str__(self) -> str:
        return self.key
