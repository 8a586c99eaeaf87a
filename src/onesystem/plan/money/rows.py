"""What plans of money keep: their versions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.plan.kept_rows import KINDS, KeptPlan, KeptStep


class MoneyStep(KeptStep):
    """A step of a plan of money."""

    class Meta:
        """How the store keeps it."""

        db_table = "plan_money_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "number"], name="plan_money_step_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="plan_money_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="plan_money_step_by"),
        ]


class MoneyPlanRow(KeptPlan):
    """A plan of money as it stands."""

    class Meta:
        """How the store keeps it."""

        db_table = "plan_money_plan"
