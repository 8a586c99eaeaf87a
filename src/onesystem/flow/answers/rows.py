"""A question that was asked, and its answer once there is one."""

from django.db import models
from django.db.models import Q

STATES = ("waiting", "working", "done", "failed", "cancelled")


class Asked(models.Model):
    """One question. The same question asked again is the same row: its digest says so.

    Times are whole microseconds since 1970 UTC, 0 where there is none. `found` is JSON and stays
    readable while the question is worked on anew.
    """

    digest = models.CharField(max_length=32, primary_key=True)
    kind = models.CharField(max_length=40)
    asked = models.TextField()
    state = models.CharField(max_length=10, default="waiting")
    asked_by = models.CharField(max_length=150)
    asked_at = models.BigIntegerField()
    looked_at = models.BigIntegerField(default=0)  # when somebody last looked how far it is
    begun_at = models.BigIntegerField(default=0)
    done_at = models.BigIntegerField(default=0)
    share = models.SmallIntegerField(default=0)  # of the work, in hundredths
    said = models.CharField(max_length=200, default="")
    found = models.TextField(default="")
    problem = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "flow_asked"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="flow_asked_state"),
            models.CheckConstraint(
                condition=Q(share__gte=0) & Q(share__lte=100), name="flow_asked_share"
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="flow_asked_waiting")]
