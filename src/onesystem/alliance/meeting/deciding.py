"""Deciding: open an item, handle interests, hear voices, close it with what they come to.

The outcome is worked out from what was written down (`consensus`); nobody gives it. Whoever closes
says which outcome they saw: where another one has come about meanwhile, they are told, and nothing
is closed.
"""

import json
from dataclasses import asdict
from typing import Any

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import (
    consensus,
    decided_rows,
    queries,
    rows,
    sitting,
    store,
    telling,
    within,
)
from onesystem.alliance.meeting.consensus import Outcome
from onesystem.alliance.meeting.entering import entry_of
from onesystem.alliance.meeting.holding import carried
from onesystem.alliance.meeting.keeping import (
    NotYet,
    Overtaken,
    held_meeting,
    held_proposal,
    micros,
    proposal_step,
    require_keeper,
    seat_of,
    step,
    words,
)
from onesystem.alliance.meeting.register import canonical
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

DECIDES = "alliance.decide"
SENT_UP = "sent up"  # agreed by a group beyond its mandate: recommended to the alliance


@transaction.atomic
def open_item(*, item: int, by: Actor) -> int:
    """Open an item: from now on voices are heard, under the charter that is in force."""
    require_keeper(by, item=item)
    row = queries.item(item)
    meeting = held_meeting(row.meeting_id)
    if meeting.state != "open":
        raise UserError("the meeting is not open", "Open it first.")
    if row.state != "waiting":
        raise UserError("this item was opened already", "Look at what came of it.")
    if other := rows.Item.objects.filter(meeting=meeting, state="open").first():
        raise UserError(
            say("{title} is still open", title=repr(other.title)), "Close it, or carry it over."
        )
    row.state, row.opened, row.charter = "open", micros(), _charter(meeting)
    row.save()
    return step(meeting, say("item opened"), by, what=item)


@transaction.atomic
def hear_again(*, item: int, by: Actor) -> int:
    """The charter has changed since the item was opened: everybody is asked anew under it."""
    require_keeper(by, item=item)
    row, meeting = _open(item)
    if row.charter == _charter(meeting):
        raise UserError("it is heard under the charter in force", "Nothing is left to do.")
    row.opened, row.charter = micros(), _charter(meeting)
    row.save()
    return step(meeting, say("heard again"), by, what=item)


def _charter(meeting: rows.Meeting) -> int:
    version = charter.version_at(meeting.alliance_id, now())
    if version is None:
        raise UserError("no charter is in force", "The members sign one first.")
    return version.number


def _open(item: int) -> tuple[rows.Item, rows.Meeting]:
    row = queries.item(item)
    meeting = held_meeting(row.meeting_id)
    row = queries.item(item)  # as it is now that the meeting is ours
    if row.state != "open":
        raise UserError("this item is not open", "Voices are heard while it is.")
    return row, meeting


@transaction.atomic
def handle(
    *, item: int, member: int, handling: str, reason: str, by: Actor, interest: int = 0
) -> int:
    """Write down how the chair handles a member's interest; nobody handles their own."""
    require_keeper(by, item=item)
    row = queries.item(item)
    meeting = held_meeting(row.meeting_id)
    if row.kind != "decision" or row.state not in ("waiting", "open"):
        raise UserError("nothing is decided on here any more", "Look at what came of it.")
    if handling not in consensus.HANDLINGS:
        raise UserError("it is not said how it is handled", "Stay, speak only, or leave.")
    sits = seat_of(meeting, member)
    if sits.username == by.name:
        raise NotPermitted(
            "nobody handles their own interest", "The deputy does where it is the chair's."
        )
    rows.Handling.objects.create(
        item=row, member_id=member, interest_id=interest or None, handling=handling,
        reason=words(reason, "the reason"), at=micros(), by=by.name,
    )  # fmt: skip
    return step(
        meeting, say("interest handled"), by, what=f"{item}:{member}", detail={"as": handling}
    )


