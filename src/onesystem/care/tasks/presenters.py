"""Tasks as pages say them: when, whose, how they stand, what can be done."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from onesystem.care.tasks import task as states
from onesystem.care.tasks.listing import Line
from onesystem.care.tasks.rules import words_of
from onesystem.care.tasks.task import OUTCOMES, Task
from onesystem.district import District
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import listed, say
from onesystem.vocabulary.tables import Cell, Column
from onesystem.vocabulary.wording import day, local

_TAGS = {
    states.COMING: (say("to come"), "quiet"), states.READY: (say("ready"), "info"),
    states.OVERDUE: (say("overdue"), "bad"), states.STARTED: (say("begun"), "warn"),
    states.DONE: (say("done"), "good"), states.MISSED: (say("not done"), "warn"),
    states.CANCELLED: (say("cancelled"), "quiet"), states.PASSED: (say("passed"), "warn"),
}  # fmt: skip
_NOBODY: Mapping[str, str] = {}
COLUMNS = (
    Column("due", "Due"), Column("person", "Person"), Column("what", "What"),
    Column("kind", "Kind"), Column("where", "Where"), Column("phone", "Telephone"),
    Column("team", "Team"), Column("owner", "Who does it"), Column("stands", "Stands"),
)  # fmt: skip


def when(task: Task, zone: str, now: datetime) -> str:
    """When it is due: its hour, today, or the day."""
    due = to_local(task.due if task.timed else task.due - timedelta(microseconds=1), zone)
    today = to_local(now, zone).date()
    hour = f"{due:%H:%M}" if task.timed else ""
    if due.date() == today:
        return hour or say("Today")
    if due.date() == today + timedelta(days=1):
        return say("Tomorrow {hour}", hour=hour) if hour else say("Tomorrow")
    return say("{day}, {hour}", day=day(due), hour=hour) if hour else day(due)


def tag(standing: str) -> tuple[str, str]:
    """How it stands, as a word and a kind of tag."""
    return _TAGS.get(standing, (standing, "quiet"))


def line(
    each: Line, here: District, now: datetime, me: str = "", names: Mapping[str, str] = _NOBODY
) -> dict[str, Any]:
    """A line of the list; `names` are what users are called."""
    task = each.task
    does = names.get(task.owner, task.owner)
    return {
        "key": task.key,
        "seen": task.steps,
        "person": each.person,
        "name": each.name,
        "href": reverse("tasks:task", kwargs={"person": each.person, "key": task.key}),
        "when": when(task, here.zone, now),
        "words": task.words,
        "visit": task.visit,
        "where": ", ".join(filter(None, (each.address, each.postcode))),
        "phone": each.phone,
        "team": here.service_name(task.team),
        "owner": say("you") if task.owner == me and me else does,
        "does": does,
        "tag": tag(each.standing),
        "passed": each.passed,
        "repeats": bool(task.series),
        "live": task.live and each.standing != states.PASSED,
        "outcome": outcome(task, here.zone, names),
    }


def outcome(task: Task, zone: str, names: Mapping[str, str] = _NOBODY) -> str:
    """What became of it, who said so and when; nothing while it is open."""
    if task.live or task.at is None:
        return ""
    said = [OUTCOMES.get(task.outcome, task.outcome), task.why]
    by = listed([names.get(task.by, task.by), local(task.at, zone)])
    return listed([*filter(None, said), by], ". ")


def facts(
    each: Line, here: District, now: datetime, names: Mapping[str, str] = _NOBODY, often: str = ""
) -> list[tuple[str, Any]]:
    """What a task is, in pairs; `often` is the rule of the series that it is a turn of."""
    task = each.task
    planned = (
        listed([names.get(task.planned_by, task.planned_by), local(task.planned_at, here.zone)])
        if task.planned_at
        else ""
    )
    pairs = [
        (say("Due"), when(task, here.zone, now)),
        (say("Again"), words_of(task.repeats or often)),
        (say("Team"), here.service_name(task.team)),
        (say("Who does it"), names.get(task.owner, task.owner) or say("nobody yet")),
        (say("Begun"), local(task.started, here.zone) if task.started else ""),
        (say("Ended"), local(task.ended, here.zone) if task.ended else ""),
        (say("What came of it"), outcome(task, here.zone, names)),
        (say("Planned by"), planned),
        (say("Where"), ", ".join(filter(None, (each.address, each.postcode)))),
    ]
    return [(name, value) for name, value in pairs if value]


def csv_rows(lines: Iterable[Line], here: District, now: datetime) -> list[list[Any]]:
    """The list as a file has it."""
    return [
        [
            Cell(when(x.task, here.zone, now), value=x.task.due), x.name, x.task.words,
            "visit" if x.task.visit else "task",
            ", ".join(filter(None, (x.address, x.postcode))), x.phone,
            here.service_name(x.task.team), x.task.owner, tag(x.standing)[0],
        ]
        for x in lines
    ]  # fmt: skip
