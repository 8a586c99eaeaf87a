"""What the room keeps: questions, their versions, runs, and who signed which result.

A version is written once; a change of the question is the next version. A result is never edited:
another run is another row, and a signature holds the digest of the result that was signed.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Evaluation(models.Model):
    """A question: did that change work?"""

    title = models.CharField(max_length=200)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "evidence_evaluation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="evidence_has_title"),
            models.CheckConstraint(condition=~Q(by=""), name="evidence_has_author"),
        ]

    def __str__(self) -> str:
        return self.title


class Version(models.Model):
    """The question as it stood from a moment on: `asked` is the `question.Question` as JSON."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    asked = models.JSONField()
    reason = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "evidence_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="evidence_version_once"),
            models.CheckConstraint(condition=~Q(by=""), name="evidence_version_has_author"),
        ]

    def __str__(self) -> str:
        return f"evaluation {self.evaluation_id}, version {self.number}"


class Run(models.Model):
    """A version worked out over the figures of a moment, in pieces."""

    RUNNING, DONE, FAILED = "running", "done", "failed"
    version = models.ForeignKey(Version, models.PROTECT, related_name="runs")
    state = models.CharField(max_length=7, default=RUNNING)
    data = models.JSONField()  # the figures that it is worked out over
    data_to = models.DateField(null=True)
    pieces = models.PositiveIntegerField(default=1)
    partial = models.JSONField(default=list)  # what each piece that is done gave
    result = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    trouble = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=150)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "evidence_run"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("running", "done", "failed")), name="evidence_run_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(result__isnull=False), name="evidence_run_result"
            ),
            models.CheckConstraint(condition=~Q(by=""), name="evidence_run_has_author"),
        ]

    def __str__(self) -> str:
        return f"run {self.id} of {self.version}"


class Signature(models.Model):
    """That somebody stands by a result: which one, in which words."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="signatures")
    statement = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64)
    by = models.CharField(max_length=150)
    name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        """How the store keeps it."""

        db_table = "evidence_signature"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "by"], name="evidence_signed_once"),
            models.CheckConstraint(condition=~Q(statement=""), name="evidence_signed_in_words"),
            models.CheckConstraint(condition=~Q(by=""), name="evidence_signed_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.name} signed run {self.run_id}"
