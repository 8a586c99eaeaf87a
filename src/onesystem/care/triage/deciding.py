"""What a crew decides for somebody: one gesture, told to the record, the log and who is rung.

The outcome is a first-class choice: convey, ring the practice, treat and leave, refer to acute
demand, refer for falls. It is noted on the crew's own contact, so that flow counts it; a call to
the practice is a contact of its own, caused by the crew's; what was measured and scored goes to
the record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from django.db import transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import Owned, Said
from onesystem.care.practice.leads import lead
from onesystem.care.requests import actions as requests
from onesystem.care.saying import say
from onesystem.care.tasks.telling import note
from onesystem.care.triage.measured import entries_of
from onesystem.care.triage.rows import OUTCOMES, CrewRow
from onesystem.care.triage.scene import Scene, scene_of
from onesystem.care.triage.tables import Given, Result, Table
from onesystem.district import current, now
from onesystem.vocabulary import (
    Act,
    CareAct,
    ContactEvent,
    Entry,
    Setting,
    UserError,
    nearest,
)

PART = "crew"
WORDS: Mapping[str, str] = {
    "convey": "Take them to hospital", "ring": "Ring the practice",
    "leave": "Treat and leave at home", "acute": "Care at home: acute demand",
    "falls": "Refer for falls",
}  # fmt: skip
# How the log says it, in the words that dispatch systems use for the outcome of a call.
_LOGGED: Mapping[str, str] = {
    "convey": "taken to hospital", "ring": "referred to practice", "leave": "treated at home",
    "acute": "referred to acute demand", "falls": "referred for falls",
}  # fmt: skip
ANSWERS: Mapping[str, str] = {
    "visit": "A visit today", "surgery": "Seen at the surgery today", "ring-back": "Rings back",
    "home": "Stays at home, advice given", "acute": "Care at home by acute demand",
    "hospital": "Take them to hospital", "none": "Nobody answered",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A table that was filled in: with what, and what it said."""

    table: Table
    given: Given
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to the practice: who answered, what they said, how long it took in minutes."""

    practice: str
    spoke_to: str = ""
    answer: str = ""
    words: str = ""
    minutes: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a crew decided. `to` is the hospital, or the service that is asked."""

    outcome: str
    to: str = ""
    note: str = ""
    call: Call | None = None
    scored: tuple[Scored, ...] = ()
    form: Mapping[str, Any] = field(default_factory=dict)  # of the falls service's request


@transaction.atomic
def decide(*, person: int, decision: Decision, by: Asker, once: str = "") -> str:
    """Keep what a crew decided; gives the key of the decision.

    A second decision about the same call replaces the first, which stays in the history. `once`
    is the key that the form has for it: where the network was lost before the answer came, the
    same words sent again are the same decision. Raises UserError where a part is missing. A
    referral for falls is sent by `refer`, after it.
    """
    access.require(by.actor, "triage.use")
    access.require_open(by, person)
    _whole(decision, person)
    here, moment = scene_of(person, by), now()
    before = _before(once, by)
    if before and _same(before, _said(decision, here, by)):
        return once
    act = once if once and before is None else uuid4().hex
    told: list[Said | Owned] = [
        CareAct(
            part=PART, verb="decided", thing=act, act=act, by=by.actor.name, recorded=moment,
            said=_said(decision, here, by),
        ),
        *_on_contact(decision, here, moment),
        *(entry for each in decision.scored for entry in entries_of(each, act, moment)),
        *_note(decision, act, moment, by),
    ]  # fmt: skip
    if decision.call:
        told += _call(decision.call, act, here, moment)
    _tell(person, decision)
    say(
        person=person, by=by, act="crew.decided", what=decision.to, readings=told,
        detail={"outcome": decision.outcome, "decision": act},
    )  # fmt: skip
    return act


def _before(once: str, by: Asker) -> Mapping[str, Any] | None:
    """What was decided under that key already; None where nothing was."""
    row = CrewRow.objects.filter(act=once).first() if once else None
    if row is None:
        return None
    said: Mapping[str, Any] = orjson.loads(row.said)
    return said if row.by == by.actor.name else {}


