"""Saving a comparison, so that others open the same; taking it away, and bringing it back."""

from onesystem.access import Actor
from onesystem.budget.comparing.asked import asked
from onesystem.budget.comparing.rows import Comparison
from onesystem.budget.saving import Shelf
from onesystem.vocabulary import UserError

_SHELF = Shelf(Comparison, "comparison", "comparison")


def save(*, name: str, settings: dict[str, str], by: Actor, why: str = "") -> int:
    """Save settings under a name; gives the number. Raises UserError where the name is taken."""
    said = asked(settings)
    if said.problems:
        raise UserError(said.problems[0].rstrip("."), "Mend it, and save again.")
    if not said.provider:
        raise UserError("no provider is chosen", "Choose whose year is compared, and save again.")
    return _SHELF.save(name=name, query=said.query, by=by, why=why)


def remove(*, comparison: int, by: Actor) -> None:
    """Take away what one saved oneself."""
    _SHELF.remove(comparison, by=by)


def restore(*, comparison: int, by: Actor) -> None:
    """Bring back what one took away."""
    _SHELF.restore(comparison, by=by)
