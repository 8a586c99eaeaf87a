"""Each act on a meeting or a proposal: its row held, its step written, who comes second told."""

from collections.abc import Iterable
from typing import Any

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter.keeping import Overtaken, micros, words
from onesystem.alliance.charter.standing import Member
from onesystem.alliance.meeting import rows, within
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

__all__ = [
    "KEEPS", "NotYet", "Overtaken", "Wrong", "held_meeting", "held_proposal", "micros",
    "proposal_step", "require_job_or", "require_keeper", "seat_of", "step", "words",
]  # fmt: skip
KEEPS = within.KEEPS
_MEANWHILE = ("somebody did something to it meanwhile", "Look at what stands now, then say again.")


class Wrong(UserError):
    """What was written cannot stand; `problems` says where and why."""

    def __init__(self, found: Iterable[Problem]) -> None:
        self.problems = list(found)
        super().__init__(self.problems[0].what, self.problems[0].cure)


class NotYet(Wrong):
    """It cannot go on yet; `problems` says what is missing, `where` being the rule."""


def require_job_or(by: Actor, *rights: str) -> None:
    """Nothing where a job acts, or somebody with one of these rights. Raises NotPermitted."""
    if by.is_job or any(access.may(by, right) for right in rights):
        return
    access.require(by, rights[0])


def require_keeper(by: Actor, *, meeting: int = 0, item: int = 0) -> None:
    """Nothing where somebody keeps that meeting: by right, or as who leads the group that meets."""
    if by.is_job or access.may(by, KEEPS):
        return
    found = rows.Meeting.objects.filter(**({"items": item} if item else {"id": meeting}))
    if not within.keeps(by, found.values_list("group", flat=True).first()):
        access.require(by, KEEPS)


def held_meeting(key: int, *, seen: int | None = None) -> rows.Meeting:
    """A meeting, ours until the transaction ends. Raises NotFound, Overtaken."""
    row = rows.Meeting.objects.select_for_update().filter(id=key).first()
    if row is None:
        raise NotFound(
            say("there is no meeting {key}", key=key), "Look at them: /alliance/meetings/"
        )
    if seen is not None and row.steps != seen:
        raise Overtaken(*_MEANWHILE)
    if row.confirmed is not None:
        raise UserError("the minutes of this meeting are confirmed", "What is new goes to the next")
    return row


def step(
    row: rows.Meeting, kind: str, by: Actor, *, what: object = "", why: str = "",
    detail: dict[str, Any] | None = None,
) -> int:  # fmt: skip
    """Write down what was done to a meeting; gives the number of the step."""
    row.steps += 1
    row.save()
    rows.MeetingStep.objects.create(
        meeting=row, step=row.steps, kind=kind, what=str(what)[:200], at=micros(), by=by.name,
        why=why.strip()[:1000],
    )  # fmt: skip
    said = f"{row.id}:{what}" if what else str(row.id)
    access.record(by=by, act=f"meeting.{kind.replace(' ', '_')}", what=said, detail=detail)
    return row.steps


def held_proposal(key: int, *, seen: int | None = None) -> rows.Proposal:
    """A proposal, ours until the transaction ends. Raises NotFound, Overtaken."""
    row = rows.Proposal.objects.select_for_update().filter(id=key).first()
    if row is None:
        raise NotFound(
            say("there is no proposal {key}", key=key), "Look at them: /alliance/proposals/"
        )
    if seen is not None and row.steps != seen:
        raise Overtaken(*_MEANWHILE)
    return row


def proposal_step(
    row: rows.Proposal, kind: str, by: Actor, *, version: int = 0, why: str = ""
) -> int:
    """Write down what was done to a proposal; gives the number of the step."""
    row.steps += 1
    row.save()
    rows.ProposalStep.objects.create(
        proposal=row, step=row.steps, kind=kind, version=version, at=micros(), by=by.name,
        why=why.strip()[:4000],
    )  # fmt: skip
    detail = {"version": version} if version else None
    access.record(by=by, act=f"proposal.{kind.replace(' ', '_')}", what=str(row.id), detail=detail)
    return row.steps


def seat_of(meeting: rows.Meeting, member: int) -> Member:
    """Somebody who sits now in the alliance that meets. Raises UserError naming the rule."""
    sits = within.standing(meeting, now()).member(member)
    if sits is None:
        raise UserError(
            say(
                "they do not sit in {meeting} (any more): only members decide",
                meeting=within.name(meeting),
            ),
            "Look at the register of members",
        )
    return sits
