"""The demo's shocks: an earthquake and a bad winter, run once there is a twin."""

from collections.abc import Callable
from contextlib import suppress

from onesystem.access import Actor
from onesystem.district import current
from onesystem.flow import answers
from onesystem.plan.shocks import queries, working
from onesystem.twin.standing import standing
from onesystem.vocabulary import UserError

KEYS = ("earthquake", "winter")


def plan(say: Callable[[str], None]) -> None:
    """Nothing yet: a shock needs the twin."""
    say("Shocks follow once the twin is there")


def afterwards() -> None:
    """Ask what each would do, with the numbers that the pages offer."""
    here = standing(current().path)
    if not here.own:
        return
    pia = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
    for key in KEYS:
        with suppress(UserError):
            asked = working.question(
                here, key, {}, people=queries.people(), practices=queries.practices()
            )
            answers.ask(working.KIND, asked, by=pia)
