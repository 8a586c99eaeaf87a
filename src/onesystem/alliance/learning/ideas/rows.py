"""What is kept of ideas: how each stands, and each step of it, which never changes."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

STATES = ("waits", "supported", "declined", "done", "stopped")


class Idea(models.Model):
    """An idea: who brought it, who supports it, what they may do, and money it may use."""

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=4000)
    sector = models.CharField(max_length=60)
    organisation = models.CharField(max_length=60, default="")
    state = models.CharField(max_length=10, default="waits")
    due = models.DateField()  # the answer, while it waits
    supporter = models.CharField(max_length=150, default="")
    permission = models.CharField(max_length=2000, default="")
    line = models.CharField(max_length=120, default="")
    amount = models.BigIntegerField(default=0)  # minor units that are reserved
    asked_again = models.BooleanField(default=False)
    answered_by = models.CharField(max_length=150, default="")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_idea"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(words="") & ~Q(by=""), name="alliance_idea_said"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="alliance_idea_state"),
            models.CheckConstraint(
                condition=~Q(state="supported") | (~Q(supporter="") & ~Q(permission="")),
                name="alliance_idea_supported_by_name",
            ),
            models.CheckConstraint(
                condition=Q(amount=0) | (Q(amount__gt=0) & ~Q(line="")), name="alliance_idea_money"
            ),
        ]


class IdeaStep(models.Model):
    """What was done with an idea, when, by whom, in which words."""

    idea = models.ForeignKey(Idea, models.PROTECT)
    step = models.IntegerField()
    kind = models.CharField(max_length=20)
    words = models.CharField(max_length=4000)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_idea_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["idea", "step"], name="alliance_idea_step_once"),
            models.CheckConstraint(condition=~Q(kind="") & ~Q(by=""), name="alliance_idea_step_by"),
        ]
