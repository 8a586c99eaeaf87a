"""What the room keeps of pathways: texts, versions, what was done to them, notes on top, opens.

A text is kept under its digest and never changes. A version names the text that it is; once it was
in force, the constraint below holds it to the text that was signed, whatever writes to the row.
Times are whole microseconds since 1970 UTC; days are counted from 1970 by the district's clocks.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.care.pathways.versions import KINDS, LASTING, OPEN, STATES
from onesystem.vocabulary.said import say


class PathwayText(models.Model):
    """The words of a pathway, as JSON, under the SHA-256 of it."""

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.TextField()

    class Meta:
        """How the store keeps it."""

        db_table = "care_pathway_text"

    def __str__(self) -> str:
        return self.digest


class PathwayVersion(models.Model):
    """A version as it stands; `steps` counts what was done to it, for those who act at once."""

    slug = models.CharField(max_length=80)
    number = models.IntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    signed = models.CharField(max_length=64, default="")  # the digest that both signed
    author = models.CharField(max_length=150)
    asked = models.CharField(max_length=150, default="")
    lead = models.CharField(max_length=150, default="")
    expert = models.CharField(max_length=150, default="")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    published = models.BigIntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    review = models.IntegerField(default=0)  # the day by which it is to be looked at again

    class Meta:
        """How the store keeps it."""

        db_table = "care_pathway_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "number"], name="care_pathway_number"),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(state__in=OPEN), name="care_pathway_one_open"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(state="published"), name="care_pathway_one_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="care_pathway_state"),
            models.CheckConstraint(condition=~Q(slug="") & ~Q(author=""), name="care_pathway_said"),
            models.CheckConstraint(
                condition=~Q(state__in=LASTING) | Q(signed=F("digest"), published__gt=0),
                name="care_pathway_text_stays",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=LASTING)
                | (~Q(lead="") & ~Q(expert="") & ~Q(lead=F("expert"))
                   & ~Q(lead=F("author")) & ~Q(expert=F("author"))),
                name="care_pathway_signed_by_two",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index("state", "review", name="care_pathway_due")]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}: {self.state}"


class PathwayStep(models.Model):
    """What somebody did to a version. The number of a step is taken once: who is second is told."""

    version = models.BigIntegerField()
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    digest = models.CharField(max_length=64, default="")
    words = models.CharField(max_length=2000, default="")
    to = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "care_pathway_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "number"], name="care_pathway_step_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="care_pathway_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="care_pathway_step_by"),
        ]

    def __str__(self) -> str:
        return say("version {version}: {kind}", version=self.version, kind=self.kind)


class PathwayNote(models.Model):
    """An urgent note on top of a version in force, until a day (0: until it is taken off)."""

    version = models.BigIntegerField()
    words = models.CharField(max_length=1000)
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    until = models.IntegerField(default=0)
    ended = models.BigIntegerField(default=0)
    ended_by = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "care_pathway_note"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(by=""), name="care_pathway_note_said"
            ),
            models.CheckConstraint(
                condition=Q(ended=0, ended_by="") | (Q(ended__gt=0) & ~Q(ended_by="")),
                name="care_pathway_note_ended",
            ),
        ]
        indexes: ClassVar = [models.Index("version", name="care_pathway_notes")]

    def __str__(self) -> str:
        return say("note {pk} on version {version}", pk=self.pk, version=self.version)


class PathwayOpen(models.Model):
    """That somebody of an organisation opened a version on a day; of whom and for whom is not kept.

    `beside` says that it was opened beside a person's record.
    """

    slug = models.CharField(max_length=80)
    number = models.IntegerField()
    organisation = models.CharField(max_length=80)
    day = models.IntegerField()
    beside = models.BooleanField(default=False)

    class Meta:
        """How the store keeps it."""

        db_table = "care_pathway_open"
        indexes: ClassVar = [models.Index("day", "slug", name="care_pathway_opens")]

    def __str__(self) -> str:
        return say("{slug} on {day}", slug=self.slug, day=self.day)