@transaction.atomic
def speak(
    *, item: int, member: int, said: str, by: Actor, reason: str = "", way: str = consensus.ROOM
) -> int:
    """A member agrees, stands aside, or objects with a reason. Raises UserError by the rule.

    They say it themselves, or whoever takes the minutes writes down what was said in the room.
    """
    row, meeting = _open(item)
    _may_say(meeting, member, by)
    if said not in consensus.SAYINGS:
        raise UserError("it is not said what they say", "Agree, stand aside, or object.")
    if row.kind != "decision":
        raise UserError("nothing is decided on here", "It is to be discussed.")
    at = now()
    voice = consensus.Voice(
        member=member, said=said, at=at, reason=reason.strip(), version=row.version, way=way
    )
    ground = consensus.hear(sitting.table_of(row, at), voice, at)
    if ground is not None:
        raise NotYet([_problem(ground)])
    rows.Voice.objects.create(
        item=row, member_id=member, version=row.version, said=said, reason=reason.strip()[:2000],
        way=way, at=micros(), by=by.name,
    )  # fmt: skip
    return step(meeting, "voice", by, what=f"{item}:{member}", detail={"said": said})


def _problem(ground: consensus.Ground) -> Problem:
    """A rule that stands against it, and of whom it speaks."""
    who = rows.Member.objects.filter(id=ground.member).values_list("name", flat=True).first()
    what = say("{who} {what}", who=who, what=ground.what) if who else ground.what
    return Problem(ground.rule, what, ground.cure)


def _may_say(meeting: rows.Meeting, member: int, by: Actor) -> None:
    """Whoever sits says it with the right to decide; who keeps the minutes writes it down."""
    sits = within.standing(meeting, now()).member(member)
    if sits is not None and sits.username == by.name:
        access.require(by, DECIDES)
    elif sits is None and rows.Member.objects.filter(id=member, username=by.name).exists():
        raise UserError(
            say(
                "you do not sit in {meeting} any more: only members decide",
                meeting=within.name(meeting),
            ),
            "What you said while you sat stays in the minutes; ask the chair for a seat.",
        )
    else:
        require_keeper(by, meeting=meeting.id)


@transaction.atomic
def close_item(*, item: int, by: Actor, expects: str = "") -> Outcome | None:
    """Close an item with what the voices come to; gives the outcome, None of what is only noted.

    What a service alliance agrees to beyond its mandate is recommended to the alliance.
    Raises NotYet with each rule that keeps it open, Overtaken where the outcome is not `expects`.
    """
    require_keeper(by, item=item)
    with store.turn() as turn:
        row, meeting = _open(item)
        if row.kind != "decision":
            _shut(row, "noted")
            step(meeting, say("item closed"), by, what=item)
            return None
        at = now()
        outcome = sitting.outcome_of(row, at)
        if outcome.state == consensus.WAITING:
            raise NotYet(map(_problem, outcome.grounds))
        if expects and expects != outcome.state:
            raise Overtaken(
                say(
                    "it is {state} by now, and not {expects}",
                    state=_words(outcome.state),
                    expects=_words(expects),
                ),
                "Somebody spoke meanwhile: look at the voices, then close it.",
            )
        beyond = within.beyond(sitting.proposed_of(row), meeting.group_id)
        came = SENT_UP if beyond and outcome.state == consensus.AGREED else outcome.state
        _shut(row, came, worked=_worked(outcome, beyond))
        if came == SENT_UP:
            _recommend(turn, row, meeting, outcome, beyond, by)
        elif came == consensus.AGREED:
            _decide(turn, row, meeting, outcome, by)
        else:
            _return(turn, row, meeting, outcome, by)
        telling.closed(row.proposal, came)
        step(meeting, say("item closed"), by, what=item, detail={"outcome": came})
    return outcome


def _words(state: str) -> str:
    return {"agreed": "agreed", "returned": "sent back"}.get(state, state)


def _shut(row: rows.Item, outcome: str, worked: str = "") -> None:
    row.state, row.outcome, row.closed, row.worked = "closed", outcome, micros(), worked
    row.save()


def _worked(outcome: Outcome, beyond: list[Problem]) -> str:
    """How it was worked out, as it is kept with the item."""

    def plain(said: Any) -> Any:
        return said.isoformat() if hasattr(said, "isoformat") else said

    said = asdict(outcome) | {"beyond": [each.what for each in beyond]}
    return json.dumps(said, default=plain, ensure_ascii=False)


