"""What the demo's commissioner saved: a hospital's year under each form, and a harder winter."""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.budget.comparing import actions, queries

_SAVED = (
    ("The hospital's year", "Block or price for each: which way would either pull?", {}),
    ("The hospital in a harder winter", "A tenth more contacts than last year", {"change": "10"}),
    ("Aligned payment as it was in 2021/22", "Half of the difference moves, both ways",
     {"aligned": "2021"}),
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Save what a commissioner would show the alliance."""
    user = User.objects.filter(username="commissioner").first()
    if user is None or queries.saved() or not queries.whole_months():
        return
    first = queries.last_year()
    year = [row for row in queries.rows(first, queries.later(first, 11)) if row.setting == "ED"]
    if not year:
        return
    hospital = max({row.organisation for row in year}, key=lambda each: sum(
        row.cost for row in year if row.organisation == each
    ))  # fmt: skip
    for name, why, settings in _SAVED:
        actions.save(name=name, why=why, settings={"provider": hospital, **settings},
                     by=Actor.of(user))  # fmt: skip
    say(f"Saving payment forms side by side: {len(_SAVED)}")
