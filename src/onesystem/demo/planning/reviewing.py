"""What the demo's critical friend says of the plan of money, and what its planner answers."""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.plan.money import commenting, queries
from onesystem.plan.options import reviewing

FRIEND = Actor(name="friend", roles=frozenset({"critical-friend"}))
PLANNER = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
_PLAN = "five-years"
_EFFICIENCY = (
    "Which named work is behind these 1.2 per cent, and what would show that it does not come?"
)
_DOUBLED = "Who decides in March 2029 whether a quarter of this goes on, and by which figure?"
_SAID = (
    ("efficiency", _EFFICIENCY, "The first bridge is looked at each quarter beside the ledger."),
    ("doubled", _DOUBLED, "The alliance, by the days-at-home measure; without it, it ends."),
)


def plan(say: Callable[[str], None]) -> None:
    """Comment on two parts of the plan, and answer."""
    rooms = commenting.workspaces()
    if not rooms or queries.maybe(_PLAN) is None or commenting.said(_PLAN):
        return
    workspace = rooms[-1][0]
    for part, words, answer in _SAID:
        number = commenting.comment(slug=_PLAN, part=part, workspace=workspace, words=words,
                                    by=FRIEND)  # fmt: skip
        reviewing.comment(plan=workspace, words=answer, by=PLANNER, answers=number,
                          about=commenting.about(_PLAN, part))  # fmt: skip
    say(f"{len(_SAID)} comments of a critical friend on the plan of money")
