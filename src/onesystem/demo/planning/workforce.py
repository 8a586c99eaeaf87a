"""The demo's plan of staff, and posts as they were counted in practices and departments.

The plan is the board's, from what is published; its planner doubles the places for nurses and
moves work to support workers. Posts are counted in the district's own practices and in departments
of its hospitals; how many are filled is made up, by a fixed rule.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from onesystem.access import Actor
from onesystem.budget.months import later
from onesystem.budget.pooled.queries import today
from onesystem.district import current
from onesystem.plan.money.queries import this_year
from onesystem.plan.workforce import actions, basis, queries
from onesystem.plan.workforce.shape import Mix, Staff, Workforce
from onesystem.plan.workforce.vacancies import Posts

PLANNER = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
AREA = "QMM"
_TRAINING = 26_000_000_00
_DEPARTMENTS = (("ae", "A&E", 24, 19), ("stroke", "Stroke", 8, 6),
                ("elderly", "Medicine for the elderly", 16, 12), ("eyes", "Eyes", 12, 12),
                ("orthopaedics", "Orthopaedics", 18, 17))  # fmt: skip
_MIX = "Washing, meals and observations that need no nurse"


def plan(say: Callable[[str], None]) -> None:
    """Write the plan, change it once, and count posts."""
    if queries.slugs():
        return
    own = basis.begun(slug="norfolk-and-waveney", name="Staff of Norfolk and Waveney",
                      base=this_year().first, years=10, area=AREA)  # fmt: skip
    seen = actions.keep(plan=own, seen=0, by=PLANNER, why="As published, and what the case needs")
    actions.keep(plan=_changed(own), seen=seen, by=PLANNER,
                 why="More places for nurses; bands 2 to 4 take what needs no nurse")  # fmt: skip
    counted = today() - timedelta(days=20)
    many = actions.count(posts=list(_counts(counted)), by=PLANNER, today=today())
    say(f"A plan of staff over 10 years; {many} posts counted")


def _changed(own: Workforce) -> Workforce:
    """Half as many places again for nurses, and support workers for part of their hours."""
    support = Staff(role="support-worker", in_post=2_300_00, needed=2_350_00, growth=60,
                    joiners=230_00, source="Assumed: about half as many as nurses")  # fmt: skip
    commissions = tuple(
        replace(c, decided=today(), then=c.places * 3 // 2) if c.role == "nurse" else c
        for c in own.commissions
    )
    mix = Mix(words=_MIX, from_role="nurse", to_role="support-worker", share=6,
              start=later(own.base, 12), source="Assumed; three months to train one")  # fmt: skip
    return replace(own, money=_TRAINING, staff=(*own.staff, support), mixes=(mix,),
                   commissions=commissions)  # fmt: skip


def _counts(counted: date) -> Iterator[Posts]:
    here = current()
    practices = sorted(
        code for code, s in here.services.items() if str(s.setting) == "general practice"
    )
    for number, code in enumerate(practices):
        # Every other practice lacks a doctor, as the letter of 2014 had it for Norfolk.
        posts = 300 + number % 5 * 100
        yield Posts(kind="practice", place=code, name=here.services[code].name, role="gp",
                    posts=posts, filled=posts - (100 if number % 9 in (0, 2, 4, 7) else 0),
                    counted=counted)  # fmt: skip
        yield Posts(kind="practice", place=code, name=here.services[code].name,
                    role="practice-team", posts=200, filled=200 - (50 if number % 4 == 0 else 0),
                    counted=counted)  # fmt: skip
    for code, name, posts, filled in _DEPARTMENTS:
        yield Posts(kind="specialty", place=code, name=name, role="consultant",
                    posts=posts * 100, filled=filled * 100, counted=counted)  # fmt: skip
