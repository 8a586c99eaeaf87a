"""What the room keeps: each request as it stands, and each step that led there.

Times are whole microseconds since 1970 in UTC, as in the contact log. `request` is the id that
`vocabulary.contact_id` makes of the source and its key, so that a contact's cause finds it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.care.pathways import rows as pathway_rows  # noqa: F401  # Django finds models here
from onesystem.care.states import STATES


class RequestRow(models.Model):
    """A referral, an order or a question as it stands."""

    request = models.BigIntegerField(primary_key=True)
    source = models.TextField()
    key = models.TextField()
    identity = models.BigIntegerField()
    at = models.BigIntegerField(null=True)
    recorded = models.BigIntegerField()
    system = models.TextField()
    code = models.TextField()
    what = models.TextField()
    service = models.TextField()
    urgency = models.TextField()
    state = models.TextField()
    by = models.TextField()
    reason = models.TextField()
    known_at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_request"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key=""), name="care_request_has_key"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_request_state"),
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_request_person"),
            models.Index("service", "state", "at", name="care_request_service"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}: {self.state}"


class StepRow(models.Model):
    """One step of a request: the state it went to, when the source wrote it, when it was known."""

    request = models.BigIntegerField()
    state = models.TextField()
    recorded = models.BigIntegerField()
    by = models.TextField()
    reason = models.TextField()
    known_at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "recorded", "state"], name="care_step_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_step_state"),
        ]

    def __str__(self) -> str:
        return f"request {self.request}: {self.state}"
