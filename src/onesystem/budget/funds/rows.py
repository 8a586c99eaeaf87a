"""What funds keep: funds, goals, lines and fences as they stand, each step of their keeping, acts.

Money itself is in the ledger: an act names what it did there. Steps and acts are never edited.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

STEPS = ("fund", "goal", "line", "fence")
ACTS = ("contribute", "allot", "move", "undo")


class FundRow(models.Model):
    """A fund as it stands."""

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True)
    words = models.CharField(max_length=1000, default="")
    number = models.IntegerField(default=1)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_fund"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="budget_fund_named"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="budget_fund_forward"
            ),
        ]


class GoalRow(models.Model):
    """A shared goal as it stands."""

    code = models.CharField(max_length=60, primary_key=True)
    words = models.CharField(max_length=300)
    measure = models.CharField(max_length=100, default="")
    number = models.IntegerField(default=1)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_goal"


class LineRow(models.Model):
    """A line of a budget as it stands; `act` is the last act that changed its plan."""

    code = models.CharField(max_length=80, primary_key=True)
    name = models.CharField(max_length=200)
    fund = models.ForeignKey(FundRow, models.PROTECT, db_column="fund")
    programme = models.CharField(max_length=100, default="")
    organisation = models.CharField(max_length=60, default="")
    service = models.CharField(max_length=200, default="")
    setting = models.CharField(max_length=60, default="")
    place = models.CharField(max_length=60, default="")
    goal = models.CharField(max_length=60, default="")
    number = models.IntegerField(default=1)
    act = models.BigIntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_line"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="budget_line_named"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["service"], name="budget_line_service"),
            models.Index(fields=["goal"], name="budget_line_goal"),
        ]


class FenceRow(models.Model):
    """A fence as it stands; `body` is JSON of all that it says."""

    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True)
    body = models.TextField()
    number = models.IntegerField(default=1)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_fence"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=("ring", "floor", "ceiling")), name="budget_fence_kind"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="budget_fence_forward"
            ),
        ]


class FundsStep(models.Model):
    """One step of keeping a fund, goal, line or fence: what it said from then on."""

    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=80)
    number = models.IntegerField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    body = models.TextField()

    class Meta:
        """How the store keeps it."""

        db_table = "budget_funds_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "code", "number"], name="budget_funds_step_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=STEPS), name="budget_funds_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="budget_funds_step_by"),
        ]


class ActRow(models.Model):
    """One act on the plan: money given to a fund, allotted, moved, or a step back.

    `body` is JSON of the transfers (from line, to line, minor units); the ledger has them by month.
    """

    kind = models.CharField(max_length=12)
    first = models.DateField()  # the months it is spread over
    last = models.DateField()
    fund = models.CharField(max_length=60, default="")
    organisation = models.CharField(max_length=60, default="")
    source = models.CharField(max_length=40, default="")  # what kind of contribution
    amount = models.BigIntegerField()
    body = models.TextField()
    words = models.CharField(max_length=1000)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - absent is not ""
    undoes = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_plan_act"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=ACTS), name="budget_plan_act_kind"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(words=""), name="budget_plan_act_why"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="budget_plan_act_amount"),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="budget_plan_act_spread"
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False)
                | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="budget_plan_act_undoes",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["first"], name="budget_plan_act_first")]


class PlanActLine(models.Model):
    """Which lines an act changed, so that a line's own acts are found."""

    act = models.ForeignKey(ActRow, models.PROTECT, db_column="act")
    line = models.CharField(max_length=80)

    class Meta:
        """How the store keeps it."""

        db_table = "budget_plan_act_line"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["act", "line"], name="budget_plan_act_line_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["line"], name="budget_plan_act_line_line")]
