"""What can be done to a decision and to the register after a meeting; the door to the other acts.

bringing   begin, keep, put, withdraw, restore a proposal
holding    call, open_, come, leave, close, write, confirm a meeting; list_ what is on it
deciding   open_item, handle, speak, close_item, carry
doing      take, finish, reopen the actions that members took on
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.meeting import decided_rows, queries, store
from onesystem.alliance.meeting.keeping import Overtaken, require_job_or, words
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say

# What may follow on what. A decision that is to be changed goes back to a meeting as a new one.
AHEAD: Final[Mapping[str, tuple[str, ...]]] = {
    "agreed": ("resourced", "withdrawn", "stopped"),
    "resourced": ("adopted", "changed", "stopped"),
    "changed": ("stopped", "adopted"),
    "adopted": ("stopped", "changed"),
    "stopped": (),
    "withdrawn": (),
}


@transaction.atomic
def mark(
    *, decision: int, state: str, by: Actor, why: str = "", seen: int | None = None,
    body: Mapping[str, Any] | None = None,
) -> queries.Decision:  # fmt: skip
    """A decision goes on: resourced, adopted, to be changed, stopped, withdrawn; registered.

    Within a larger transaction that also writes to the ledger or the trail, take `store.turn()`
    first, so that two such transactions never wait for each other. Raises UserError, Overtaken.
    """
    require_job_or(by, "alliance.keep", "alliance.fund")
    with store.turn() as turn:
        row = decided_rows.Decision.objects.select_for_update().filter(number=decision).first()
        if row is None:
            raise NotFound(
                say("there is no decision {decision}", decision=decision),
                "Look at them: /alliance/decisions/",
            )
        if seen is not None and row.steps != seen:
            raise Overtaken("somebody marked it meanwhile", "Look at where it stands now.")
        if state not in AHEAD[row.state]:
            can = ", ".join(AHEAD[row.state]) or "nothing"
            raise UserError(
                say(
                    "decision {decision} is {state}, and cannot become {state2}",
                    decision=decision,
                    state=row.state,
                    state2=repr(state),
                ),
                say("It can become: {can}.", can=can),
            )
        row.state, row.steps = state, row.steps + 1
        row.save()
        said = {"title": row.title, "why": why.strip()[:2000], **(body or {})}
        turn.add(kind=state, alliance=row.alliance_id, decision=decision, body=said, by=by)
        access.record(by=by, act="decision.marked", what=str(decision), detail={"state": state})
    return queries.Decision(row)


@transaction.atomic
def correct(*, entry: int, why: str, by: Actor) -> int:
    """Say what is wrong in the register, in an entry of its own: the old one stays as it is."""
    require_job_or(by, "alliance.keep")
    with store.turn() as turn:
        row = decided_rows.Registered.objects.filter(number=entry).first()
        if row is None:
            raise NotFound(say("the register has no entry {entry}", entry=entry), "Look at it.")
        body = {"entry": entry, "why": words(why, say("what is wrong"), 2000)}
        made = turn.add(
            kind="corrected", alliance=row.alliance, decision=row.decision, body=body, by=by
        )
        access.record(by=by, act="register.corrected", what=str(entry))
    return made.number
