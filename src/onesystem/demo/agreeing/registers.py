"""What the demo's alliance keeps beside decisions: risks, who leads, networks, rounds of trust."""

import math
import random
from collections.abc import Callable
from datetime import timedelta

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.learning.leading import actions as leading
from onesystem.alliance.learning.risks import actions as risks
from onesystem.alliance.learning.risks.actions import Said
from onesystem.alliance.learning.risks.queries import today
from onesystem.alliance.learning.trust import actions as trust
from onesystem.alliance.learning.trust import scoring
from onesystem.alliance.learning.trust.rows import TrustRound
from onesystem.demo.delivering.ago import ago
from onesystem.district import current
from onesystem.vocabulary import NotFound

_MONTHS, _REPLIES = 15, 24
_SECTORS = ("general-practice", "hospital", "community", "council")
_NETWORKS = ("North Network", "South Network")
_LEADS = (
    ("Lea Lead", "Pathways: how they are written and signed", "medicine", "general-practice", True),
    ("Ines Improvement", "Improvement, and its training", "management", "hospital", False),
    ("Daisy District", "Care at home", "nursing", "community", True),
    ("Paul Paramedic", "Ambulance outcomes", "paramedicine", "ambulance", True),
    ("Sol Social", "Enablement and packages", "social-work", "council", True),
)


def agree(say: Callable[[str], None]) -> None:
    """Let the registers be kept; nothing where there is no alliance."""
    chair = User.objects.filter(username="chair").first()
    try:
        seats = {m.username: m.key for m in charter.standing().seated}
    except NotFound:
        return
    if chair is None or TrustRound.objects.exists():
        return
    by = Actor.of(chair)
    _watch(by, seats)
    _lead(by)
    _trust(by)
    say(f"Registers: risks and assumptions, who leads, {_MONTHS} rounds of trust")


def _watch(by: Actor, seats: dict[str, int]) -> None:
    soon, later = today() + timedelta(days=30), today() + timedelta(days=120)
    with ago(200):
        risks.raise_it(by=by, said=Said(
            kind="assumption", title="Care at home avoids stays, and does not only add care",
            words="Options for acute demand at home lean on people going to hospital less, not on "
                  "new people being found who would have stayed at home anyway.",
            tells="Emergency admissions do not fall where most people are cared for at home",
            plan="Practices that begin later are compared with those that began first",
            watcher=seats.get("community", 0), measure="emergency-admissions", review=later,
        ))  # fmt: skip
        risks.raise_it(by=by, said=Said(
            kind="risk", title="Nurses for care at home are not found",
            words="The service opens with half its room, and the ward stays full in winter.",
            tells="Two rounds of advertising without enough who apply", likelihood=4, impact=3,
            plan="Bands 3 and 4 are trained first; wards lend nurses until spring",
            watcher=seats.get("member", 0), review=soon,
        ))  # fmt: skip
        risks.raise_it(by=by, said=Said(
            kind="risk", title="Discharges wait for home care",
            words="Beds that are freed fill with people who are ready to leave.",
            tells="People ready to leave and still here grow", likelihood=3, impact=4,
            plan="Packages are confirmed before the day", measure="ready-not-gone",
            watcher=seats.get("funder.council", 0), review=soon,
        ))  # fmt: skip
        done = risks.raise_it(by=by, said=Said(
            kind="assumption", title="Crews can reach a practice by telephone in ten minutes",
            words="The ambulance outcome of ringing the practice leans on it.",
            tells="More than one call in ten is not answered", review=later,
        ))  # fmt: skip
    with ago(40):
        risks.settle(number=done, state="proven", by=by,
                     why="Nine of ten calls were answered in the quarter")  # fmt: skip


def _lead(by: Actor) -> None:
    for name, what, profession, sector, clinical in _LEADS:
        leading.lead(name=name, what=what, profession=profession, sector=sector, clinical=clinical,
                     since=today() - timedelta(days=400), by=by)  # fmt: skip
    practices = [code for code, each in current().organisations.items()
                 if each.kind == "general practice" and each.until is None]  # fmt: skip
    for number, code in enumerate(practices[:-1]):
        leading.network(practice=code, name=_NETWORKS[number % len(_NETWORKS)], by=by)


def _trust(by: Actor) -> None:
    """A round a month: much the same for long, then more trust in the last half year."""
    draw = random.Random(7)  # noqa: S311 - made-up replies, the same each time
    statements = scoring.in_force(today()).statements
    for month in range(_MONTHS, 0, -1):
        mean = 3.2 + 0.5 * (month <= _MONTHS // 3)
        with ago(30 * month):
            if today() < scoring.in_force(today()).since:
                continue
            number = trust.open_round(closes=today() + timedelta(days=10), by=by)
            for reply in range(_REPLIES):
                said = {s.code: _answer(draw.gauss(mean, 0.9), turned=s.turned) for s in statements}
                trust.reply(answers=said, sector=_SECTORS[reply % len(_SECTORS)],
                            by=Actor(f"staff-{reply}", frozenset({"manager"})))  # fmt: skip
            trust.close(number=number, by=by)
    trust.open_round(closes=today() + timedelta(days=10), by=by)


def _answer(value: float, *, turned: bool) -> int:
    trusting = min(scoring.HIGH, max(scoring.LOW, math.floor(value + 0.5)))
    return scoring.LOW + scoring.HIGH - trusting if turned else trusting
