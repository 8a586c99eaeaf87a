"""What the directory keeps: each step of an entry's keeping, the entry as it stands, slots, waits.

Nothing here is about a person: a slot that is booked names its request. Steps are never edited.
Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STEPS = ("kept", "confirmed", "undone")
SLOTS = ("free", "booked", "blocked", "gone")


class ServiceStep(models.Model):
    """One step: the entry was kept anew, was confirmed, or the step `undoes` was taken back."""

    service = models.CharField(max_length=200)
    number = models.IntegerField()
    kind = models.CharField(max_length=10)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    body = models.TextField(default="")  # JSON of an entry that was kept
    undoes = models.IntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "care_service_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "number"], name="care_service_step_once"),
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="care_service_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="care_service_step_by"),
            models.CheckConstraint(
                condition=Q(kind="kept") ^ Q(body=""), name="care_service_step_body"
            ),
            models.CheckConstraint(
                condition=Q(kind="undone", undoes__gt=0) | (~Q(kind="undone") & Q(undoes=0)),
                name="care_service_step_undoes",
            ),
            models.UniqueConstraint(
                fields=["service", "undoes"],
                condition=Q(undoes__gt=0),
                name="care_service_step_undone_once",
            ),
        ]


class ServiceRow(models.Model):
    """An entry as it stands: what its steps come to."""

    service = models.CharField(max_length=200, primary_key=True)
    number = models.IntegerField()
    body = models.TextField(default="")
    kept_at = models.BigIntegerField(null=True)
    kept_by = models.CharField(max_length=150, default="")
    confirmed_at = models.BigIntegerField(null=True)
    confirmed_by = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "care_service"


class ScheduleRow(models.Model):
    """A pattern of sessions from which slots were made."""

    service = models.CharField(max_length=200)
    key = models.CharField(max_length=80, unique=True)
    words = models.CharField(max_length=200)
    place = models.CharField(max_length=200, default="")
    pattern = models.TextField()  # JSON: days, hours, minutes, many, from, to
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "care_schedule"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key=""), name="care_schedule_has_key"),
            models.CheckConstraint(condition=~Q(by=""), name="care_schedule_by"),
        ]
        indexes: ClassVar = [models.Index(fields=["service"], name="care_schedule_service")]


class SlotRow(models.Model):
    """A stretch of time for one person, as it stands. `request` is whose it is, 0 for unknown."""

    service = models.CharField(max_length=200)
    key = models.CharField(max_length=80, unique=True)
    schedule = models.BigIntegerField(default=0)
    starts = models.BigIntegerField()
    ends = models.BigIntegerField()
    state = models.CharField(max_length=10)
    request = models.BigIntegerField(default=0)
    words = models.CharField(max_length=200, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "care_slot"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key=""), name="care_slot_has_key"),
            models.CheckConstraint(condition=Q(state__in=SLOTS), name="care_slot_state"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="care_slot_forward"),
            models.CheckConstraint(
                condition=Q(state="booked") | Q(request=0), name="care_slot_whose"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "starts"], name="care_slot_service"),
            models.Index(fields=["starts"], name="care_slot_starts"),
            models.Index(fields=["request"], name="care_slot_request", condition=~Q(request=0)),
        ]


class SlotStep(models.Model):
    """What was done to a slot, when, by whom."""

    slot = models.BigIntegerField()
    state = models.CharField(max_length=10)
    request = models.BigIntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=200, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "care_slot_step"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=SLOTS), name="care_slot_step_state"),
            models.CheckConstraint(condition=~Q(by=""), name="care_slot_step_by"),
        ]
        indexes: ClassVar = [models.Index(fields=["slot"], name="care_slot_step_slot")]


class WaitRow(models.Model):
    """How long people wait for a service, as last worked out; `urgency` is empty for all."""

    pk = models.CompositePrimaryKey("service", "urgency")
    service = models.CharField(max_length=200)
    urgency = models.CharField(max_length=40)
    begun = models.IntegerField()
    median = models.BigIntegerField(null=True)
    ninth = models.BigIntegerField(null=True)
    waiting = models.IntegerField()
    waiting_median = models.BigIntegerField(null=True)
    waiting_longest = models.BigIntegerField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "care_wait"


class WaitsWorked(models.Model):
    """When the waits were worked out last, and from which change of the log."""

    at = models.BigIntegerField()
    change = models.BigIntegerField()
    known_at = models.BigIntegerField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "care_waits_worked"
