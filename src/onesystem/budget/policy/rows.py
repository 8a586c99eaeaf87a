"""What is kept of the policy model: settings that somebody saved, to share them."""

from typing import ClassVar

from onesystem.budget.saved_rows import Saved, named_once


class PolicyPlan(Saved):
    """A package of policy, as it was set."""

    class Meta:
        """How it lies in the database."""

        db_table = "budget_policy_plan"
        constraints: ClassVar = named_once("budget_policy_plan")
