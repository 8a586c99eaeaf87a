"""What was saved of the policy model."""

from onesystem.budget.policy.rows import PolicyPlan


def plans() -> list[PolicyPlan]:
    """What was saved, the newest first."""
    return list(PolicyPlan.objects.filter(gone_at=None).order_by("-pk")[:200])


def plan(number: int) -> PolicyPlan | None:
    """One of them."""
    return PolicyPlan.objects.filter(pk=number, gone_at=None).first()
