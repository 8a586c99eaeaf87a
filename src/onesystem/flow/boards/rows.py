"""Alerts and what was done about them, the pressure by the hour, and district calls.

Times are whole microseconds since 1970 UTC, 0 where it has not happened. What was done is a row
of its own and is never edited; a row of an alert or a call only says where it stands now.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.vocabulary.said import say

STEPS = ("raised", "acknowledged", say("handed back"), "acted", "escalated", "closed")


class Alert(models.Model):
    """Somebody is asked for: by which rule, about which service (`*`: many), since when."""

    rule = models.CharField(max_length=100)
    service = models.CharField(max_length=200)
    value = models.FloatField()
    opened_at = models.BigIntegerField()
    closed_at = models.BigIntegerField(default=0)
    level = models.SmallIntegerField(default=0)
    owner = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "flow_alert"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "service"], condition=Q(closed_at=0), name="flow_alert_once_open"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["closed_at", "opened_at"], name="flow_alert_open")
        ]


class AlertStep(models.Model):
    """What happened to an alert: which step, by whom, when, and in which words."""

    alert = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    text = models.CharField(max_length=1000, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "flow_alert_step"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="flow_alert_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="flow_alert_step_has_author"),
        ]
        indexes: ClassVar = [models.Index(fields=["alert", "at"], name="flow_alert_steps")]


class PressureHour(models.Model):
    """The pressure on an organisation in an hour, as the last look in it saw it."""

    organisation = models.CharField(max_length=100)
    hour = models.BigIntegerField()
    here = models.IntegerField()
    capacity = models.IntegerField(null=True)
    waiting = models.IntegerField()
    ready = models.IntegerField()
    over_limit = models.IntegerField()
    gridlock = models.SmallIntegerField(default=0)  # 1 from the first look that saw it

    class Meta:
        """How the store keeps it."""

        db_table = "flow_pressure"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "hour"], name="flow_pressure_hour")
        ]


class Call(models.Model):
    """A district call: who opened it, its minutes, who closed it."""

    opened_at = models.BigIntegerField()
    opened_by = models.CharField(max_length=150)
    closed_at = models.BigIntegerField(default=0)
    closed_by = models.CharField(max_length=150, default="")
    minutes = models.TextField(default="")
    seen = models.TextField(default="")  # the pressure as it was when the call closed, as JSON

    class Meta:
        """How the store keeps it."""

        db_table = "flow_call"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["closed_at"], condition=Q(closed_at=0), name="flow_call_one_open"
            )
        ]


class Action(models.Model):
    """What somebody promised in a call: what, who, until when; done when and by whom."""

    call = models.BigIntegerField()
    text = models.CharField(max_length=500)
    owner = models.CharField(max_length=150)
    due_at = models.BigIntegerField(default=0)
    made_by = models.CharField(max_length=150)
    made_at = models.BigIntegerField()
    done_at = models.BigIntegerField(default=0)
    done_by = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "flow_call_action"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(owner=""), name="flow_action_said")
        ]
        indexes: ClassVar = [models.Index(fields=["done_at", "call"], name="flow_action_open")]
