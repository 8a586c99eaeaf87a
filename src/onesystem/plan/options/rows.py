"""What is kept of plans: every step, the options, snapshots, runs, reviews and actions.

A plan's row is what its steps come to. Steps, snapshots, runs, comments and scores are never
edited: the database refuses it. Times are whole microseconds since 1970 in UTC.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STAGES = ("diagnosis", "solutions", "plan", "implementation", "closed")
STATES = ("open", "done", "dropped")


class PlanRow(models.Model):
    """A plan as it stands; `number` counts its steps, so that two who edit see each other."""

    slug = models.SlugField(max_length=70, primary_key=True)
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=60, default="")
    words = models.CharField(max_length=2000, default="")
    base_year = models.IntegerField()
    horizon = models.SmallIntegerField()
    stage = models.CharField(max_length=20, default="diagnosis")
    begins = models.DateField()
    weeks = models.SmallIntegerField(default=10)
    criteria = models.TextField()  # JSON: what options and the plan are scored against
    number = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_plan"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="plan_plan_stage"),
            models.CheckConstraint(condition=Q(horizon__in=(5, 20)), name="plan_plan_horizon"),
            models.CheckConstraint(condition=Q(weeks__gte=1, weeks__lte=104),
                                   name="plan_plan_weeks"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(by=""), name="plan_plan_named"),
        ]  # fmt: skip


class PlanStep(models.Model):
    """One thing that was done in a plan; `body` is JSON of what it was."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="steps")
    number = models.IntegerField()
    kind = models.CharField(max_length=30)
    stage = models.CharField(max_length=20)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=2000, default="")
    body = models.TextField(default="{}")

    class Meta:
        """How the store keeps it."""

        db_table = "plan_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_step_once"),
            models.CheckConstraint(condition=~Q(by=""), name="plan_step_by"),
        ]


class PlanOption(models.Model):
    """An option that a plan weighs: which of the library, what the plan puts differently."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="options")
    key = models.CharField(max_length=60)
    body = models.TextField()  # JSON: the option's terms as they were taken, and what was changed
    strength = models.CharField(max_length=10, default="central")
    starts = models.DateField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    gone_at = models.BigIntegerField(null=True)
    gone_by = models.CharField(max_length=150, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "plan_option"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "key"], condition=Q(gone_at=None),
                                    name="plan_option_once"),
            models.CheckConstraint(condition=Q(strength__in=("low", "central", "high")),
                                   name="plan_option_strength"),
        ]  # fmt: skip


class PlanSnapshot(models.Model):
    """A figure of the diagnosis as it was on a day, with the question that gives it again."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="snapshots")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    asked = models.TextField()  # JSON
    value = models.TextField()  # JSON
    digest = models.CharField(max_length=64)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_snapshot"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=("opportunity", "measure", "case")),
                                   name="plan_snapshot_kind"),
        ]  # fmt: skip


class PlanRun(models.Model):
    """Options and combinations that were run in the twin: the question, and what came of it."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="runs")
    number = models.IntegerField()
    digest = models.CharField(max_length=32)
    asked = models.TextField()  # JSON
    found = models.TextField(default="")  # JSON, once it is done; written once
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_run_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["digest"], name="plan_run_digest")]


class PlanComment(models.Model):
    """Something said of a plan, a stage or an option: by those who make it, or who review it."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="comments")
    about = models.CharField(max_length=80)
    words = models.CharField(max_length=4000)
    review = models.BooleanField(default=False)  # by a critical friend
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_comment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words="") & ~Q(by=""), name="plan_comment_words"),
        ]


class PlanScore(models.Model):
    """How well a plan meets a criterion, by a critical friend; the latest of each counts."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="scores")
    criterion = models.CharField(max_length=60)
    about = models.CharField(max_length=80, default="plan")
    score = models.SmallIntegerField()
    words = models.CharField(max_length=2000, default="")
    step = models.IntegerField()  # the plan's number when it was scored
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_score"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5),
                                   name="plan_score_range"),
        ]  # fmt: skip


class PlanAction(models.Model):
    """Something to do, by whom and until when; `option` is the key of the option it serves."""

    plan = models.ForeignKey(PlanRow, models.PROTECT, related_name="actions")
    words = models.CharField(max_length=500)
    option = models.CharField(max_length=60, default="")
    owner = models.CharField(max_length=150)
    begins = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=10, default="open")
    said = models.CharField(max_length=1000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_action"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="plan_action_state"),
            models.CheckConstraint(condition=Q(due__gte=F("begins")), name="plan_action_dates"),
            models.CheckConstraint(condition=~Q(owner=""), name="plan_action_owner"),
        ]
