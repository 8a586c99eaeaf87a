"""What the privacy officer's work keeps: how far the trail was read, notes, questions, names.

Times are whole microseconds since 1970 in UTC. Notes are only ever added.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.access.rows import Lasting


class Watched(models.Model):
    """How far the rules have read the trail: the number of its last row. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    upto = models.BigIntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "access_watched"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="access_watched_once")
        ]


class ReviewNote(models.Model):
    """What was done about a look on the list, and why. `act`: resolved or reopened."""

    review = models.BigIntegerField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    act = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=1000)

    class Meta:
        """How the store keeps it."""

        db_table = "access_review_note"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(act__in=["resolved", "reopened"]) & ~Q(note=""),
                name="access_review_note_says",
            )
        ]
        indexes: ClassVar = [models.Index("review", name="access_review_note_of")]


class Question(models.Model):
    """What a person asks about who looked at their record, and the answer that they get.

    `look` is the row of the trail that they ask about; None where they ask in general.
    """

    identity = models.BigIntegerField()
    look = models.BigIntegerField(null=True)
    asked_at = models.BigIntegerField()
    asked_by = models.CharField(max_length=150)
    words = models.CharField(max_length=1000)
    review = models.BigIntegerField()
    answered_at = models.BigIntegerField(null=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "access_question"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="", answered_by="")
                | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(answered_by="")),
                name="access_question_answered",
            )
        ]
        indexes: ClassVar = [
            models.Index("identity", name="access_question_identity"),
            models.Index("review", name="access_question_review"),
        ]


class WellKnown(Lasting):
    """A person whose record draws looks, kept on a list by the privacy officer."""

    identity = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_well_known"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity"], condition=Q(until__isnull=True), name="access_well_known_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="access_well_known_ends_after",
            ),
        ]
