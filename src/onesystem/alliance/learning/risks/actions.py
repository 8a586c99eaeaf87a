"""What can be done about risks and assumptions: raise, put right, look again, settle.

Their owner is the alliance, whoever watches them. Whoever may bring proposals may raise one.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries
from onesystem.alliance.charter.keeping import Overtaken, found, micros, words
from onesystem.alliance.charter.rows import Alliance, Member
from onesystem.alliance.learning.risks.rows import Watched, WatchedStep
from onesystem.alliance.learning.risks.scoring import IMPACT, LIKELIHOOD
from onesystem.district import current, now
from onesystem.flow.measures import library
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say, say_each

KINDS = say_each({"risk": "Risk", "assumption": "Assumption"})
ENDS = {
    "risk": say_each({"happened": "It has happened", "closed": "It cannot happen any more"}),
    "assumption": say_each({
        "proven": "It is proven", "disproven": "It is disproven", "closed": "It matters no more",
    }),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody writes of a risk or an assumption; watcher is the key of a member, or 0."""

    kind: str
    title: str
    words: str
    tells: str
    review: date
    plan: str = ""
    likelihood: int = 0
    impact: int = 0
    watcher: int = 0
    measure: str = ""
    decision: int | None = None


@transaction.atomic
def raise_it(*, said: Said, by: Actor, alliance: str = "") -> int:
    """Put an entry into the register; gives its number. Raises UserError."""
    access.require(by, "alliance.propose")
    whose = queries.alliance(alliance)
    Alliance.objects.filter(code=whose.code).update(steps=F("steps") + 1)  # one after the other
    last = Watched.objects.filter(alliance=whose).aggregate(last=Max("number"))["last"] or 0
    made = Watched.objects.create(
        alliance=whose, number=last + 1, at=micros(), by=by.name, **_checked(said, whose)
    )
    _step(made, "raised", said.title, by)
    return int(made.number)


@transaction.atomic
def change(*, number: int, said: Said, by: Actor, why: str, seen: int | None = None) -> None:
    """Put an entry right: what it says, how large it is, who watches it by what."""
    made = _open(number, by, seen)
    if said.kind != made.kind:
        raise UserError("a risk does not become an assumption", "Close it, and raise the other")
    for name, value in _checked(said, made.alliance).items():
        setattr(made, name, value)
    made.save()
    _step(made, "changed", words(why, say("why it is changed"), 2000), by)


@transaction.atomic
def look_again(*, number: int, why: str, review: date, by: Actor, seen: int | None = None) -> None:
    """Say that it was looked at, what was seen, and when it is looked at next."""
    made = _open(number, by, seen)
    made.review = _later(review)
    made.save(update_fields=["review"])
    _step(made, say("looked at"), words(why, say("what was seen"), 2000), by)


@transaction.atomic
def settle(*, number: int, state: str, why: str, by: Actor, seen: int | None = None) -> None:
    """It has happened, is proven or disproven, or matters no more; with the reason."""
    made = _open(number, by, seen)
    if state not in ENDS[made.kind]:
        raise UserError(
            say("no {kind} ends as {state}", kind=made.kind, state=repr(state)),
            nearest(state, ENDS[made.kind]),
        )
    made.state = state
    made.save(update_fields=["state"])
    _step(made, state, words(why, say("the reason"), 2000), by)


@transaction.atomic
def open_again(*, number: int, why: str, review: date, by: Actor) -> None:
    """It is not over after all."""
    access.require(by, "alliance.propose")
    made: Watched = found(Watched, "entry of the register", number=number)
    if made.state == "open":
        raise UserError("it is open already", "Look at it")
    made.state, made.review = "open", _later(review)
    made.save(update_fields=["state", "review"])
    _step(made, say("opened again"), words(why, say("the reason"), 2000), by)


def _open(number: int, by: Actor, seen: int | None) -> Watched:
    access.require(by, "alliance.propose")
    made: Watched = found(Watched, "entry of the register", number=number)
    if seen is not None and made.steps != seen:
        raise Overtaken("somebody changed it while you wrote", "Look at what they did")
    if made.state != "open":
        raise UserError(say("it is over: {state}", state=made.state), "Open it again first")
    return made


def _step(made: Watched, kind: str, said: str, by: Actor) -> None:
    same = Watched.objects.filter(id=made.id, steps=made.steps)
    if not same.update(steps=F("steps") + 1):
        raise Overtaken("somebody changed it while you wrote", "Look at what they did")
    WatchedStep.objects.create(
        watched=made, step=made.steps + 1, kind=kind, words=said[:2000], at=micros(), by=by.name
    )
    access.record(
        by=by, act=f"alliance.{made.kind}-{kind.replace(' ', '-')}", what=f"{made.number}"
    )


def _checked(said: Said, whose: Alliance) -> dict[str, object]:
    if said.kind not in KINDS:
        raise UserError(
            say("{kind} is neither", kind=repr(said.kind)), "Choose a risk or an assumption"
        )
    if said.kind == "risk" and not (said.likelihood in LIKELIHOOD and said.impact in IMPACT):
        raise UserError("a risk needs how likely it is, and how bad", "Choose 1 to 5 of each")
    if said.measure and said.measure not in library.library():
        raise UserError(say("there is no measure {measure}", measure=repr(said.measure)),
                        nearest(said.measure, library.library()))  # fmt: skip
    watcher = None
    if said.watcher:
        watcher = found(Member, "member", alliance=whose, id=said.watcher, until__isnull=True)
    risk = said.kind == "risk"
    return {
        "kind": said.kind,
        "title": words(said.title, say("a title"), 200),
        "words": words(said.words, say("what it is"), 4000),
        "tells": words(said.tells, say("what would tell us"), 2000),
        "plan": said.plan.strip()[:4000],
        "likelihood": said.likelihood if risk else 0,
        "impact": said.impact if risk else 0,
        "watcher": watcher,
        "measure": said.measure,
        "decision": said.decision,
        "review": _later(said.review),
    }


def _later(day: date) -> date:
    if day < to_local(now(), current().zone).date():
        raise UserError("the day of the next look is over", "Choose today or a later day")
    return day
