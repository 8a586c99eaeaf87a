"""Saving what was set, so that others open the same; and taking it away again."""

from onesystem.access import Actor
from onesystem.budget.policy.asked import asked
from onesystem.budget.policy.model import model
from onesystem.budget.policy.rows import PolicyPlan
from onesystem.budget.saving import Shelf

_SHELF = Shelf(PolicyPlan, "plan", "policy")


def save(*, name: str, settings: dict[str, str], by: Actor, why: str = "") -> int:
    """Save settings under a name; gives the number. Raises UserError where the name is taken."""
    return _SHELF.save(name=name, query=asked(model(), settings, strict=True).query, by=by, why=why)


def remove(*, plan: int, by: Actor) -> None:
    """Take away what one saved oneself."""
    _SHELF.remove(plan, by=by)


def restore(*, plan: int, by: Actor) -> None:
    """Bring back what one took away."""
    _SHELF.restore(plan, by=by)
