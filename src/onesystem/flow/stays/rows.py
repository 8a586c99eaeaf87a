"""What was said of stays on boards: made from the landing, so a replay makes it again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.flow.stays.facts import FACTS
from onesystem.vocabulary.said import say


class SaidRow(models.Model):
    """One fact of one gesture. `latest` where it stands: nothing later was said, nor it undone.

    `at` is whole microseconds since 1970 UTC; `visit` and `contact` are ids of the contact log.
    """

    act = models.CharField(max_length=40)
    visit = models.BigIntegerField()
    contact = models.BigIntegerField()
    identity = models.BigIntegerField()
    source = models.TextField()
    fact = models.CharField(max_length=12)
    value = models.TextField(default="")
    note = models.TextField(default="")
    before = models.TextField(default="")
    undoes = models.CharField(max_length=40, default="")
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    message = models.BigIntegerField()
    latest = models.BooleanField(default=False)

    class Meta:
        """How the store keeps it."""

        db_table = "flow_said"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "fact"], name="flow_said_once"),
            models.CheckConstraint(condition=Q(fact__in=FACTS), name="flow_said_fact"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(act=""), name="flow_said_by"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["visit", "at"], name="flow_said_visit"),
            models.Index(fields=["identity"], name="flow_said_identity"),
            models.Index(fields=["contact"], name="flow_said_stands", condition=Q(latest=True)),
        ]

    def __str__(self) -> str:
        return say(
            "{fact} of contact {contact} by {by}", fact=self.fact, contact=self.contact, by=self.by
        )
