"""What can be done with a request: each one gesture, one message, one row in the trail.

    number = send(person=7, service="nursing", by=asker, words="Leg ulcer, twice a week")
    accept(request=number, by=coordinator, seen=1)

`seen` is how many steps the request had when somebody looked: where another was quicker, the
loser is told who did what and when. Raises NotFound, NotPermitted, and UserError with its cure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import SOURCE
from onesystem.care.pathways.conditions import Finding
from onesystem.care.requests import causing, exchanged, numbers, refusals, standing, telling
from onesystem.care.requests.acting import Doing, do, hold, require
from onesystem.care.requests.states import KINDS, NEW, URGENCIES
from onesystem.care.requests.store import PART
from onesystem.care.saying import say
from onesystem.care.services import queries as services
from onesystem.care.services.entry import Entry, Field
from onesystem.district import current, now
from onesystem.vocabulary import (
    CareAct,
    Code,
    RequestSeen,
    UserError,
    contact_id,
    nearest,
    to_local,
)
from onesystem.vocabulary.kept import to_micros


@transaction.atomic
def send(
    *, person: int, service: str, by: Asker, kind: str = "referral", what: Code | None = None,
    words: str = "", urgency: str = "routine", form: Mapping[str, Any] | None = None,
    pathway: str = "", step: str = "", cause: str = "", agreed: bool = False, anyway: bool = False,
    despite: str = "", meets: Finding | None = None, asks: Sequence[Field] = (),
) -> int:  # fmt: skip
    """Send a request; gives its id. Raises `refusals.NotSent` with all that stands against it.

    `cause` is the key of what led to it. `agreed`: the person, who shares nothing, agrees to this
    one. `anyway`: one like it is open, and this one is wanted too. `meets`: whether the record
    meets the service's condition; `despite` says why it is sent though it does not.
    """
    access.require(by.actor, "requests.send")
    access.require_open(by, person)
    _one_of(kind, KINDS, "kind of request")
    _one_of(urgency, URGENCIES, "urgency")
    entry = services.entry(service)
    named = {each.name for each in asks}
    entry = replace(entry, form=(*asks, *(f for f in entry.form if f.name not in named)))
    asking = refusals.Asking(kind=kind, urgency=urgency, form=form or {}, words=words,
                             agreed=agreed, anyway=anyway, despite=despite,
                             order=_ordered(entry, what, cause))  # fmt: skip
    standing.hold(person)  # of two that are sent at once, the second finds the first open
    known = standing.known(person, service, by, meets=meets)
    against = refusals.against(asking, known, entry, _today())
    if against:
        raise refusals.NotSent(against)
    number, moment = numbers.fresh(), now()
    request = contact_id(SOURCE, number)
    told = {
        "kind": kind, "words": words.strip(), "form": dict(form or {}), "urgency": urgency,
        "service": service, "pathway": pathway, "step": step, "cause": cause, "state": "received",
        "sender": by.actor.name, "organisation": by.actor.organisation, "agreed": agreed,
        "despite": despite.strip(), "labels": {each.name: each.label for each in entry.form},
    }  # fmt: skip
    access.notify(topic="request.sent", organisation=entry.organisation, link=f"/inbox/{service}/",
                  words=f"{entry.name}: {number}")  # fmt: skip
    say(
        person=person, by=by, act="request.sent", what=service,
        readings=[
            RequestSeen(key=number, subject="", at=moment, recorded=moment, what=what,
                        service=service, urgency=urgency, status="received", by=by.actor.name),
            CareAct(part=PART, verb="send", thing=number, act=number, by=by.actor.name,
                    recorded=moment, said=told),
            *exchanged.sent(person=person, key=number, kind=kind, urgency=urgency, what=what,
                            service=service, at=moment, by=by.actor.name, words=words.strip(),
                            form=form or {}),
        ],
        detail={"request": request, "kind": kind, "urgency": urgency, "pathway": pathway},
    )  # fmt: skip
    return request


def _ordered(entry: Entry, what: Code | None, cause: str) -> str:
    """What is ordered, by its name; what another act leads to need not be of the service's list."""
    if what is None:
        return ""
    found = entry.orderable(what.display, what.code)
    return found.name if found else what.display * bool(cause)