def _recommend(
    turn: store.Turn, row: rows.Item, meeting: rows.Meeting, outcome: Outcome,
    beyond: list[Problem], by: Actor,
) -> None:  # fmt: skip
    """It is beyond the group's mandate: from now on it lies before the alliance."""
    made, brought = sitting.proposed_of(row), held_proposal(row.proposal_id)
    body = entry_of(row, meeting, made, outcome) | {"beyond": [each.what for each in beyond]}
    turn.add(kind="recommended", alliance=meeting.alliance_id, decision=0, body=body, by=by)
    why = "\n".join([f"By {within.name(meeting)}.", *(f"{each.what}." for each in beyond)])
    brought.state, brought.group = "ready", None
    proposal_step(brought, "recommended", by, version=row.version, why=why)


def _decide(
    turn: store.Turn, row: rows.Item, meeting: rows.Meeting, outcome: Outcome, by: Actor
) -> None:
    made = sitting.proposed_of(row)
    brought = held_proposal(row.proposal_id)
    asks = canonical(json.loads(_text(row))["asks"])
    if made.funds:
        funded = decided_rows.Decision.objects.select_for_update().get(number=made.funds)
        if not queries.Decision(funded).waits_for_money:
            raise UserError(
                say("decision {funds} does not wait for money any more", funds=made.funds),
                "Carry the item over, and look at what became of it.",
            )
    number = turn.next_decision()
    decided_rows.Decision.objects.create(
        number=number, alliance_id=meeting.alliance_id, group=meeting.group, proposal=brought,
        version=row.version, item=row, title=made.title, funding=made.funding, funds=made.funds,
        asks=asks, body=_text(row), review=made.review, at=micros(), by=by.name,
    )  # fmt: skip
    body = entry_of(row, meeting, made, outcome)
    turn.add(kind="decided", alliance=meeting.alliance_id, decision=number, body=body, by=by)
    if made.funds:
        _fund(turn, funded, number, made, by)
    brought.state = "agreed"
    proposal_step(brought, "agreed", by, version=row.version)


def _fund(
    turn: store.Turn, funded: decided_rows.Decision, number: int, made: sitting.Proposed, by: Actor
) -> None:
    """Attach money to a decision that was agreed without."""
    asks = [
        *json.loads(funded.asks),
        *json.loads(decided_rows.Decision.objects.get(number=number).asks),
    ]
    funded.asks, funded.steps = canonical(asks), funded.steps + 1
    funded.save()
    turn.add(
        kind="funded", alliance=funded.alliance_id, decision=funded.number, by=by,
        body={"title": funded.title, "by_decision": number, "amount": made.total,
              "funders": sorted(made.funders)},
    )  # fmt: skip


def _return(
    turn: store.Turn, row: rows.Item, meeting: rows.Meeting, outcome: Outcome, by: Actor
) -> None:
    made = sitting.proposed_of(row)
    brought = held_proposal(row.proposal_id)
    body = entry_of(row, meeting, made, outcome)
    turn.add(kind="returned", alliance=meeting.alliance_id, decision=0, body=body, by=by)
    reasons = "\n".join(ground.what.removeprefix("objects: ") for ground in outcome.grounds)
    brought.state = "returned"
    proposal_step(brought, say("sent back"), by, version=row.version, why=reasons)


def _text(row: rows.Item) -> str:
    found = rows.ProposalVersion.objects.get(proposal=row.proposal_id, number=row.version)
    return str(found.body)


@transaction.atomic
def carry(*, item: int, why: str, by: Actor) -> int:
    """Carry an item over to another meeting: nothing is decided, its voices are asked anew."""
    require_keeper(by, item=item)
    row = queries.item(item)
    meeting = held_meeting(row.meeting_id)
    row = queries.item(item)
    if row.state not in ("waiting", "open"):
        raise UserError("it is closed already", "Look at what came of it.")
    carried(row, by)
    return step(meeting, say("carried over"), by, what=item, why=words(why, "the reason"))
