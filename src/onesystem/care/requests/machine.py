"""The one machine of referrals, orders and questions for advice. Pure.

`MOVES` says which act leads from where to where, whose it is, and what it must say. `fold` says
what a history comes to, in whatever order it arrived. Three things make a history:

- acts, done here; one that the table does not allow where it stands was *overtaken* by something
  that was heard of later (the sender's system had revoked it). It stays in the history and moves
  nothing, so no state is ever skipped;
- what a source told of a request that nobody here has acted on: the last word stands;
- what a source told after that: an end always counts, unless we had ended it; an open state only
  moves on, never back. A practice that sends its referral again because a comment was added, still
  "active", does not take back that we accepted it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    OPEN,
    RECEIVED,
    REDIRECTED,
    RETURNED,
    REVOKED,
)

SENDER, SERVICE, EITHER, JOB = "sender", "service", "either", "job"


@dataclass(frozen=True, slots=True)
class Move:
    """What an act does: from which states (none: it begins), to which (none: stays), whose it is.

    `says` names what must be said with it.
    """

    start: frozenset[str]
    to: str
    whose: str
    words: str  # as a history has it: "accepted"
    says: str = ""


_UNDECIDED = frozenset({RECEIVED, REDIRECTED})
_BEFORE = _UNDECIDED | {NEEDS_MORE, ACCEPTED}
_HELD = frozenset({ACCEPTED, BOOKED})

MOVES: Mapping[str, Move] = {
    "send": Move(frozenset({""}), RECEIVED, SENDER, "sent"),
    "accept": Move(_UNDECIDED | {NEEDS_MORE}, ACCEPTED, SERVICE, "accepted"),
    "ask": Move(_UNDECIDED | {ACCEPTED}, NEEDS_MORE, SERVICE, "asked back", "reason"),
    "supply": Move(frozenset({NEEDS_MORE}), RECEIVED, SENDER, "supplied more", "reason"),
    "return": Move(_BEFORE | {BOOKED}, RETURNED, SERVICE, "returned", "reason"),
    "redirect": Move(_BEFORE | {BOOKED}, REDIRECTED, SERVICE, "redirected", "reason"),
    "book": Move(_HELD, BOOKED, SERVICE, "booked"),
    "unbook": Move(frozenset({BOOKED}), ACCEPTED, SERVICE, "took the booking back", "reason"),
    "missed": Move(frozenset({BOOKED}), ACCEPTED, SERVICE, "did not come"),
    "start": Move(_HELD, IN_PROGRESS, SERVICE, "began"),
    "finish": Move(frozenset({IN_PROGRESS}), DONE, SERVICE, "finished", "reason"),
    "answer": Move(frozenset({ACCEPTED, IN_PROGRESS}), DONE, SERVICE, "answered", "reason"),
    "revoke": Move(_BEFORE | {BOOKED}, REVOKED, SENDER, "revoked", "reason"),
    "reopen": Move(frozenset({RETURNED}), RECEIVED, SERVICE, "opened again", "reason"),
    "triage": Move(OPEN - {IN_PROGRESS}, "", SERVICE, "set the urgency"),
    "comment": Move(frozenset({*OPEN, RETURNED, DONE, REVOKED}), "", EITHER, "wrote", "reason"),
    "escalate": Move(OPEN, "", JOB, "asked louder"),
}  # fmt: skip
TOLD = "told"  # a source's own status, by a message about the request

# How far an open request is: what a source tells may move it on along these, never back.
_FAR = {RECEIVED: 0, REDIRECTED: 0, NEEDS_MORE: 1, ACCEPTED: 2, BOOKED: 3, IN_PROGRESS: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing of a history: an act, or what a source told (`act` empty or `told`)."""

    recorded: int
    state: str = ""
    act: str = ""
    by: str = ""
    reason: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Whether a source said it of itself."""
        return self.act in {"", TOLD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a history comes to. Empty words: nothing said them, and what was told stands.

    `overtaken` are the acts that moved nothing, by when they were recorded. `answer` is what the
    sender is told in the end; `acts` counts what was done here.
    """

    state: str = ""
    since: int = 0
    own: bool = False  # whether it stands as it does by an act
    answer: str = ""
    service: str = ""
    urgency: str = ""
    kind: str = ""
    booked: int | None = None
    acts: int = 0
    overtaken: frozenset[int] = frozenset()
    path: tuple[str, ...] = ()  # the states it went through


def allowed(state: str, act: str, reason: str = "") -> bool:
    """Whether the table lets that act happen there, with what is said."""
    move = MOVES.get(act)
    return move is not None and state in move.start and (not move.says or bool(reason.strip()))


def acts_from(state: str, whose: str) -> tuple[str, ...]:
    """What that side may do from there, in the order of the table."""
    return tuple(
        name
        for name, move in MOVES.items()
        if state in move.start and move.whose in {whose, EITHER}
    )


def fold(events: Iterable[Event]) -> Standing:
    """What a history comes to, whatever order its events are given in."""
    standing = Standing()
    for event in sorted(events, key=_order):
        standing = _after(standing, event)
    return standing


def _order(event: Event) -> tuple[int, bool, str, str]:
    return (event.recorded, not event.told, event.act, event.state)


def _after(now: Standing, event: Event) -> Standing:
    if event.told:
        return _moved(now, event, event.state, own=False) if _heard(now, event.state) else now
    if not allowed(now.state, event.act, event.reason):
        return _with(now, overtaken=now.overtaken | {event.recorded})
    return _moved(now, event, MOVES[event.act].to or now.state, own=True)


def _heard(now: Standing, state: str) -> bool:
    if not state:
        return False  # it said something else, and not how the request stands
    if not now.own:
        return True
    if now.state not in OPEN:
        return False
    return state not in OPEN or _FAR[state] > _FAR[now.state]


def _moved(now: Standing, event: Event, state: str, *, own: bool) -> Standing:
    said, moves = event.said, event.act not in {"triage", "comment", "escalate"}
    booked = now.booked if state in {BOOKED, IN_PROGRESS, DONE} else None
    return Standing(
        state=state,
        since=event.recorded if moves else now.since,
        own=own,
        answer=("" if state in OPEN else event.reason) if moves else now.answer,
        service=str(said.get("service") or now.service),
        urgency=str(said.get("urgency") or now.urgency),
        kind=str(said.get("kind") or now.kind),
        booked=said.get("booked", booked) if event.act == "book" else booked,
        acts=now.acts + own,
        overtaken=now.overtaken,
        path=(*now.path, state) if state != now.state else now.path,
    )


def _with(now: Standing, *, overtaken: frozenset[int]) -> Standing:
    return Standing(
        state=now.state, since=now.since, own=now.own, answer=now.answer, service=now.service,
        urgency=now.urgency, kind=now.kind, booked=now.booked, acts=now.acts,
        overtaken=overtaken, path=now.path,
    )  # fmt: skip
