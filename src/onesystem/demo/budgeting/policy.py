"""What the demo's policy analyst saved: the package, and where its sources disagree."""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.budget.policy import actions, queries

_PLANS = (
    ("The package as announced", "Both stages, in the Commission's own figures", {}),
    ("Costs as Marie Curie gave them", "Three and three billion instead of 2.7",
     {"assume-cost": "marie-curie"}),
    ("Both bands at once", "Free care for substantial needs and stage 2 from the first year",
     {"substantial-from": "2015", "stage-2": "2015"}),
    ("Prescriptions at 5 pounds", "Twice the charge: 1.45 billion more, if nobody goes without",
     {"prescriptions": "5"}),
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Save what an analyst would show the alliance."""
    user = User.objects.filter(username="policy").first()
    if user is None or queries.plans():
        return
    for name, why, settings in _PLANS:
        actions.save(name=name, why=why, settings=settings, by=Actor.of(user))
    say(f"Saving settings of the policy model: {len(_PLANS)}")
