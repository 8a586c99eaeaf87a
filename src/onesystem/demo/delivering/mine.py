"""What the demo's citizen finds on their own page: a plan in their words, a team, a visit ahead."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from onesystem import access
from onesystem.access.models import Own, User
from onesystem.care.plans import actions as plans
from onesystem.care.plans import queries
from onesystem.care.tasks import actions as tasks
from onesystem.district import current, now
from onesystem.people.mapping import person_of
from onesystem.vocabulary import OnesystemError, Setting, to_local

_PLANNER = "gp"  # the citizen is enrolled with their practice, or nothing is planned


def deliver(say: Callable[[str], None]) -> None:
    """Let their practice write down what matters to them, and ask a nurse to come."""
    person = citizen()
    user = User.objects.filter(username=_PLANNER).first()
    if person is None or user is None or queries.plan(person).matters:
        return
    by = access.asker_of(access.Actor.of(user), "direct care")
    try:
        plans.write(
            person=person, by=by, matters="To stay in my own house, and see the sea again.",
            know="Ring before you come: the bell is broken.", review=_day(42),
        )  # fmt: skip
    except OnesystemError:  # enrolled elsewhere
        return
    plans.set_goal(
        person=person, by=by, until=_day(28),
        words="I want to walk to the shop on the corner by myself again.",
        steps="To the gate and back each morning, with the stick.",
    )  # fmt: skip
    plans.join(person=person, by=by, name="My daughter", role="Has a key",
               reach="in the evening")  # fmt: skip
    if team := _nurses():
        tasks.plan(
            person=person, by=by, words="Check blood pressure and feet", team=team,
            due=datetime.combine(_day(2), time(10)), visit=True,
        )  # fmt: skip
    say("Writing the plan of the demo's citizen")


def citizen() -> int | None:
    """The person whose own record the demo's account is joined to."""
    own = Own.objects.filter(username="person", until__isnull=True).first()
    return None if own is None else person_of([own.identity]).get(own.identity)


def _nurses() -> str:
    """The first nursing team; empty where a district has none."""
    found = (s.code for s in current().services.values() if s.setting is Setting.COMMUNITY)
    return next(found, "")


def _day(ahead: int) -> date:
    return to_local(now(), current().zone).date() + timedelta(days=ahead)
