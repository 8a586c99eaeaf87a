"""A care plan as the record keeps it: FHIR CarePlan, Goal, CareTeam and notes. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from onesystem.care.plans.plan import DROPPED, REACHED, Goal, Member, Plan
from onesystem.care.tasks.telling import SUBJECT
from onesystem.vocabulary import Code, Entry
from onesystem.vocabulary.said import say

_LIFE = {REACHED: "completed", DROPPED: "cancelled"}


def care_plan(key: str, plan: Plan, recorded: datetime) -> Entry:
    """The plan: what matters to the person, what everybody should know."""
    body: dict[str, Any] = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": say("Care plan"),
        "description": plan.matters,
        "subject": SUBJECT,
        "created": _iso(recorded),
        "author": {"display": plan.by},
    }
    if plan.know:
        body["note"] = [{"text": plan.know}]
    if plan.review:
        body["period"] = {"start": _iso(recorded), "end": plan.review.isoformat()}
    return Entry(
        kind="CarePlan", key=key, subject="", at=recorded, recorded=recorded,
        code=Code("", "", "Care plan"), status="active", body=orjson.dumps(body),
    )  # fmt: skip


def goal(each: Goal, recorded: datetime) -> Entry:
    """A goal in the person's own words."""
    body: dict[str, Any] = {
        "resourceType": "Goal",
        "lifecycleStatus": _LIFE.get(each.state, "active"),
        "description": {"text": each.words},
        "subject": SUBJECT,
        "statusDate": recorded.date().isoformat(),
        "expressedBy": SUBJECT,
    }
    if each.until:
        body["target"] = [{"dueDate": each.until.isoformat()}]
    if notes := [text for text in (each.steps, each.why) if text]:
        body["note"] = [{"text": text} for text in notes]
    return Entry(
        kind="Goal", key=each.key, subject="", at=each.at, recorded=recorded,
        code=Code("", "", each.words), status=body["lifecycleStatus"], body=orjson.dumps(body),
    )  # fmt: skip


def care_team(key: str, members: Sequence[Member], recorded: datetime) -> Entry:
    """Those whom somebody named as looking after the person."""
    body = {
        "resourceType": "CareTeam",
        "status": "active" if members else "inactive",
        "name": say("Named in the care plan"),
        "subject": SUBJECT,
        "participant": [_participant(each) for each in members],
    }
    return Entry(
        kind="CareTeam", key=key, subject="", at=recorded, recorded=recorded,
        code=Code("", "", "Named in the care plan"), status=str(body["status"]),
        body=orjson.dumps(body),
    )  # fmt: skip


def _participant(each: Member) -> dict[str, Any]:
    reached = f"{each.name}, {each.phone}" if each.phone else each.name
    return {"role": [{"text": each.role or say("Looks after the person")}],
            "member": {"display": reached}}  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
