"""What is kept of a subscription beside its resource, and what is still to be told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STATES = ("requested", "active", "error", "off")


class Hook(models.Model):
    """One subscription. Its headers are here and not in its resource: they may hold a secret."""

    logical = models.CharField(max_length=64, unique=True)  # Subscription/logical
    source = models.TextField()  # whose messages its writes are
    asker = models.TextField()
    headers = models.TextField(default="[]")
    endpoint = models.TextField()
    payload = models.TextField()
    criteria = models.TextField()
    state = models.CharField(max_length=10)
    seen = models.BigIntegerField()  # changes known by then were looked at; microseconds
    failures = models.IntegerField(default=0)
    due = models.BigIntegerField(default=0)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_hook"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="record_hook_state")
        ]

    def __str__(self) -> str:
        return f"Subscription/{self.logical}"


class HookNotice(models.Model):
    """One version of an entry that one subscription is told of. Told ones stay for an hour."""

    hook = models.BigIntegerField()
    entry = models.BigIntegerField()
    version = models.IntegerField()
    made = models.BigIntegerField()
    told = models.BooleanField(default=False)

    class Meta:
        """How it lies in the database."""

        app_label = "record"
        db_table = "record_hook_notice"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hook", "entry", "version"], name="record_hook_notice_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["told", "made"], name="record_hook_notice_due")]

    def __str__(self) -> str:
        return f"notice of {self.entry}"
