"""Visits and tasks of the demo: a nursing round, care at home through the day, a few care plans.

For people whom the teams have in their care already, so that each is a plausible visit. The same
people get the same each time: they are taken in the order of their numbers.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from onesystem import access
from onesystem.access import Asker
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.plans import actions as plans
from onesystem.care.tasks import actions
from onesystem.district import current, now
from onesystem.vocabulary import NotPermitted, Setting, to_local

_NURSING = (
    ("Dress the leg ulcer", "2d"), ("Insulin, and check the feet", "1d"),
    ("Change the catheter", ""), ("Check the pressure areas", "7d"),
    ("Wound check after the operation", ""), ("Take bloods", ""),
    ("Syringe driver: check and refill", "1d"), ("Compression bandage", "7d"),
)  # fmt: skip
_CARE = (("Help with getting up, wash and breakfast", time(8)),
         ("Lunch, and prompt medicines", time(12, 30)),
         ("Supper, and help to bed", time(19)))  # fmt: skip
_MATTERS = (
    ("To sit in my garden, and to be called by my first name.", "Key safe by the back door.",
     "I want to walk to the shop on the corner by myself again.",
     "Walk to the gate and back each morning, with the frame."),
    ("That my sister does not have to lift me.", "The dog is friendly. Ring before you come.",
     "I want to get out of bed without my sister.", "Practise with the rail, twice a day."),
    ("To stay in my own house.", "Hard of hearing on the left: stand on the right.",
     "I want to make my own breakfast.", "Lay things out on the low shelf; stand by, and wait."),
)  # fmt: skip
_PEOPLE = 8


def deliver(say: Callable[[str], None]) -> None:
    """Plan rounds and write care plans, as the staff of the demo would."""
    count = 0
    nurse, carer = _asker("district.nurse"), _asker("home.carer")
    if nurse:
        some = _in_care(nurse, Setting.COMMUNITY)
        count += _round(nurse, some)
        _plans(nurse, some)
    if carer:
        count += _care(carer, _in_care(carer, Setting.HOME_CARE))
    say(f"{count} tasks and visits planned")


def _asker(username: str) -> Asker | None:
    user = User.objects.filter(username=username).first()
    if user is None or not user.organisation:
        return None
    return access.asker_of(access.Actor.of(user), "direct care")


def _in_care(asker: Asker, setting: Setting) -> list[tuple[int, str]]:
    """Who is in the care of somebody's teams: each person with the team that has them."""
    here = current()
    teams = [s.code for s in here.services.values()
             if s.organisation in asker.organisations and s.setting == setting]  # fmt: skip
    marks = ", ".join(["%s"] * len(teams)) or "NULL"
    found = rows(
        "SELECT i.person, min(c.service) FROM contacts_contact c JOIN people_identity i"
        " ON i.id = c.identity WHERE c.ended IS NULL AND NOT c.cancelled"
        f" AND c.service IN ({marks}) GROUP BY i.person ORDER BY i.person",
        teams,
    )
    return [(person, service) for person, service in found][: 2 * _PEOPLE]


def _round(by: Asker, some: Sequence[tuple[int, str]]) -> int:
    """A day of a nurse: half of the visits are hers, one is late, one has an hour."""
    count = 0
    for n, (person, team) in enumerate(some[:_PEOPLE]):
        words, often = _NURSING[n % len(_NURSING)]
        due: date | datetime = _today(-1) if n == 2 else _today()
        if n == 1:
            due = datetime.combine(_today(), time(9))
        count += _planned(
            person, by, words, team, due, repeats=often, visit=True,
            owner=by.actor.name if n % 2 == 0 else "",
        )  # fmt: skip
    for n, (person, team) in enumerate(some[:3]):
        words = ("Order dressings", "Ring the practice about the bloods", "Send for a pressure mat")
        count += _planned(person, by, words[n], team, _today(n), owner=by.actor.name)
    return count


def _care(by: Asker, some: Sequence[tuple[int, str]]) -> int:
    count = 0
    for n, (person, team) in enumerate(some[:_PEOPLE]):
        for words, hour in _CARE[: 1 + n % 3]:
            count += _planned(
                person, by, words, team, datetime.combine(_today(), hour), repeats="1d",
                visit=True, owner=by.actor.name if n % 2 == 0 else "",
            )  # fmt: skip
    return count


def _planned(
    person: int, by: Asker, words: str, team: str, due: date | datetime, **more: object
) -> int:
    try:
        actions.plan(person=person, by=by, words=words, team=team, due=due, **more)  # type: ignore[arg-type]
    except NotPermitted:  # somebody who keeps their record back
        return 0
    return 1


def _plans(by: Asker, some: Sequence[tuple[int, str]]) -> None:
    for (person, team), said in zip(some, _MATTERS, strict=False):
        matters, know, goal, steps = said
        try:
            plans.write(person=person, by=by, matters=matters, know=know, review=_today(42))
        except NotPermitted:
            continue
        plans.set_goal(person=person, by=by, words=goal, steps=steps, until=_today(28))
        plans.join(person=person, by=by, name="Neighbour at number 4", role="Has a key",
                   reach="most days until six")  # fmt: skip
        plans.note(person=person, by=by, text="In good spirits. Drank two cups while I was there.",
                   about="Visit", team=team)  # fmt: skip
    if some:
        person, team = some[0]
        matters = "The daughter is away until Monday: ring in the evening."
        plans.hand_over(person=person, by=by, team=team, matters=matters)


def _today(days: int = 0) -> date:
    return to_local(now(), current().zone).date() + timedelta(days=days)
