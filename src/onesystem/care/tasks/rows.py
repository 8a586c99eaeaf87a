"""What is kept of tasks and of care plans: each thing that was said, and each task as it stands.

`SaidRow` is what messages said, and all else follows from it. Times are whole microseconds since
1970 UTC. `task` is the id that `vocabulary.contact_id` makes of the room and the task's key.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.care.tasks.task import STATES


class SaidRow(models.Model):
    """One thing that was said of a task, or of a plan: never edited."""

    part = models.CharField(max_length=20)
    thing = models.TextField()
    verb = models.CharField(max_length=30)
    act = models.TextField()
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    identity = models.BigIntegerField()
    said = models.TextField()  # JSON
    message = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_said"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "thing", "verb", "act"], name="care_said_once"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(thing=""), name="care_said_whose"),
        ]
        indexes: ClassVar = [
            models.Index("identity", "part", name="care_said_person"),
            models.Index("act", name="care_said_act"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.thing}: {self.verb}"


class TaskRow(models.Model):
    """A task as it stands. A series is one row; a day of it is one once something was said."""

    task = models.BigIntegerField(primary_key=True)
    key = models.TextField()
    identity = models.BigIntegerField()
    words = models.TextField()
    team = models.TextField()
    owner = models.CharField(max_length=150)
    cause = models.TextField()
    visit = models.BooleanField()
    due = models.BigIntegerField()
    earliest = models.BigIntegerField()
    timed = models.BooleanField()
    repeats = models.CharField(max_length=30)
    until = models.CharField(max_length=10)
    series = models.TextField()
    day = models.CharField(max_length=10)
    state = models.CharField(max_length=12)
    outcome = models.CharField(max_length=40)
    why = models.TextField()
    started = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    planned_by = models.CharField(max_length=150)
    planned_at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    steps = models.IntegerField()
    announced = models.TextField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_task"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(key="") & ~Q(words="") & ~Q(team=""), name="care_task_says"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_task_state"),
            models.CheckConstraint(
                condition=Q(started=None) | Q(ended=None) | Q(ended__gte=models.F("started")),
                name="care_task_times",
            ),
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_task_person"),
            models.Index("team", "state", "earliest", name="care_task_team"),
            models.Index("owner", "state", "earliest", name="care_task_owner"),
            models.Index("cause", name="care_task_cause"),
            models.Index("series", name="care_task_series"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"
