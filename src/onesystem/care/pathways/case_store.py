"""What is kept of people on pathways: the events that were said, and nothing else (0303)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from onesystem.care.parts import Part
from onesystem.care.pathways.steps import Case, Event, fold
from onesystem.care.tasks.store import erase_part, keep_said
from onesystem.vocabulary.kept import from_micros, to_micros

PART = "pathways"
_SELECT = 'SELECT thing, identity, verb, act, "by", at, said FROM care_said WHERE part = %s'


@dataclass(frozen=True, slots=True)
class Kept:
    """A case: whose, of which pathway, and what happened."""

    key: str
    identity: int
    pathway: str
    events: tuple[Event, ...]
    case: Case


def cases_of(identities: Sequence[int]) -> list[Kept]:
    """The cases of a person's identities: the open ones first, then the newest."""
    marks = ", ".join(["%s"] * len(identities)) or "NULL"
    found = _kept(_rows(f" AND identity IN ({marks})", identities))
    return sorted(found, key=lambda k: (not k.case.open, -_started(k).timestamp()))


def case(key: str) -> Kept | None:
    """One case by its key."""
    return next(iter(_kept(_rows(" AND thing = %s", [key]))), None)


def counted(first: datetime, last: datetime) -> list[tuple[str, str, str, int]]:
    """What was done in a stretch of time: pathway, verb, step and how often; for measures."""
    where = " AND at >= %s AND at < %s"
    found: dict[tuple[str, str, str], int] = {}
    for _, _, verb, _, _, _, said in _rows(where, [to_micros(first), to_micros(last)]):
        told = orjson.loads(said)
        key = (str(told.get("pathway", "")), verb, str(told.get("step", "")))
        found[key] = found.get(key, 0) + 1
    return [(*key, many) for key, many in sorted(found.items())]


def steps_done(first: datetime, last: datetime) -> list[tuple[str, int, str, int]]:
    """The steps done in a stretch of time: pathway, version, step and how often."""
    found: Counter[tuple[str, int, str]] = Counter()
    for kept in _kept(_rows(" AND at < %s", [to_micros(last)])):
        version = 0
        for event in sorted(kept.events, key=lambda e: (e.at, e.act)):
            version = event.version or version
            if event.verb == "done" and event.at >= first:
                found[kept.pathway, version, event.step] += 1
    return [(*key, many) for key, many in sorted(found.items())]


def steps_of_people() -> list[tuple[datetime, int, str, int, str]]:
    """Every step done: when, by whose identity, of which pathway and version, and the step."""
    found = []
    for kept in _kept(_rows("", [])):
        version = 0
        for event in sorted(kept.events, key=lambda e: (e.at, e.act)):
            version = event.version or version
            if event.verb == "done":
                found.append((event.at, kept.identity, kept.pathway, version, event.step))
    return found


def last_said() -> str:
    """Changes when anything more is said of people on pathways."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(at) FROM care_said WHERE part = %s", [PART])
        return "{} {}".format(*cursor.fetchone())


def _rows(where: str, values: Iterable[object]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT}{where} ORDER BY at, id", [PART, *values])
        return list(cursor.fetchall())


def _kept(rows: Iterable[Any]) -> list[Kept]:
    told: dict[str, list[Event]] = {}
    whose: dict[str, tuple[int, str]] = {}
    for thing, identity, verb, act, by, at, text in rows:
        said = orjson.loads(text)
        told.setdefault(thing, []).append(
            Event(
                verb=verb,
                at=from_micros(at),
                act=act,
                by=by,
                step=str(said.get("step", "")),
                version=int(said.get("version", 0)),
                reason=str(said.get("reason", "")),
                answers=said.get("answers", {}),
            )
        )
        whose[thing] = (identity, str(said.get("pathway", "")))
    return [Kept(key, *whose[key], tuple(events), fold(events)) for key, events in told.items()]


def _started(kept: Kept) -> datetime:
    return kept.case.started or kept.events[0].at


def part() -> Part:
    """What the wiring registers. What was said of people goes with what was said of tasks."""
    return Part(take=keep_said, erase=lambda: erase_part(PART), forget=lambda _: 0)
