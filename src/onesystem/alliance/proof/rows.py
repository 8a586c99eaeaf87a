"""What is kept of proving: when a decision is looked at again, with what, and what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.alliance.meeting.decided_rows import Decision

VERDICTS = ("", "adopt", "change", "stop")


class Review(models.Model):
    """A look at what a decision did: due on a day; what was said of it is said once, and kept.

    `said` are the effects and the settlement that the alliance looked at, as they were then.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="looks")
    nth = models.IntegerField()  # a decision may be looked at more than once
    due = models.DateField()
    begins = models.DateField()  # from when the change counts
    contract = models.CharField(max_length=80, default="")  # whose settlement is shown beside
    verdict = models.CharField(max_length=6, default="")
    reason = models.CharField(max_length=2000, default="")
    said = models.TextField(default="")  # JSON: effect, interval and settlement as they were
    closed = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=150, default="")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_review"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["decision", "nth"], name="alliance_review_once"),
            models.UniqueConstraint(
                fields=["decision"], condition=Q(verdict=""), name="alliance_review_one_open"
            ),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="alliance_review_says"),
            models.CheckConstraint(
                condition=Q(verdict="")
                | (~Q(reason="") & ~Q(closed_by="") & Q(closed__isnull=False)),
                name="alliance_review_closed",
            ),
        ]


class Judged(models.Model):
    """A measure that judges a decision, with the question that the evidence room keeps for it.

    The first is the decision's own measure, others are those that it gave a goal. What `compares`
    stands beside the simple one of the same measure: with whom says the question, by which `rule`
    (or by the reason of whom it was `chosen_by`). It has no evaluation until there is somebody.
    """

    review = models.ForeignKey(Review, models.PROTECT, related_name="judged")
    nth = models.IntegerField()
    measure = models.CharField(max_length=80)
    evaluation = models.IntegerField(default=0)
    compares = models.BooleanField(default=False)
    rule = models.CharField(max_length=1000, default="")
    chosen_by = models.CharField(max_length=150, default="")
    run = models.IntegerField(null=True)  # the latest that was drawn
    trouble = models.CharField(max_length=1000, default="")  # why none could be drawn

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_judged"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "nth"], name="alliance_judged_once"),
            models.CheckConstraint(condition=~Q(measure=""), name="alliance_judged_measure"),
        ]
