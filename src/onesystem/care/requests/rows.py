"""What is kept of requests: each as it stands, and each step that led there.

Times are whole microseconds since 1970 in UTC, as in the contact log. `request` is the id that
`vocabulary.contact_id` makes of the source and its key, so that a contact's cause finds it.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.care.requests.states import STATES
from onesystem.vocabulary.said import say


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
    kind = models.TextField(default="", db_default="")
    since = models.BigIntegerField(default=0, db_default=0)  # when it came to this state
    booked = models.BigIntegerField(null=True)
    sender = models.TextField(default="", db_default="")  # the user name of who sent it here
    organisation = models.TextField(default="", db_default="")  # theirs
    pathway = models.TextField(default="", db_default="")
    pathway_step = models.TextField(default="", db_default="")

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
            models.Index("sender", "since", name="care_request_sender", condition=~Q(sender="")),
            models.Index(
                "organisation", "since", name="care_request_org", condition=~Q(organisation="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}: {self.state}"


class StepRow(models.Model):
    """One step of a request: the state it went to, when it was written, when it was known.

    `act` is what was done here (see `machine.MOVES`), empty where a source told of it; `said` is
    what was said with it, as JSON.
    """

    request = models.BigIntegerField()
    state = models.TextField()
    recorded = models.BigIntegerField()
    by = models.TextField()
    reason = models.TextField()
    known_at = models.BigIntegerField()
    message = models.BigIntegerField()
    act = models.TextField(default="", db_default="")
    said = models.TextField(default="", db_default="")

    class Meta:
        """How it lies in the database."""

        db_table = "care_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "recorded", "state"], name="care_step_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_step_state"),
        ]

    def __str__(self) -> str:
        return say("request {request}: {state}", request=self.request, state=self.state)
