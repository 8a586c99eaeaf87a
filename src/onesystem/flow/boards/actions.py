"""What is done about alerts and in district calls: each by a named person, in the trail."""

import json
from typing import Any

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import now
from onesystem.flow.boards.rows import Action, Alert, AlertStep, Call
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros


@transaction.atomic
def acknowledge(*, alert: int, by: Actor) -> None:
    """Say that I have it, in the place of whoever had it. Silence makes it ask louder again."""
    row = _alert(alert)
    row.owner = by.name
    row.save(update_fields=["owner"])
    _step(row, "acknowledged", "", by)


@transaction.atomic
def hand_back(*, alert: int, by: Actor) -> None:
    """Say that I no longer have it: it asks again, and louder. Only whoever has it may."""
    row = _alert(alert)
    if row.owner != by.name:
        raise UserError("you do not have this alert", "Whoever has it hands it back.")
    row.owner = ""
    row.save(update_fields=["owner"])
    _step(row, "handed back", "", by)


@transaction.atomic
def act(*, alert: int, text: str, by: Actor) -> None:
    """Say what was done about it. Raises UserError where nothing was said."""
    row = _alert(alert)
    if not text.strip():
        raise UserError("nothing was said", "Write in a few words what was done.")
    if not row.owner:
        acknowledge(alert=alert, by=by)
    _step(row, "acted", text.strip()[:1000], by)


@transaction.atomic
def open_call(*, by: Actor) -> int:
    """Open a district call, or find the one that is open."""
    try:
        with transaction.atomic():
            row = Call.objects.create(opened_at=_now(), opened_by=by.name)
    except IntegrityError:
        return Call.objects.get(closed_at=0).pk
    access.record(by=by, act="call.opened", what=str(row.pk))
    return row.pk


@transaction.atomic
def keep_minutes(*, call: int, text: str, by: Actor) -> None:
    """Keep the minutes as they stand; they may be written until the call is closed."""
    row = _open(call)
    row.minutes = text[:20_000]
    row.save(update_fields=["minutes"])
    access.record(by=by, act="call.minuted", what=str(call))


@transaction.atomic
def close_call(*, call: int, seen: list[dict[str, Any]], by: Actor) -> None:
    """Close a call with the pressure as it was seen. Its minutes and actions stay."""
    row = _open(call)
    row.closed_at, row.closed_by, row.seen = _now(), by.name, json.dumps(seen)
    row.save()
    access.record(by=by, act="call.closed", what=str(call))


@transaction.atomic
def promise(*, call: int, text: str, owner: str, due_at: int, by: Actor) -> None:
    """Assign an action. Raises UserError where what or who was not said."""
    _open(call)
    if not text.strip() or not owner.strip():
        raise UserError("an action needs what and who", "Write both.")
    Action.objects.create(
        call=call, text=text.strip()[:500], owner=owner.strip()[:150], due_at=due_at,
        made_by=by.name, made_at=_now(),
    )  # fmt: skip
    access.record(by=by, act="call.action", what=str(call))


@transaction.atomic
def done(*, action: int, by: Actor, undo: bool = False) -> None:
    """Say that an action is done, or that it is not after all."""
    row = Action.objects.select_for_update().filter(pk=action).first()
    if row is None:
        raise NotFound("there is no such action", "Look at the list again.")
    row.done_at, row.done_by = (0, "") if undo else (_now(), by.name)
    row.save(update_fields=["done_at", "done_by"])
    access.record(by=by, act="call.action-open" if undo else "call.action-done", what=str(action))


def _alert(number: int) -> Alert:
    row = Alert.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound("there is no such alert", "Look at the list again.")
    if row.closed_at:
        raise UserError("this alert has closed by itself", "Its history says when and why.")
    return row


def _open(number: int) -> Call:
    row = Call.objects.select_for_update().filter(pk=number, closed_at=0).first()
    if row is None:
        raise UserError("this call is closed", "Open a new one.")
    return row


def _step(row: Alert, kind: str, text: str, by: Actor) -> None:
    AlertStep.objects.create(alert=row.pk, kind=kind, by=by.name, at=_now(), text=text)
    access.record(by=by, act=f"alert.{kind}", what=f"{row.rule} {row.service}"[:200])


def _now() -> int:
    return to_micros(now())
