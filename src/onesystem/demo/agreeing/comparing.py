"""What the demo publishes: its own figures, and those of two districts that are plainly made up.

The made-up ones are the demo's own published figures, moved: there is no third district here.
"""

import random
from collections.abc import Callable
from dataclasses import replace

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.comparing import actions, shelf
from onesystem.alliance.comparing.publication import DISTRICTS, NATION, Month, Publication, hushed
from onesystem.alliance.comparing.rows import Published
from onesystem.vocabulary import UserError

_MADE_UP = (
    ("example-coast", "Example Coast (made up)", DISTRICTS, 1.4, 0.8),
    ("example-hills", "Example Hills (made up)", NATION, 0.7, 1.15),
)


def agree(say: Callable[[str], None]) -> None:
    """Publish, and lay two made-up publications beside it."""
    chair = User.objects.filter(username="chair").first()
    if chair is None or Published.objects.exists():
        return
    try:
        own = actions.publish(by=Actor.of(chair), audience=DISTRICTS, note="The demo's own figures")
    except UserError:
        return
    for code, name, audience, size, way in _MADE_UP:
        shelf.lay(_moved(own, code, name, audience, size, way))
    say(f"{len(own.measures)} measures published for the nation, beside two made-up districts")


def _moved(
    own: Publication, code: str, name: str, audience: str, size: float, way: float
) -> Publication:
    dice = random.Random(code)  # noqa: S311 - made-up figures, the same each time
    measures = []
    for told in own.measures:
        months = tuple(_month(m, size, way * dice.uniform(0.96, 1.04), whole=told.over)
                       for m in told.months)  # fmt: skip
        measures.append(hushed(replace(told, months=months), own.threshold))
    return replace(own, code=code, name=name, audience=audience, measures=tuple(measures),
                   note="Made up from the demo's own figures")  # fmt: skip


def _month(month: Month, size: float, way: float, *, whole: bool) -> Month:
    """A month of another size and another figure; a part stays within its whole."""
    if month.above is None or month.below is None or month.value is None:
        return month
    below = round(month.below * size) if whole else month.below * size
    above = round(month.above * size * way)
    capped = min(above, round(below)) if whole and month.above <= month.below else above
    share = month.above * size or 1.0
    return replace(month, below=below, above=capped, value=month.value * capped / share)
