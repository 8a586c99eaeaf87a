"""The demo's assessed people: need, means that are plainly made up, charges, a dispute, a review.

Who they are is taken from those whom home care and care homes look after; what they have is one of
a few made-up purses, so that each kind of charge can be seen once. The demo's citizen has a letter.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from onesystem import people
from onesystem.access import Actor, Asker
from onesystem.access.models import Own
from onesystem.access.quick import rows
from onesystem.budget.entitlement import actions, needs, queries
from onesystem.budget.entitlement.steps import Standing
from onesystem.district import current

_ASSESSOR = Asker(
    actor=Actor(name="assessor", roles=frozenset({"finance-assessor"}), organisation="council"),
    purpose="financial assessment",
)
_WORKER = Asker(
    actor=Actor(name="social.worker", roles=frozenset({"social-worker"}), organisation="council"),
    purpose="care coordination",
)
_OLD = 66
# Made-up purses: where, what it costs, how far it came, need, means. Amounts are whole pence.
_STORIES: tuple[dict[str, Any], ...] = (
    {"setting": "home", "cost": 214_80, "days": 96, "to": "settled",
     "unable": ("nutrition", "hygiene", "clothing"), "facs": {"care": "the majority"},
     "income": (("state pension", 241_30), ("attendance allowance", 76_70)),
     "capital": 16_000_00, "dre": 10_85, "housing": 18_40},
    {"setting": "care home", "cost": 950_00, "days": 121, "to": "settled",
     "unable": ("nutrition", "toilet", "home safely"), "facs": {"care": "vital"},
     "income": (("state pension", 241_30), ("occupational pension", 60_00)),
     "capital": 18_000_00},
    {"setting": "care home", "cost": 1_180_00, "days": 54, "to": "signed", "nursing": "standard",
     "unable": ("nutrition", "toilet", "hygiene", "clothing"), "facs": {"health": "significant"
     " problems"}, "income": (("state pension", 241_30),), "capital": 9_500_00,
     "home": {"value": 236_000_00}, "weeks": 20},
    {"setting": "care home", "cost": 1_320_00, "days": 61, "to": "disputed", "nursing": "standard",
     "unable": ("nutrition", "toilet", "hygiene", "clothing", "home safely"),
     "facs": {"life": "threatened"}, "levels": {"cognition": "severe", "mobility": "high",
     "nutrition": "high", "skin": "moderate"}, "income": (("state pension", 241_30),),
     "capital": 21_400_00},
    {"setting": "home", "cost": 88_00, "days": 17, "to": "means", "unable": ("habitable home",
     "community"), "facs": {"roles": "several"}, "income": (("state pension", 184_90),
     ("guarantee credit", 53_10)), "capital": 2_100_00, "couple": True},
    {"setting": "home", "cost": 0, "days": 9, "to": "need",
     "unable": ("nutrition", "hygiene"), "facs": {"care": "several"}},
    {"setting": "home", "cost": 0, "days": 30, "to": "refused", "unable": ("community",),
     "facs": {"support": "one or two"}},
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Assess a few people through the room's own acts."""
    if current().currency != "GBP" or queries.counts():
        return
    today, done = actions.today(), 0
    for person, story in zip(_whom(), _STORIES, strict=False):
        _tell(person, story, today)
        done += 1
    say(f"Working out what {done} made-up purses pay for care")


def _tell(person: int, story: dict[str, Any], today: date) -> None:
    found = needs.care_act(impairment=True, unable=story["unable"], impact=True)
    band = needs.facs(story["facs"])
    more = needs.decision_support(story["levels"]).reasons if "levels" in story else ()
    finding = needs.Finding(eligible=found.eligible, band=band.band, source=found.source,
                            reasons=(*found.reasons, *band.reasons, *more))  # fmt: skip
    stands = actions.agree_need(
        person=person, by=_WORKER, finding=finding, scheme="care act", seen=0,
        starts=today - timedelta(days=story["days"]), weekly=story["cost"],
        words="Made up for the demo.",
    )  # fmt: skip
    if story["to"] in {"need", "refused"}:
        return
    stands = actions.say_means(person=person, by=_ASSESSOR, seen=stands.steps,
                               case=_case(person, story, today))  # fmt: skip
    if story["to"] == "means":
        return
    stands = actions.sign(person=person, by=_ASSESSOR, seen=stands.steps)
    if story["to"] in {"settled", "disputed"}:
        stands = _settled(person, stands)
    if story["to"] == "disputed":
        actions.dispute(person=person, by=_WORKER, seen=stands.steps, meanwhile="council",
                        words="The council asks whether the main need is for health care: the"
                        " counts of levels say that the team should look.")  # fmt: skip


def _settled(person: int, stands: Standing) -> Standing:
    assert stands.letter is not None  # noqa: S101 - signed the line before
    result = stands.letter.said["result"]
    weekly = {"person": result["pays"], "council": result["council"], "nhs": result["nhs"]}
    return actions.settle(person=person, by=_ASSESSOR, weekly=weekly, seen=stands.steps,
                          words="Agreed between the purses, as the letter says.")  # fmt: skip


def _case(person: int, story: dict[str, Any], today: date) -> dict[str, Any]:
    case: dict[str, Any] = {
        "day": today.isoformat(), "setting": story["setting"], "cost": story["cost"],
        "age": max(_OLD, _age(person, today)), "weeks": story.get("weeks", story["days"] // 7),
        "household": "couple" if story.get("couple") else "single", "dre": story.get("dre", 0),
        "housing": story.get("housing", 0), "nursing": story.get("nursing", ""),
        "income": [{"kind": kind, "amount": amount} for kind, amount in story["income"]],
        "capital": [{"kind": "savings", "amount": story["capital"]}],
    }  # fmt: skip
    if "home" in story:
        case["home"] = story["home"]
    return case


def _whom() -> Iterator[int]:
    """The demo's citizen, then older people whom home care and care homes look after."""
    seen: set[int] = set()
    own = Own.objects.filter(username="person").values_list("identity", flat=True).first()
    for identity in (*([own] if own else []), *_looked_after()):
        person = people.person_of([identity])[identity]
        if person not in seen:
            seen.add(person)
            yield person


def _looked_after() -> Iterator[int]:
    of = [code for code, s in current().services.items() if s.setting in {"home care", "care home"}]
    marks = ", ".join(["%s"] * len(of))
    found = rows(
        "SELECT DISTINCT c.identity FROM contacts_contact c JOIN people_identity i"
        f" ON i.id = c.identity WHERE c.service IN ({marks}) AND i.died = ''"
        " AND i.birth_date BETWEEN '1900' AND '1955' ORDER BY c.identity LIMIT 60",
        of,
    ) if of else []  # fmt: skip
    yield from (identity for (identity,) in found)


def _age(person: int, today: date) -> int:
    born = next((i.birth_date for i in people.identities_of(person) if i.birth_date), "")
    return today.year - int(born[:4]) if born[:4].isdigit() else _OLD