def _same(before: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether it is the same decision; what was measured went with the first."""
    return all(before.get(key) == said.get(key) for key in ("outcome", "to", "note", "call"))


def refer(*, person: int, decision: Decision, by: Asker) -> int:
    """Send the request that a decision for falls means; gives its number.

    Raises `requests.NotSent` with all that the service wants to know first: the decision stands,
    and the request is finished on its own form.
    """
    return requests.send(
        person=person, service=decision.to, by=by, urgency="soon", form=decision.form,
        words=decision.note.strip() or "Fell; seen by an ambulance crew at home",
        cause=scene_of(person, by).cause,
    )  # fmt: skip


def _whole(decision: Decision, person: int) -> None:
    if decision.outcome not in OUTCOMES:
        raise UserError(
            "no outcome was chosen", nearest(decision.outcome, OUTCOMES) or "Choose one of them."
        )
    services = current().services
    if decision.outcome in {"convey", "falls"} and decision.to not in services:
        what = "to which hospital" if decision.outcome == "convey" else "which falls service"
        raise UserError(f"it does not say {what}", "Choose one of the list.")
    if decision.outcome == "ring":
        call = decision.call
        if call is None or call.answer not in ANSWERS:
            raise UserError("it does not say what the practice answered", "Choose the answer.")
        if call.practice not in {each.organisation for each in lead(person)}:
            raise UserError("that is not their practice", "Choose their practice of the list.")
    if decision.outcome == "leave" and not decision.note.strip():
        raise UserError(
            "nothing says what was done for them",
            "Write what you found, what you did, and when they are to call again.",
        )


def _said(decision: Decision, here: Scene, by: Asker) -> dict[str, Any]:
    said: dict[str, Any] = {
        "outcome": decision.outcome, "to": decision.to, "note": decision.note.strip(),
        "contact": here.contact, "organisation": by.actor.organisation,
        "scores": [
            {"table": s.table.key, "title": s.table.title, "given": dict(s.given),
             "total": s.result.total, "band": s.result.band.words if s.result.band else "",
             "missing": list(s.result.missing)}
            for s in decision.scored
        ],
    }  # fmt: skip
    if decision.call:
        call = decision.call
        said["call"] = {"practice": call.practice, "spoke_to": call.spoke_to.strip(),
                        "answer": call.answer, "words": call.words.strip()}  # fmt: skip
    return said


def outcome_words(decision: Decision) -> str:
    """How the log says it: a doctor's answer may turn a call into a journey to hospital.

    Where nobody answered, nothing is decided yet, and the log says so.
    """
    answer = decision.call.answer if decision.call else ""
    if answer == "none":
        return "practice did not answer"
    if answer in {"hospital", "acute"}:
        return _LOGGED["convey" if answer == "hospital" else "acute"]
    return _LOGGED[decision.outcome]


def _on_contact(decision: Decision, here: Scene, moment: datetime) -> list[Owned]:
    """The outcome on the crew's own contact, in the name of the source that tells of it."""
    if not here.contact:
        return []
    event = ContactEvent(
        visit=here.visit, subject="", act=Act.NOTE, at=moment, recorded=moment,
        outcome=outcome_words(decision),
    )  # fmt: skip
    return [Owned(reading=event, owner=here.source)]


def _call(call: Call, act: str, here: Scene, moment: datetime) -> list[ContactEvent]:
    """The call as a contact of the practice: by telephone, caused by the crew's own contact."""
    service = practice_service(call.practice)
    if not service:
        return []
    began = moment - timedelta(minutes=max(1, min(call.minutes, 120)))
    return [
        ContactEvent(
            visit=f"call:{act}", subject="", act=Act.STATE, at=began, recorded=moment,
            service=service, setting=Setting.TELEPHONE, requested=began, started=began,
            ended=moment, reason="ambulance crew", cause=here.cause, by=call.spoke_to.strip(),
            outcome=ANSWERS[call.answer].lower(),
        )
    ]  # fmt: skip


def practice_service(organisation: str) -> str:
    """The service in which a practice takes calls: its own general practice."""
    found = [
        s.code for s in current().services.values()
        if s.organisation == organisation and s.setting is Setting.GENERAL_PRACTICE
    ]  # fmt: skip
    return found[0] if found else ""


def _note(decision: Decision, act: str, moment: datetime, by: Asker) -> Sequence[Entry]:
    text = decision.note.strip()
    if not text:
        return ()
    about = f"Ambulance crew: {WORDS[decision.outcome].lower()}"
    return (note(act, text, at=moment, recorded=moment, by=by.actor.name, about=about),)


def _tell(person: int, decision: Decision) -> None:
    """The practice is told, whoever decides what."""
    for each in lead(person):
        rung = decision.call is not None and decision.call.practice == each.organisation
        access.notify(
            topic="crew.rings" if rung else "crew.decided", organisation=each.organisation,
            link=f"/people/{person}/", person=person,  # what was decided is in the record alone
        )  # fmt: skip
