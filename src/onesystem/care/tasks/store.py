"""Taking in what was said of tasks, and reading tasks: by plain statements."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from onesystem import contacts
from onesystem.care.message import SOURCE
from onesystem.care.parts import Part, Taken
from onesystem.care.tasks.task import Said, Task, fold
from onesystem.vocabulary import contact_id
from onesystem.vocabulary.kept import from_micros, to_micros

PART = "tasks"
TOPIC = "tasks"
Row = tuple[int, Task]  # whose identity, and what
_NAMES = tuple(f.name for f in fields(Task))
_COLUMNS = ", ".join(f't."{name}"' for name in _NAMES)
_KEPT = ("task", "identity", *_NAMES)
_QUOTED = [f'"{name}"' for name in _KEPT]
_UPSERT = (
    f"INSERT INTO care_task ({', '.join(_QUOTED)}) VALUES ({', '.join(['%s'] * len(_KEPT))})"
    " ON CONFLICT (task) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _QUOTED[1:])
)
_SAY = (
    'INSERT INTO care_said (part, thing, verb, act, "by", at, identity, said, message)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


def keep_said(acts: Sequence[Taken]) -> list[tuple[str, int]]:
    """Keep what was said; gives the things that it was said of, and whose they are."""
    rows = [
        (
            each.act.part, each.act.thing, each.act.verb, each.act.act, each.act.by,
            to_micros(each.act.recorded), each.identity, orjson.dumps(dict(each.act.said)).decode(),
            each.message,
        )
        for each in acts
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_SAY, rows)
    return list(dict.fromkeys((each.act.thing, each.identity) for each in acts))


def said_of(part: str, thing: str) -> list[Said]:
    """All that was said of a thing, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT verb, act, "by", at, said FROM care_said WHERE part = %s AND thing = %s'
            " ORDER BY at, id",
            [part, thing],
        )
        return [_said(row) for row in cursor.fetchall()]


def _said(row: Sequence[Any]) -> Said:
    verb, act, by, at, said = row
    return Said(verb=verb, act=act, by=by, at=from_micros(at), said=orjson.loads(said))


def take(acts: Sequence[Taken]) -> None:
    """Keep what was said of tasks, and how they stand now, in whatever order it comes."""
    teams: set[str] = set()
    for thing, identity in keep_said(acts):
        task = fold(thing, said_of(PART, thing))
        if task is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_UPSERT, [contact_id(SOURCE, thing), identity, *_values(task)])
        teams.add(task.team)
    for team in sorted(teams):
        contacts.announce(TOPIC, {"team": team})


def _values(task: Task) -> list[Any]:
    return [_kept(name, getattr(task, name)) for name in _NAMES]


def _kept(name: str, value: Any) -> Any:
    if value is None and name in _DAYS:
        return ""
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


_DAYS = ("until", "day")
_MOMENTS = frozenset({"due", "earliest", "started", "ended", "planned_at", "at"})


def _task(row: Sequence[Any]) -> Task:
    said = dict(zip(_NAMES, row, strict=True))
    for name in _MOMENTS:
        said[name] = None if said[name] is None else from_micros(said[name])
    for name in _DAYS:
        said[name] = date.fromisoformat(said[name]) if said[name] else None
    for name in ("visit", "timed"):
        said[name] = bool(said[name])
    return Task(**said)


def where(condition: str, values: Iterable[Any]) -> list[Row]:
    """The tasks `t` that meet a condition, with whose identity they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.identity, {_COLUMNS} FROM care_task t WHERE {condition}"
            " ORDER BY t.due, t.task",
            list(values),
        )
        return [(row[0], _task(row[1:])) for row in cursor.fetchall()]


def one(key: str) -> Row | None:
    """A task by its key, with whose identity it is."""
    found = where("t.task = %s", [contact_id(SOURCE, key)])
    return found[0] if found else None


def said_already(act: str) -> bool:
    """Whether a gesture of that name was taken before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM care_said WHERE act = %s LIMIT 1", [act])
        return cursor.fetchone() is not None


def erase_part(part: str) -> None:
    """Forget what was said of a part's things."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_said WHERE part = %s", [part])


def erase() -> None:
    """Forget all tasks, before a replay says them anew."""
    erase_part(PART)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_task")


def forget(identities: Sequence[int]) -> int:
    """Forget what was said of people whose record is destroyed; gives how many rows."""
    marks, gone = ", ".join(["%s"] * len(identities)), 0
    with connection.cursor() as cursor:
        for table in ("care_task", "care_said"):
            cursor.execute(f"DELETE FROM {table} WHERE identity IN ({marks})", list(identities))
            gone += cursor.rowcount
    return gone


def part() -> Part:
    """What the wiring registers."""
    return Part(take=take, erase=erase, forget=forget)
