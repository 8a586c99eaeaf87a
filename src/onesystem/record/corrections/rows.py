"""What is kept of a correction: what was asked, what was decided, what came of it.

Rows stay through a replay, as all decisions of officers do. Times are whole microseconds since
1970 in UTC. `target` is the id under which the feeds meet the same thing again: of an entry its
own, of a contact its visit's, of a person `facts.person_target`. `item` is what pages show it
beside: the entry, the contact, or the identity.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.vocabulary.said import say

OPEN, ACCEPTED, REFUSED, WITHDRAWN = "open", "accepted", "refused", "withdrawn"


class Correction(models.Model):
    """One request to put something right."""

    about = models.CharField(max_length=7)  # entry, contact, person
    source = models.TextField()
    kind = models.TextField(blank=True)
    key = models.TextField()
    target = models.BigIntegerField()
    item = models.BigIntegerField()
    identity = models.BigIntegerField()
    what = models.TextField()  # what the thing is called, for the list
    wrong = models.TextField()
    should = models.TextField()
    evidence = models.TextField(blank=True)
    asked_at = models.BigIntegerField()
    asked_by = models.CharField(max_length=150)
    asked_as = models.CharField(max_length=7)  # person, proxy, officer
    due = models.CharField(max_length=10)  # a date: the last day to answer on
    state = models.CharField(max_length=9, default=OPEN)
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)
    statement = models.TextField(blank=True)  # the person's own words, where it was refused
    was = models.TextField(default="{}")  # JSON: the facts as they were when it was decided
    change = models.TextField(default="{}")  # JSON: the facts that were put right
    before = models.TextField(default="{}")  # JSON: what undoing it puts back
    undone_at = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)
    undone_reason = models.TextField(blank=True)
    told_at = models.BigIntegerField(null=True)  # when the source was told
    told_by = models.CharField(max_length=150, blank=True)
    again_at = models.BigIntegerField(null=True)  # when the source said something else since
    again_said = models.TextField(blank=True)
    again_by = models.CharField(max_length=150, blank=True)  # who has looked at that
    again_note = models.TextField(blank=True)
    holds = models.BooleanField(default=False)  # decided, and not undone

    class Meta:
        """How the store keeps it."""

        db_table = "record_correction"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(about__in=["entry", "contact", "person"]),
                name="record_correction_about",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OPEN, WITHDRAWN], decided_at__isnull=True)
                | (Q(state__in=[ACCEPTED, REFUSED], decided_at__isnull=False) & ~Q(decided_by="")),
                name="record_correction_decided",
            ),
            models.CheckConstraint(
                condition=Q(holds=False) | Q(state__in=[ACCEPTED, REFUSED], undone_at__isnull=True),
                name="record_correction_holds",
            ),
        ]
        indexes: ClassVar = [
            models.Index("target", name="record_correction_target", condition=Q(holds=True)),
            models.Index("item", name="record_correction_item"),
            models.Index("identity", name="record_correction_whose"),
            models.Index("due", name="record_correction_open", condition=Q(state=OPEN)),
        ]

    def __str__(self) -> str:
        return say("correction {pk} of {about} {key}", pk=self.pk, about=self.about, key=self.key)
