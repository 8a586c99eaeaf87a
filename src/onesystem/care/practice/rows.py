"""What the part keeps: leads and what was acknowledged (from care acts), and the rota.

Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class LeadRow(models.Model):
    """Who leads somebody's care for an organisation, as it was said; the latest of them stands."""

    act = models.CharField(max_length=40)
    identity = models.BigIntegerField()
    organisation = models.CharField(max_length=100)
    clinician = models.CharField(max_length=150, blank=True)  # empty: nobody any more
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_lead"
        constraints: ClassVar = [models.UniqueConstraint(fields=["act"], name="care_lead_once")]
        indexes: ClassVar = [models.Index("identity", name="care_lead_person")]


class ElsewhereRow(models.Model):
    """That an organisation has seen what happened elsewhere to one of its people."""

    act = models.CharField(max_length=40)
    identity = models.BigIntegerField()
    contact = models.BigIntegerField()
    organisation = models.CharField(max_length=100)
    ended = models.BooleanField()  # whether the contact had ended when it was seen
    undone = models.BooleanField(default=False)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_elsewhere"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "contact"], name="care_elsewhere_once")
        ]
        indexes: ClassVar = [models.Index("contact", "organisation", name="care_elsewhere_of")]


class ShiftRow(models.Model):
    """Somebody is down for a service between two moments. Taken back, it stays with who did."""

    service = models.CharField(max_length=100)
    role = models.CharField(max_length=60)
    username = models.CharField(max_length=150)
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    gone_by = models.CharField(max_length=150, blank=True)
    gone_at = models.BigIntegerField(null=True)
    duty = models.BigIntegerField(null=True)  # the on-call duty that it gave

    class Meta:
        """How it lies in the database."""

        db_table = "care_shift"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="care_shift_lasts"),
            models.CheckConstraint(condition=~Q(username=""), name="care_shift_who"),
        ]
        indexes: ClassVar = [models.Index("service", "starts", name="care_shift_of")]


class NeedRow(models.Model):
    """How many a service needs on a weekday between two clock times, from a day on to a day."""

    service = models.CharField(max_length=100)
    role = models.CharField(max_length=60)
    weekday = models.SmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    people = models.SmallIntegerField(default=1)
    by = models.CharField(max_length=150)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        """How it lies in the database."""

        db_table = "care_need"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weekday__gte=0, weekday__lte=6), name="care_need_weekday"
            ),
            models.CheckConstraint(condition=Q(people__gt=0), name="care_need_people"),
        ]
        indexes: ClassVar = [models.Index("service", name="care_need_of")]


class ShiftNote(models.Model):
    """What a shift tells the next one of the service: never about a person."""

    service = models.CharField(max_length=100)
    text = models.CharField(max_length=2000)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    seen_by = models.CharField(max_length=150, blank=True)
    seen_at = models.BigIntegerField(null=True)

    class Meta:
        """How it lies in the database."""

        db_table = "care_shift_note"
        indexes: ClassVar = [models.Index("service", "at", name="care_shift_note_of")]
