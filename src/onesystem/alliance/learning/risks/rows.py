"""What is kept of risks and assumptions: the entry as it is, and each step that led there.

A step is never changed: the database refuses it. Nothing is taken away; what is over is closed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.alliance.charter.rows import Alliance, Member


class Watched(models.Model):
    """A risk, or an assumption that is yet to be proven; `steps` counts what was done to it.

    Likelihood and impact run from 1 to 5 and are 0 for an assumption. `tells` says what would tell
    us that a risk has come, or what would change our mind about an assumption.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    number = models.IntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=4000)
    tells = models.CharField(max_length=2000)
    plan = models.CharField(max_length=4000, default="")
    likelihood = models.IntegerField(default=0)
    impact = models.IntegerField(default=0)
    watcher = models.ForeignKey(Member, models.PROTECT, null=True)
    measure = models.CharField(max_length=100, default="")
    decision = models.IntegerField(null=True)  # the number of the decision that leans on it
    review = models.DateField()
    state = models.CharField(max_length=10, default="open")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_watched"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alliance", "number"], name="alliance_watched_once"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words="") & ~Q(tells="") & ~Q(by=""),
                name="alliance_watched_said",
            ),
            models.CheckConstraint(
                condition=Q(kind="risk", likelihood__range=(1, 5), impact__range=(1, 5))
                | Q(kind="assumption", likelihood=0, impact=0),
                name="alliance_watched_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="risk", state__in=("open", "happened", "closed"))
                | Q(kind="assumption", state__in=("open", "proven", "disproven", "closed")),
                name="alliance_watched_state",
            ),
        ]


class WatchedStep(models.Model):
    """What was done about an entry, when, by whom, and why."""

    watched = models.ForeignKey(Watched, models.PROTECT)
    step = models.IntegerField()
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=2000)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_watched_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["watched", "step"], name="alliance_watched_step_once"),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(by=""), name="alliance_watched_step_by"
            ),
        ]
