"""What the part keeps: the district's own tables, which of them are on, and crews' decisions.

Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

OUTCOMES = ("convey", "ring", "leave", "acute", "falls")


class TableRow(models.Model):
    """One version of a table as the district wrote it. Never edited: a change is the next one."""

    key = models.CharField(max_length=60)
    version = models.IntegerField()
    text = models.TextField()
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_table"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "version"], name="care_table_once"),
            models.CheckConstraint(condition=Q(version__gt=0), name="care_table_counts"),
        ]


class SwitchRow(models.Model):
    """That a version of a table is used from a moment on, or no table of that key any more.

    Version 0 is the one that is shipped.
    """

    key = models.CharField(max_length=60)
    version = models.IntegerField()
    on = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_table_switch"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="care_table_switch_why")
        ]
        indexes: ClassVar = [models.Index("key", "at", name="care_table_switch_of")]


class CrewRow(models.Model):
    """What a crew decided for somebody. `contact` is the ambulance's own, where it is known."""

    act = models.CharField(max_length=40, unique=True)
    identity = models.BigIntegerField()
    contact = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=10)
    service = models.CharField(max_length=100, blank=True)  # where to, or who was rung
    said = models.TextField()  # JSON: scores, checks, the call, the note
    organisation = models.CharField(max_length=100)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_crew"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="care_crew_outcome")
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_crew_person"),
            models.Index("by", "at", name="care_crew_by"),
        ]