@transaction.atomic
def accept(
    *, request: int, by: Asker, seen: int | None, urgency: str = "", reason: str = ""
) -> None:
    """The service takes it; it may set the urgency as it sees it."""
    found, steps = hold(request, seen=seen)
    require(found, by, "accept", reason)
    said = {"urgency": _one_of(urgency, URGENCIES, "urgency")} if urgency else {}
    do(found, [Doing(act="accept", reason=reason, said=said)], by=by, after=steps)


@transaction.atomic
def ask_back(*, request: int, by: Asker, seen: int | None, reason: str) -> None:
    """The service needs to know more; the clock is the sender's until they supply it."""
    _plain("ask", request, by, seen, reason)


@transaction.atomic
def supply(
    *, request: int, by: Asker, seen: int | None, reason: str, form: Mapping[str, Any] | None = None
) -> None:
    """The sender gives what was asked for, in words or in the fields of the form."""
    _plain("supply", request, by, seen, reason, form=dict(form or {}))


@transaction.atomic
def return_(*, request: int, by: Asker, seen: int | None, reason: str, code: str = "") -> None:
    """The service does not take it: why, and what the sender should do instead."""
    _ends("return", request, by, seen, reason, code=code)


@transaction.atomic
def redirect(*, request: int, by: Asker, seen: int | None, to: str, reason: str) -> None:
    """It goes to another service, with all of its history."""
    found, steps = hold(request, seen=seen)
    require(found, by, "redirect", reason)
    entry = services.entry(to)
    closed = entry.closed_on(_today())
    if to == found.service:
        raise UserError("it lies there already", "Choose another service.")
    if closed is not None or entry.listed:
        raise UserError(f"{entry.name} takes nobody now", "Choose another service.")
    if not entry.takes(found.kind):
        raise UserError(f"{entry.name} takes nothing of this kind", "Choose another service.")
    causing.let_go(found, by, why=reason)
    causing.tell(found, "redirect", by)
    access.notify(topic="request.redirected", organisation=entry.organisation, link=f"/inbox/{to}/",
                  words=f"{entry.name}: {found.key}")  # fmt: skip
    doing = Doing(act="redirect", reason=reason, said={"service": to, "from": found.service})
    do(found, [doing], by=by, after=steps, also=causing.called_off(found, steps, "redirected"))


@transaction.atomic
def book(
    *, request: int, by: Asker, seen: int | None, at: datetime | None = None, slot: int = 0,
    reason: str = "",
) -> None:  # fmt: skip
    """Book it into a slot of the service, or for a time. One that is new is accepted by it."""
    found, steps = hold(request, seen=seen)
    doing = [Doing(act="accept")] if found.state in NEW else []
    require(found, by, "accept" if doing else "book", reason)
    causing.let_go(found, by, why="booked anew")
    planned = causing.taken(found, by, slot=slot, at=at)
    doing.append(Doing(act="book", reason=reason,
                       said={"booked": to_micros(planned), "slot": slot}))  # fmt: skip
    causing.tell(found, "book", by)
    do(found, doing, by=by, after=steps, also=causing.booked(found, steps, planned))


@transaction.atomic
def unbook(*, request: int, by: Asker, seen: int | None, reason: str) -> None:
    """The booking is taken back; the request is accepted still."""
    _lets_go("unbook", request, by, seen, reason, "cancelled")


@transaction.atomic
def missed(*, request: int, by: Asker, seen: int | None, reason: str = "") -> None:
    """The person did not come; the request is accepted still, to be booked anew or returned."""
    _lets_go("missed", request, by, seen, reason, "did not attend")


@transaction.atomic
def start(*, request: int, by: Asker, seen: int | None, at: datetime | None = None) -> None:
    """The visit, the test or the care has begun. One that is new is accepted by it."""
    found, steps = hold(request, seen=seen)
    doing = [Doing(act="accept")] if found.state in NEW else []
    require(found, by, "accept" if doing else "start", "")
    doing.append(Doing(act="start"))
    do(found, doing, by=by, after=steps, also=causing.started(found, steps, by, at=at))


