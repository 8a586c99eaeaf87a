"""One act on a request: whose turn it is, whether somebody was quicker, and what is said of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from onesystem import access, people
from onesystem.access import Asker
from onesystem.access.deciding import practices_of
from onesystem.care.message import Owned, Said
from onesystem.care.requests import exchanged, queries, telling
from onesystem.care.requests.machine import JOB, MOVES, SENDER, SERVICE, acts_from, allowed
from onesystem.care.requests.queries import Request, Step
from onesystem.care.requests.rows import RequestRow
from onesystem.care.requests.store import PART
from onesystem.care.saying import say
from onesystem.district import current, now
from onesystem.vocabulary import CareAct, NotFound, NotPermitted, UserError, to_local

_STILL = frozenset({"comment", "escalate"})  # acts that take nothing out of another's hands
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """An act that is about to be said; `said` is what goes with it."""

    act: str
    reason: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


def hold(request: int, *, seen: int | None) -> tuple[Request, list[Step]]:
    """The request as it stands, kept for us until the transaction ends, and its steps.

    Raises NotFound, and UserError where something was done since `seen` steps: who, what, when.
    """
    if not RequestRow.objects.select_for_update().filter(pk=request).exists():
        raise NotFound("there is no such request", "Look at the list again.")
    found, steps = queries.one(request), queries.steps_of(request)
    newer = [] if seen is None else [each for each in steps[seen:] if each.act not in _STILL]
    if newer:
        last = newer[-1]
        raise UserError(
            f"{last.by or 'the sender'} {_did(last)} this request at {_when(last.recorded)}",
            "Nothing of yours was lost: look at it as it is now, and say again what is to be done.",
        )
    return found, steps


def _did(step: Step) -> str:
    if step.act in MOVES:
        return {"wrote": "wrote on", "did not come": "marked as missed",
                "asked louder": "asked louder about"}.get(MOVES[step.act].words,
                                                          MOVES[step.act].words)  # fmt: skip
    return f"said that it is {step.state.replace('-', ' ')}:"


def _when(moment: datetime) -> str:
    return f"{to_local(moment, current().zone):%H:%M on %-d %B}"


def person_of(found: Request) -> int:
    """Whom a request is about. Raises NotFound."""
    whose = people.person_of([found.identity]).get(found.identity)
    if whose is None:
        raise NotFound("nobody is known by this request's number", "Ask a records officer.")
    return whose


def side_of(found: Request, by: Asker) -> frozenset[str]:
    """Which sides of a request somebody is on: its sender's, its service's, or none."""
    if by.actor.is_job:
        return frozenset({SENDER, SERVICE, JOB})
    sides = set()
    if access.may(by.actor, "requests.send") and (
        by.actor.name == found.sender or sender_organisations(found) & by.organisations
    ):
        sides.add(SENDER)
    if access.may(by.actor, "requests.work") and runs(found.service) & by.organisations:
        sides.add(SERVICE)
    return frozenset(sides)


def sender_organisations(found: Request) -> frozenset[str]:
    """Who sent a request: the user's organisation, or the one whose system told of it.

    Where many practices send as one source, it is the practice that the person is enrolled with.
    """
    if found.sender:
        return frozenset({found.organisation}) - {""}
    if owner := current().source(found.source).organisation:
        return frozenset({owner})
    return practices_of(person_of(found))


def runs(service: str) -> frozenset[str]:
    """The organisations that run a service, or the source whose unmapped place it is."""
    here = current()
    if service in here.services:
        code = here.services[service].organisation
        heirs = [o.code for o in here.organisations.values() if code in o.succeeds]
        return frozenset({code, *heirs}) - {""}
    return frozenset({here.source(service.partition("/")[0]).organisation}) - {""}


def may(found: Request, by: Asker) -> tuple[str, ...]:
    """What somebody may do with a request as it stands."""
    sides = side_of(found, by)
    names = [each for side in sorted(sides) for each in acts_from(found.state, side)]
    return tuple(name for name in MOVES if name in names)


def require(found: Request, by: Asker, act: str, reason: str) -> None:
    """Raises NotPermitted where it is not theirs to do, UserError where it cannot be done now."""
    move = MOVES[act]
    sides = side_of(found, by)
    if not sides or (move.whose in {SENDER, SERVICE, JOB} and move.whose not in sides):
        whose = "whoever sent it" if move.whose == SENDER else "the service that it is sent to"
        raise NotPermitted(f"this is for {whose} to do", "Write a message on the request instead")
    if found.state not in move.start:
        raise UserError(
            f"a request that is {telling.state(found.state)} cannot be {telling.done(act)}",
            "What can be done with it now is shown on its page.",
        )
    if not allowed(found.state, act, reason):
        raise UserError("nothing was said", telling.ASKS.get(act, "Write a few words."))


def do(
    found: Request, doing: Sequence[Doing], *, by: Asker, also: Sequence[Said] = (),
    after: Sequence[Step] = (),
) -> None:  # fmt: skip
    """Say acts on a request one after the other, in one message, with what they cause."""
    gesture, moment, person = uuid4().hex, now(), person_of(found)
    if after:
        moment = max(moment, after[-1].recorded + _TICK)
    told: list[Said | Owned] = []
    state = found.state
    for number, each in enumerate(doing):
        state = MOVES[each.act].to or state
        told.append(Owned(owner=found.source, reading=CareAct(
            part=PART, verb=each.act, thing=found.key, act=gesture, by=by.actor.name,
            recorded=moment + number * _TICK,
            said={**each.said, "state": state, "reason": each.reason.strip()},
        )))  # fmt: skip
    goes = str(doing[-1].said.get("service", ""))
    last = doing[-1]
    resources = exchanged.entries_of(
        found, person=person, state=state, act=last.act, recorded=moment + (len(doing) - 1) * _TICK,
        reason=last.reason.strip(), service=goes, sent_by=found.sender or found.by,
        urgency=str(last.said.get("urgency", "")), words=_words(after),
    )  # fmt: skip
    say(
        person=person, by=by, act=f"request.{telling.done(doing[-1].act)}",
        readings=[*told, *also, *resources], what=found.service,
        detail={"request": found.request, "acts": [each.act for each in doing],
                **({"to": goes} if goes else {})},
    )  # fmt: skip


def _words(steps: Sequence[Step]) -> str:
    """What was asked when it was sent, which the resources say again."""
    return next((str(step.said.get("words", "")) for step in steps if step.act == "send"), "")
