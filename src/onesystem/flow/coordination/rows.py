"""What the room keeps of the worklist: who is on it and why, and what was done about them.

The first two are worked out anew as a whole; nothing else stands on them. The steps are what
people did: rows that are never edited. A step names the identity that a person was founded on, so
that it stays with the person when records are merged. The tasks of the care room can take it over:
`kind`, `by`, `at`, `until` and `text` are what a task has.

Times are whole microseconds since 1970 UTC; days are counted from 1970 by the district's clocks.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.vocabulary.said import say

KINDS = ("taken", "left", "noted", say("put aside"), "asked", "did", "done", "undone")


class Listed(models.Model):
    """Somebody whose care is un-coordinated by one flag or more."""

    person = models.BigIntegerField(primary_key=True)
    practice = models.TextField()
    area = models.TextField()
    born = models.IntegerField(null=True)
    band = models.TextField()
    indices = models.TextField()  # JSON

    class Meta:
        """How the store keeps it."""

        db_table = "flow_listed"

    def __str__(self) -> str:
        return say("person {person}", person=self.person)


class ListedLine(models.Model):
    """One line of the working. `sources` are the senders that it rests on, as `|pas|gp|`."""

    pk = models.CompositePrimaryKey("person", "flag")
    person = models.BigIntegerField()
    flag = models.CharField(max_length=60)
    count = models.IntegerField()
    points = models.IntegerField()
    newest = models.BigIntegerField()
    sources = models.TextField()
    facts = models.TextField()  # JSON

    class Meta:
        """How the store keeps it."""

        db_table = "flow_listed_line"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(count__gt=0) & Q(points__gte=0), name="flow_listed_line_counts"
            )
        ]


class ListedStep(models.Model):
    """What somebody did about a person on the list.

    `undoes` names the step that it takes back, `about` the task that it says is done.
    """

    identity = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    text = models.CharField(max_length=1000, default="")
    until = models.IntegerField(default=0)
    undoes = models.BigIntegerField(default=0)
    owner = models.CharField(max_length=150, default="")
    about = models.BigIntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "flow_listed_step"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="flow_listed_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="flow_listed_step_by"),
            models.CheckConstraint(
                condition=~Q(kind="put aside") | (Q(until__gt=0) & ~Q(text="")),
                name="flow_listed_step_aside",
            ),
            models.CheckConstraint(
                condition=~Q(kind="asked") | (~Q(owner="") & ~Q(text="")),
                name="flow_listed_step_asked",
            ),
            models.CheckConstraint(
                condition=Q(kind="did", about__gt=0) | (~Q(kind="did") & Q(about=0)),
                name="flow_listed_step_did",
            ),
            models.UniqueConstraint(
                fields=["undoes"], condition=Q(undoes__gt=0), name="flow_listed_step_undone_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["identity", "id"], name="flow_listed_steps")]
