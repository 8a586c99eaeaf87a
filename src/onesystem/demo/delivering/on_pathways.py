"""People of the demo's practice on pathways: some just begun, some halfway, one who left.

Each pathway is given to those whom it is for, as its own condition says of their record, so that
what the pages show of them is so. The same people get the same each time.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from onesystem import access, people
from onesystem.access import Asker
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.pathways import case_store, cases, engine, queries
from onesystem.care.pathways.facts import facts_of
from onesystem.care.pathways.known import Facts
from onesystem.demo.delivering.ago import ago
from onesystem.district import current
from onesystem.vocabulary import OnesystemError


class Walk(NamedTuple):
    """A pathway, how many days ago it was begun, and what was done: days ago, step, answers.

    A step with the answer `skip` is passed over for that reason; without a step they left.
    """

    pathway: str
    days: float
    then: tuple[tuple[float, str, Mapping[str, str]], ...] = ()


_WELL = {"ill": "no", "severe_hypo": "no", "foot_wound": "no", "foot_risk": "no",
         "eyes_done": "yes", "frail": "no", "weight": "84",
         "goal": "To dance at my granddaughter's wedding."}  # fmt: skip
_FLARE = {"more_breathless": "yes", "more_sputum": "yes", "green_sputum": "yes",
          "chest_pain": "no", "since_days": "3"}  # fmt: skip
_SIGNS = {"alert": "yes", "oxygen": "91", "breathing": "24", "pulse": "96", "copes_at_home": "yes"}
_FELL = {"hit_head": "no", "cannot_stand": "no", "lost_consciousness": "no", "lay_long": "no",
         "injured": "no", "two_falls": "yes", "frail": "yes", "lost_ability": "yes"}  # fmt: skip
_FLUID = {"drowsy": "no", "no_urine": "no", "belly": "no", "swallows": "yes",
          "enough_by_mouth": "no", "alone": "yes"}  # fmt: skip
_WISHES = {"place": "at home", "own_words": "With the window open, and my dog beside me.",
           "speaks": "Their daughter", "not_surprised": "yes", "weeks": "no"}  # fmt: skip
WALKS = (
    Walk("diabetes-review", 9, ((9, "tests", {}), (2, "measure", _WELL))),
    Walk("diabetes-review", 3, ((3, "tests", {}),)),
    Walk("diabetes-review", 40, ((39, "tests", {}),
                                 (30, "measure", _WELL | {"foot_risk": "yes"}),
                                 (20, "eyes", {"skip": "Photographed in the eye clinic in May"}))),
    Walk("copd-exacerbation", 1.2, ((1.15, "history", _FLARE), (1.1, "signs", _SIGNS))),
    Walk("copd-exacerbation", 0.1, ((0.08, "history", _FLARE),)),
    Walk("falls", 5, ((5, "now", _FELL), (3, "stand", {}))),
    Walk("falls", 0.3),
    Walk("dehydration", 0.6, ((0.5, "why", _FLUID),)),
    Walk("palliative-home", 20, ((18, "talk", _WISHES),)),
    Walk("skin-lesion", 30, ((28, "", {"skip": "Harmless: what to watch for was shown"}),)),
)  # fmt: skip


def deliver(say: Callable[[str], None]) -> None:
    """Put some people of the practice on the pathways that are for them."""
    gp = _asker()
    if gp is None:
        return
    whom, done = _enrolled(gp), 0
    if any(case_store.cases_of(people.identity_ids_of(each)) for each in whom):
        return
    taken: set[int] = set()
    known = _Known(gp)
    for walk in WALKS:
        for person in islice(_fitting(walk.pathway, whom, taken, known), 1):
            taken.add(person)
            done += _walked(walk, person, gp)
    say(f"{done} people on pathways")


def _walked(walk: Walk, person: int, gp: Asker) -> int:
    try:
        with ago(walk.days):
            case = cases.start(person=person, by=_at_now(gp), pathway=walk.pathway)
        for days, step, said in walk.then:
            with ago(days):
                _do(case, step, said, _at_now(gp))
    except OnesystemError:  # who died meanwhile, or a district that changed the pathway
        return 0
    return 1


def _do(case: str, step: str, said: Mapping[str, str], by: Asker) -> None:
    if not step:
        cases.leave(case=case, by=by, reason=said["skip"])
    elif "skip" in said:
        cases.skip(case=case, step=step, by=by, reason=said["skip"])
    else:
        cases.done(case=case, step=step, by=by, answers=said)


class _Known(dict[int, Facts | None]):
    """The facts of people, read once each; None of whom the practice may not open."""

    def __init__(self, gp: Asker) -> None:
        self.gp = gp

    def __missing__(self, person: int) -> Facts | None:
        try:
            self[person] = facts_of(person, by=_at_now(self.gp))
        except OnesystemError:
            self[person] = None
        return self[person]


def _fitting(slug: str, whom: list[int], taken: set[int], known: _Known) -> Iterator[int]:
    try:
        ready = engine.prepare(queries.published(slug).pathway)
    except OnesystemError:
        return
    for person in whom:
        facts = known[person] if person not in taken else None
        if facts is not None and engine.whom(ready, facts).answer:
            yield person


def _asker() -> Asker | None:
    user = User.objects.filter(username="gp").first()
    if user is None or not user.organisation:
        return None
    return access.asker_of(access.Actor.of(user), "direct care")


def _at_now(by: Asker) -> Asker:
    return access.asker_of(by.actor, by.purpose)


def _enrolled(gp: Asker) -> list[int]:
    """Those who are enrolled with the practice and have a record of conditions, the oldest first.

    Those first of whom most was told: each is somebody whose page shows what a pathway can do.
    """
    here = current().organisations[gp.actor.organisation]
    codes = [here.code, here.national_code or here.code]
    found = rows(
        "SELECT i.person, count(*) FROM people_identity i JOIN record_entry e ON e.identity = i.id"
        " WHERE i.person IN (SELECT person FROM people_identity WHERE practice IN (%s, %s)"
        " AND died = '') AND e.kind = 'Condition' GROUP BY i.person"
        " ORDER BY count(*) DESC, i.person LIMIT 60",
        codes,
    )
    return [person for person, _ in found]
