"""Bringing a proposal: begin it, write it, put it before the alliance, take it back.

A version is written until it is ready; then its text stands, and what should be otherwise is the
next version. Whoever writes says the number of the last step that they `seen`.
"""

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import changes, queries, rows, within
from onesystem.alliance.meeting import proposal as of
from onesystem.alliance.meeting.keeping import (
    KEEPS,
    NotYet,
    Wrong,
    held_proposal,
    micros,
    proposal_step,
    words,
)
from onesystem.alliance.meeting.knowing import around, today
from onesystem.alliance.meeting.proposal import Proposed
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import Problem

PROPOSES = "alliance.propose"
OPEN = ("draft", "ready", "returned")


@transaction.atomic
def begin(*, proposed: Proposed, by: Actor, alliance: str = "", group: str = "") -> int:
    """A new proposal, as the draft of its first version; gives its number. Raises Wrong.

    With a `group`, it is brought to that service alliance.
    """
    access.require(by, PROPOSES)
    code = charter.alliance(alliance).code
    _refuse(proposed, code)
    row = rows.Proposal.objects.create(
        alliance_id=code, group=within.group(code, group), funds=proposed.funds, at=micros(),
        title=proposed.title.strip()[:200], by=by.name,
    )  # fmt: skip
    _write(rows.ProposalVersion(proposal=row, number=1), proposed, by)
    proposal_step(row, "begun", by, version=1)
    return int(row.id)


@transaction.atomic
def keep(
    *, proposal: int, proposed: Proposed, seen: int, by: Actor, why: str = "",
    group: str | None = None,
) -> int:  # fmt: skip
    """Keep a draft as it is now written, or begin the next version; gives the version's number.

    `group` is the service alliance that it is brought to from now on; None: where it was.
    Raises Wrong, Overtaken, UserError where it lies before a meeting.
    """
    access.require(by, PROPOSES)
    row = held_proposal(proposal, seen=seen)
    _own(row, by)
    if row.state not in OPEN:
        raise UserError(_why_not(row.state), "Take it off the agenda first, or write another one.")
    _refuse(proposed, row.alliance_id)
    last = queries.proposal(proposal).last
    to = row.group if group is None else within.group(row.alliance_id, group)
    same = of.text_of(proposed) == last.row.body
    if to != row.group:
        row.group = to
        proposal_step(row, say("brought to another"), by, version=last.number, why=within.name(row))
    if same:
        return last.number
    number = last.number + bool(last.row.ready)
    version = rows.ProposalVersion(proposal=row, number=number) if last.row.ready else last.row
    _write(version, proposed, by, why)
    row.title, row.state = proposed.title.strip()[:200], "draft"
    proposal_step(row, "kept", by, version=number, why=why)
    return number


@transaction.atomic
def put(*, proposal: int, seen: int, by: Actor) -> int:
    """It is ready for a meeting: its text stands from now on. Raises NotYet with what it lacks."""
    access.require(by, PROPOSES)
    row = held_proposal(proposal, seen=seen)
    _own(row, by)
    version = queries.proposal(proposal).last
    if row.state != "draft" or version.row.ready:
        raise UserError(_why_not(row.state), "Change it first; what was decided on stays.")
    lacks = of.missing(version.proposed) + _unfit(version.proposed)
    if lacks:
        raise NotYet(lacks)
    version.row.ready = True
    version.row.save()
    row.state = "ready"
    return proposal_step(row, "ready", by, version=version.number)


@transaction.atomic
def withdraw(*, proposal: int, why: str, seen: int, by: Actor) -> int:
    """Take a proposal back; its versions stay."""
    row = held_proposal(proposal, seen=seen)
    _own(row, by)
    if row.state not in OPEN:
        raise UserError(_why_not(row.state), "Ask the chair to take it off the agenda.")
    row.state = "withdrawn"
    return proposal_step(row, "withdrawn", by, why=words(why, "the reason"))


@transaction.atomic
def restore(*, proposal: int, seen: int, by: Actor) -> int:
    """Bring back what was withdrawn, as it was."""
    row = held_proposal(proposal, seen=seen)
    _own(row, by)
    if row.state != "withdrawn":
        raise UserError("it is not withdrawn", "Nothing is left to do.")
    row.state = "ready" if queries.proposal(proposal).last.row.ready else "draft"
    return proposal_step(row, "restored", by)


def _refuse(proposed: Proposed, alliance: str) -> None:
    found = of.problems(proposed, around(alliance), today()) + changes.problems(proposed.changes)
    if found:
        raise Wrong(found)


def _unfit(proposed: Proposed) -> list[Problem]:
    """Why money cannot be attached to what it is to be attached to."""
    if not proposed.funds:
        return []
    decided = queries.decision(proposed.funds)
    if decided.waits_for_money:
        return []
    return [
        Problem(
            "funds",
            say("decision {number} does not wait for money", number=decided.number),
            say("Choose one that is agreed and not resourced."),
        )
    ]


def _own(row: rows.Proposal, by: Actor) -> None:
    """Whoever brought it writes it, or who keeps the alliance's papers."""
    if row.by != by.name and not by.is_job and not access.may(by, KEEPS):
        raise NotPermitted("whoever brought a proposal changes it", "Ask them, or the chair.")


def _write(row: rows.ProposalVersion, proposed: Proposed, by: Actor, why: str = "") -> None:
    row.body = of.text_of(proposed)
    row.digest = of.digest_of(row.body)
    row.why, row.at, row.by = why.strip()[:1000], micros(), by.name
    row.save()


_STATES = say_each({
    "ready": "it is ready for a meeting", "listed": "it is on the agenda of a meeting",
    "agreed": "it is agreed", "withdrawn": "it is withdrawn", "returned": "it was sent back",
    "draft": "it is a draft",
})  # fmt: skip


def _why_not(state: str) -> str:
    return _STATES[state]
