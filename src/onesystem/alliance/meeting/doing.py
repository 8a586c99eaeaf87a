"""What members take on in a meeting: taken down, done, dropped with a reason, opened again."""

from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.meeting import queries, rows, telling
from onesystem.alliance.meeting.keeping import (
    held_meeting,
    micros,
    require_keeper,
    seat_of,
    words,
)
from onesystem.alliance.meeting.knowing import today
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say


@transaction.atomic
def take(*, meeting: int, what: str, owner: int, due: date, by: Actor, item: int = 0) -> int:
    """Take down what a member will do, and by when; gives its number."""
    require_keeper(by, meeting=meeting)
    row = held_meeting(meeting)
    seat_of(row, owner)
    if due < today():
        raise UserError("that day has gone by", "Choose a later one.")
    about = queries.item(item) if item else None
    if about is not None and about.meeting_id != row.id:
        raise UserError("that item is of another meeting", "Open its own page.")
    made = rows.Action.objects.create(
        meeting=row, item=about, what=words(what, "what is to be done", 500), owner_id=owner,
        due=due, at=micros(), by=by.name,
    )  # fmt: skip
    telling.taken(made)
    access.record(by=by, act="action.taken", what=str(made.id))
    return int(made.id)


@transaction.atomic
def finish(*, action: int, by: Actor, words: str = "", dropped: bool = False) -> None:
    """It is done, or dropped with a reason: by its owner, or by who keeps the minutes."""
    row = _held(action, by)
    if row.state != "open":
        raise UserError(
            say("it is {state} already", state=row.state), "Open it again, if that was a mistake."
        )
    if dropped and not words.strip():
        raise UserError("it is not said why it is dropped", "Say it in a line.")
    row.state, row.ended = ("dropped" if dropped else "done"), micros()
    row.words = words.strip()[:1000]
    row.save()
    access.record(by=by, act=f"action.{row.state}", what=str(action))


@transaction.atomic
def reopen(*, action: int, by: Actor) -> None:
    """It is to be done after all."""
    row = _held(action, by)
    if row.state == "open":
        raise UserError("it is open", "Nothing is left to do.")
    row.state, row.ended, row.words = "open", None, ""
    row.save()
    access.record(by=by, act="action.reopened", what=str(action))


def _held(action: int, by: Actor) -> rows.Action:
    row = rows.Action.objects.select_for_update().filter(id=action).first()
    if row is None:
        raise NotFound(
            say("there is no action {action}", action=action), "Look at the list of them."
        )
    owner = row.owner.username
    if not owner or owner != by.name:
        require_keeper(by, meeting=row.meeting_id)
    return row
