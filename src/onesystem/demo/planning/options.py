"""The demo's plan: a winter without gridlock, its diagnosis, three options and beds beside them.

Figures of the log and the twin are there only once the demo is served: `afterwards` keeps what was
avoidable and lets the options run then, as the planner would have done on the first morning.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from onesystem.access import Actor
from onesystem.flow import answers
from onesystem.plan.options import actions, diagnosing, queries, reviewing, running
from onesystem.plan.options.peopled import area
from onesystem.vocabulary import UserError

SLUG = "winter-without-gridlock"
OPTIONS = ("acute-demand-home", "ambulance-to-practice", "enablement", "beds")
_KINDS = ("ambulatory-sensitive", "ready-not-gone", "conveyed-minor")
_MEASURES = ("emergency-admissions-75", "ready-not-gone")
_WORDS = (
    "Beds fill each winter and people wait in the emergency department. What could be done before "
    "the next one, other than more beds?"
)
_ASKED = (
    "Ambulance to practice rests on 321 people in one English study, and two in ten of them came "
    "to an ED after all. What would show within three months that it does not work here?"
)
_ANSWERED = (
    "Those whom a crew left at home and who come to an ED within 72 hours: the crews' own measure. "
    "Above one in four we stop and look at each case."
)


def _as(name: str, role: str) -> Actor:
    return Actor(name=name, roles=frozenset({role}), organisation="icb")


def plan(say: Callable[[str], None]) -> None:
    """Begin the plan, keep what doing nothing leads to, take options in, let a friend read it."""
    if queries.plans():
        return
    pia, frankie = _as("planner", "planner"), _as("friend", "critical-friend")
    slug = actions.begin(
        name="Winter without gridlock", words=_WORDS, by=pia,
        area=area(),
        begins=queries.today() - timedelta(days=10),
    )  # fmt: skip
    with suppress(UserError):
        mine = queries.plan(slug)
        year = mine.base_year + mine.horizon
        diagnosing.keep(plan=slug, kind="case", asked={"area": mine.area, "year": year}, by=pia)
    for key in OPTIONS:
        actions.take(plan=slug, key=key, by=pia)
    asked = reviewing.comment(
        plan=slug, words=_ASKED, about="option:ambulance-to-practice", by=frankie
    )
    reviewing.comment(
        plan=slug, words=_ANSWERED, about="option:ambulance-to-practice", answers=asked, by=pia
    )
    reviewing.score(
        plan=slug, criterion="evidence", value=3, by=frankie,
        words="Honest about what is assumed; the size of acute demand is the weakest part.",
    )  # fmt: skip
    say(f"A plan with {len(OPTIONS)} options, read by a critical friend")


def afterwards() -> None:
    """Once figures and a twin are there: keep what is avoidable, and run the options."""
    if SLUG not in {row.slug for row in queries.plans()}:
        return
    pia = _as("planner", "planner")
    if not any(each.kind == "opportunity" for each in queries.snapshots(SLUG)):
        _diagnose(pia)
    if not queries.runs(SLUG):
        sets = [*((key,) for key in OPTIONS), OPTIONS[:3]]
        running.ask(plan=SLUG, sets=sets, by=pia)


def _diagnose(pia: Actor) -> None:
    waiting, _ = diagnosing.ranked(pia)
    while waiting.working and answers.work():
        pass
    span = diagnosing.period().as_dict()
    for kind in _KINDS:
        with suppress(UserError):
            diagnosing.keep(plan=SLUG, kind="opportunity", asked={"kind": kind, **span}, by=pia)
    for name in _MEASURES:
        with suppress(UserError):
            asked = diagnosing.measure_asked(name)
            diagnosing.keep(plan=SLUG, kind="measure", asked=asked, by=pia)
    with suppress(UserError):
        actions.move(plan=SLUG, seen=queries.plan(SLUG).number, by=pia)
