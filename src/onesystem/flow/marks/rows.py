"""Annotations, step changes and saved views, as the store keeps them.

A mark belongs to a measure and to the selection that the chart showed (`scope`, in the words of
`flow.showing.state.scope_of`; empty for the whole district), not to weeks or months: the same
mark stands on both. A mark is written once. Taking it back is a row of its own.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.vocabulary.said import say


class Mark(models.Model):
    """A note at a day, or a step: from this day on the process is another one."""

    kind = models.CharField(max_length=4)
    measure = models.CharField(max_length=100)
    scope = models.CharField(max_length=500, blank=True)
    day = models.DateField()
    text = models.CharField(max_length=1000)  # of a note what happened, of a step the reason
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "flow_mark"
        indexes: ClassVar = [models.Index(fields=["measure", "scope"], name="flow_mark_chart")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=("note", "step")), name="flow_mark_kind"),
            models.CheckConstraint(condition=~Q(text=""), name="flow_mark_says_why"),
            models.CheckConstraint(condition=~Q(by=""), name="flow_mark_has_author"),
        ]

    def __str__(self) -> str:
        return say(
            "{kind} of {measure} at {day}", kind=self.kind, measure=self.measure, day=self.day
        )


class MarkUndone(models.Model):
    """That a mark was taken back: by whom, when and why. At most one row a mark."""

    mark = models.OneToOneField(Mark, models.PROTECT, primary_key=True, related_name="undone")
    reason = models.CharField(max_length=1000)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "flow_mark_undone"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="flow_mark_undone_says_why"),
            models.CheckConstraint(condition=~Q(by=""), name="flow_mark_undone_has_author"),
        ]

    def __str__(self) -> str:
        return say("mark {mark_id} taken back", mark_id=self.mark_id)


class View(models.Model):
    """A page of measures that somebody keeps under a name; shared with all who see measures."""

    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=150)
    address = models.CharField(max_length=2000)  # the path and the query of the page
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "flow_view"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "name"], name="flow_view_one_name"),
            models.CheckConstraint(condition=~Q(name=""), name="flow_view_has_name"),
            models.CheckConstraint(
                condition=Q(address__startswith="/measures/"), name="flow_view_of_measures"
            ),
        ]

    def __str__(self) -> str:
        return say("{name} of {owner}", name=self.name, owner=self.owner)
