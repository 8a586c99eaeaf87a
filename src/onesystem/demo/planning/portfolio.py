"""The demo's portfolio: what to do when, asked for once there is a twin to run the options in."""

from collections.abc import Callable
from contextlib import suppress

from onesystem.access import Actor
from onesystem.demo.planning.options import SLUG
from onesystem.plan.options import queries as plans
from onesystem.plan.portfolio import actions, queries
from onesystem.vocabulary import UserError

_MAY = {"years": 5, "starts": 1.0, "demand": 0.017, "money": 0.01, "floor": 0.5}


def plan(say: Callable[[str], None]) -> None:
    """Nothing yet: a proposal needs the twin."""
    say("A portfolio follows once the twin is there")


def afterwards() -> None:
    """Ask for a proposal, as the planner would have done."""
    if SLUG not in {row.slug for row in plans.plans()} or queries.proposals(SLUG):
        return
    pia = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
    with suppress(UserError):
        actions.ask(plan=SLUG, may=_MAY, by=pia)
