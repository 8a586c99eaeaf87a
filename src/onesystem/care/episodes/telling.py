"""What the record hears of an episode: a care plan in FHIR, without names or notes. Pure."""

from datetime import datetime
from typing import Any

import orjson

from onesystem.care.episodes.episode import ENDED, HOME, OUTCOMES, Episode
from onesystem.vocabulary import Code, Entry
from onesystem.vocabulary.said import say

_STATUS = {HOME: "active", ENDED: "completed"}


def plan(episode: Episode, recorded: datetime, *, service: str) -> Entry:
    """The care plan that the episode is."""
    title = say("Care at home: {title}", title=episode.title)
    status = "revoked" if episode.outcome in {"not started", "declined"} else _STATUS.get(
        episode.state, "draft"
    )  # fmt: skip
    period = {
        key: moment.isoformat()
        for key, moment in (("start", episode.started), ("end", episode.ended or episode.until))
        if moment
    }
    body: dict[str, Any] = {
        "resourceType": "CarePlan",
        "status": status,
        "intent": "plan",
        "title": title,
        "category": [{"text": title}],
        "subject": {"type": "Patient"},
        "created": episode.at.isoformat(),
        "author": {"display": service},
        "activity": [
            {
                "detail": {
                    "status": "stopped" if line.stopped else "scheduled",
                    "description": f"{line.title}: {_often(line.a_day, line.days, line.unit)}",
                }
            }
            for line in episode.lines
        ],
    }
    if period:
        body["period"] = period
    if episode.outcome:
        body["note"] = [{"text": OUTCOMES.get(episode.outcome, episode.outcome)}]
    if not body["activity"]:
        del body["activity"]
    return Entry(
        kind="CarePlan", key=episode.key, subject="", at=episode.started or episode.at,
        recorded=recorded, code=Code("", "", title), status=status, body=orjson.dumps(body),
    )  # fmt: skip


def _often(a_day: int, days: int, unit: str) -> str:
    return say(
        "{a_day} {unit}{if_a_day} a day for {days} day{if_days}",
        a_day=a_day,
        unit=unit,
        if_a_day="s" if a_day != 1 else "",
        days=days,
        if_days="s" if days != 1 else "",
    )
