"""The demo's planner publishes the case for change of the district for everybody."""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.district import current
from onesystem.plan.areas import catalogue
from onesystem.plan.case import actions, queries
from onesystem.vocabulary import UserError

_PIA = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
_WORDS = (
    "We looked at what happens here if care stays as it is today. More of us will live to be old, "
    "which is good news; and hospitals, practices and care homes could not keep up. This is why we "
    "are making a plan together. Tell us what you think."
)


def plan(say: Callable[[str], None]) -> None:
    """Publish the case of the area that the demo's district is."""
    try:
        area = catalogue.find(current().name)
    except UserError:
        return
    if queries.last_step(area.code):
        return
    actions.publish(area=area.code, words=_WORDS, by=_PIA)
    say(f"The case for change of {area.name} is published.")