@transaction.atomic
def finish(
    *, request: int, by: Asker, seen: int | None, reason: str, at: datetime | None = None
) -> None:
    """It is over: what came of it is the sender's answer. One that had not begun begins with it."""
    found, steps = hold(request, seen=seen)
    doing = [Doing(act="accept")] if found.state in NEW else []
    if doing or found.state != "in-progress":
        doing.append(Doing(act="start"))
    require(found, by, doing[0].act if doing else "finish", reason)
    _said(reason, "finish")
    doing.append(Doing(act="finish", reason=reason))
    causing.tell_sender(found, "answered")
    do(found, doing, by=by, after=steps, also=causing.ended(found, steps, by, at=at))


@transaction.atomic
def answer(*, request: int, by: Asker, seen: int | None, reason: str) -> None:
    """Answer it in words: advice, or the result of a test. One that is new is accepted by it."""
    found, steps = hold(request, seen=seen)
    doing = [Doing(act="accept")] if found.state in {*NEW, "needs-more"} else []
    if not doing and found.state == "booked":
        doing = [Doing(act="start")]
    require(found, by, doing[0].act if doing else "answer", reason)
    _said(reason, "answer")
    doing.append(Doing(act="answer", reason=reason))
    causing.tell_sender(found, "answered")
    do(found, doing, by=by, after=steps, also=causing.answered(found, steps, by))


@transaction.atomic
def revoke(*, request: int, by: Asker, seen: int | None, reason: str) -> None:
    """The sender takes it back: why it is not needed any more."""
    _ends("revoke", request, by, seen, reason)


@transaction.atomic
def reopen(*, request: int, by: Asker, seen: int | None, reason: str) -> None:
    """The service opens again what it returned by mistake."""
    _plain("reopen", request, by, seen, reason)


@transaction.atomic
def triage(*, request: int, by: Asker, seen: int | None, urgency: str, reason: str = "") -> None:
    """The service sets the urgency as it sees it."""
    urgency = _one_of(urgency, URGENCIES, "urgency")
    _plain("triage", request, by, seen, reason, urgency=urgency)


@transaction.atomic
def comment(*, request: int, by: Asker, seen: int | None = None, reason: str) -> None:
    """Write a message that both sides see; nothing else changes."""
    _plain("comment", request, by, seen, reason)


@transaction.atomic
def escalate(*, request: int, by: Asker, reason: str) -> None:
    """A job asks louder, where a clock has run out."""
    _plain("escalate", request, by, None, reason)


def _plain(act: str, request: int, by: Asker, seen: int | None, reason: str, **said: Any) -> None:
    found, steps = hold(request, seen=seen)
    require(found, by, act, reason)
    causing.tell(found, act, by)
    do(found, [Doing(act=act, reason=reason, said=said)], by=by, after=steps)


def _ends(act: str, request: int, by: Asker, seen: int | None, reason: str, **said: Any) -> None:
    found, steps = hold(request, seen=seen)
    require(found, by, act, reason)
    causing.let_go(found, by, why=reason)
    causing.tell(found, act, by)
    do(found, [Doing(act=act, reason=reason, said=said)], by=by, after=steps,
       also=causing.called_off(found, steps, "cancelled"))  # fmt: skip


def _lets_go(
    act: str, request: int, by: Asker, seen: int | None, reason: str, outcome: str
) -> None:
    found, steps = hold(request, seen=seen)
    require(found, by, act, reason)
    causing.let_go(found, by, why=reason)
    causing.tell(found, act, by)
    do(found, [Doing(act=act, reason=reason)], by=by, after=steps,
       also=causing.called_off(found, steps, outcome))  # fmt: skip


def _said(reason: str, act: str) -> None:
    if not reason.strip():
        raise UserError("nothing was said", telling.ASKS[act])


def _one_of(word: str, known: tuple[str, ...], what: str) -> str:
    if word not in known:
        raise UserError(f"there is no {what} {word!r}", nearest(word, known))
    return word


def _today() -> date:
    return to_local(now(), current().zone).date()
