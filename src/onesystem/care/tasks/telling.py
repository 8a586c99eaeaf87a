"""What is told of a task to the log and to the record: contacts, FHIR tasks, notes. Pure."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from onesystem.care.tasks import task as states
from onesystem.care.tasks.observing import LOINC, Observed, resource
from onesystem.care.tasks.task import OUTCOMES, Task
from onesystem.vocabulary import Act, Code, ContactEvent, Entry
from onesystem.vocabulary.said import say

_STATUS: Mapping[str, str] = {
    states.OPEN: "ready", states.STARTED: "in-progress", states.DONE: "completed",
    states.MISSED: "failed", states.CANCELLED: "cancelled",
}  # fmt: skip
NOTE = Code(LOINC, "11506-3", say("Progress note"))
SUBJECT = {"type": "Patient"}


def visit_key(key: str) -> str:
    """The key of the visit in the log."""
    return f"visit:{key}"


def contact(task: Task, act: Act, recorded: datetime, **more: Any) -> ContactEvent:
    """An event of the visit that a task is."""
    return ContactEvent(
        visit=visit_key(task.key), subject="", act=act, at=more.pop("at", recorded),
        recorded=recorded, service=task.team, cause=task.cause, planned=task.due,
        by=task.owner, **more,
    )  # fmt: skip


def expected(task: Task, recorded: datetime) -> ContactEvent:
    """The visit is expected: an appointment in the log."""
    return contact(task, Act.REQUEST, recorded, requested=recorded)


def entry(task: Task, recorded: datetime, *, team: str) -> Entry:
    """The task as the record keeps it."""
    body: dict[str, Any] = {
        "resourceType": "Task",
        "status": "draft" if task.repeats and task.live else _STATUS[task.state],
        "intent": "plan",
        "description": task.words,
        "for": SUBJECT,
        "authoredOn": _iso(task.planned_at or recorded),
        "lastModified": _iso(recorded),
        "owner": {"display": team},
        "restriction": {"period": {"start": _iso(task.earliest), "end": _iso(task.due)}},
    }
    if task.cause:
        body["basedOn"] = [{"display": task.cause.rpartition("\x1f")[2]}]
    if task.outcome or task.why:
        words = OUTCOMES.get(task.outcome, task.outcome)
        body["statusReason"] = {"text": ". ".join(filter(None, (words, task.why)))}
    if task.started:
        ends = {"end": _iso(task.ended)} if task.ended else {}
        body["executionPeriod"] = {"start": _iso(task.started), **ends}
    return Entry(
        kind="Task", key=f"task:{task.key}", subject="", at=task.due, recorded=recorded,
        code=Code("", "", task.words), status=str(body["status"]), body=orjson.dumps(body),
    )  # fmt: skip


def note(
    key: str, text: str, *, at: datetime, recorded: datetime, by: str, about: str, visit: str = ""
) -> Entry:
    """A note as a document of the record."""
    body = {
        "resourceType": "DocumentReference",
        "status": "current",
        "type": {"coding": [{"system": LOINC, "code": NOTE.code, "display": NOTE.display}],
                 "text": about},
        "subject": SUBJECT,
        "date": _iso(at),
        "author": [{"display": by}],
        "description": text[:500],
        "content": [{"attachment": {
            "contentType": "text/plain; charset=utf-8", "title": about, "creation": _iso(at),
            "data": base64.b64encode(text.encode()).decode(),
        }}],
    }  # fmt: skip
    return Entry(
        kind="DocumentReference", key=f"note:{key}", subject="", at=at, recorded=recorded,
        code=Code(LOINC, NOTE.code, about), status="current", visit=visit,
        body=orjson.dumps(body),
    )  # fmt: skip


def observations(
    key: str, some: Sequence[Observed], *, at: datetime, recorded: datetime, visit: str = ""
) -> list[Entry]:
    """What was measured, as observations of the record."""
    return [
        Entry(
            kind="Observation", key=f"observed:{key}:{each.kind.name}", subject="", at=at,
            recorded=recorded, code=each.code, status="final", value=each.text,
            unit=each.kind.unit, visit=visit,
            body=orjson.dumps(resource(each, at=_iso(at), subject=SUBJECT)),
        )
        for each in some
    ]  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
