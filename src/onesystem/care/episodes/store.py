"""Keeping episodes, in the transaction of their message, in whatever order acts come."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from onesystem import contacts
from onesystem.care.episodes.episode import VERBS, Did, Episode, fold
from onesystem.care.episodes.money import working
from onesystem.care.episodes.numbers import key_of, number_of
from onesystem.care.parts import Taken
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

PART = "episodes"
_ACT = ("episode", "identity", "verb", "act", "digest", "by", "at", "said", "message")
_ROW = (
    "episode", "identity", "package", "title", "purpose", "service", "services", "state", "at",
    "planned", "started", "until", "review", "ended", "outcome", "cap", "allowed", "total",
    "escalations", "stay", "steps",
)  # fmt: skip
_SOME = 500


def take(items: Sequence[Taken]) -> None:
    """Keep acts, and work out anew how their episodes stand."""
    rows = [_row(each) for each in items if each.act.verb in VERBS and number_of(each.act.thing)]
    if not rows:
        return
    names, marks = _quoted(_ACT), ", ".join(["%s"] * len(_ACT))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO care_episode_act ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows
        )
    touched = sorted({row[0] for row in rows})
    services = {service for number in touched for service in _stand(number)}
    for service in sorted(services):
        contacts.announce("contacts", {"service": service, "changed": 1})


def acts_of(number: int) -> list[Did]:
    """All that was said of an episode."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT verb, act, "by", at, said FROM care_episode_act WHERE episode = %s'
            " ORDER BY at, id",
            [number],
        )
        return [
            Did(verb=verb, act=act, by=by, at=from_micros(at), said=json.loads(said))
            for verb, act, by, at, said in cursor.fetchall()
        ]


def episode_of(number: int) -> Episode | None:
    """An episode as it stands."""
    return fold(key_of(number), acts_of(number))


def orders_of(numbers: Collection[int]) -> dict[int, list[int]]:
    """The requests of the lines that stand, by episode."""
    found: dict[int, dict[int, int]] = {number: {} for number in numbers}
    wanted = sorted(found)
    for start in range(0, len(wanted), _SOME):
        some = wanted[start : start + _SOME]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT episode, verb, said FROM care_episode_act WHERE verb IN"
                f" ('ordered', 'stopped') AND episode IN ({_marks(some)}) ORDER BY at, id",
                some,
            )
            for number, verb, text in cursor.fetchall():
                said = json.loads(text)
                if verb == "ordered":
                    found[number][said["line"]] = said["request"]
                else:
                    found[number].pop(said["line"], None)
    return {number: list(lines.values()) for number, lines in found.items() if lines}


def hold(number: int) -> bool:
    """Keep others from acting on an episode until this transaction is over; False: none such.

    SQLite has one writer at a time, so there it is held already.
    """
    with connection.cursor() as cursor:
        lock = say(" FOR UPDATE") if connection.vendor == "postgresql" else ""
        cursor.execute(f"SELECT 1 FROM care_episode WHERE episode = %s{lock}", [number])
        return cursor.fetchone() is not None


def hold_person(identities: Collection[int]) -> None:
    """Keep others from starting an episode for the same person until this transaction is over."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM people_identity WHERE id IN ({_marks(identities)}) ORDER BY id"
                " FOR UPDATE",
                sorted(identities),
            )


def rows(where: str, values: Sequence[Any], order: str = "started") -> list[dict[str, Any]]:
    """Episodes as they stand, by a condition on their columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_quoted(_ROW)} FROM care_episode WHERE {where} ORDER BY {order}", list(values)
        )
        return [dict(zip(_ROW, row, strict=True)) for row in cursor.fetchall()]


def erase() -> None:
    """Forget all, before a replay says it anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM care_episode_act")
        cursor.execute("DELETE FROM care_episode")


def forget(identities: Sequence[int]) -> int:
    """Forget the episodes of people whose record is destroyed; gives how many rows."""
    many = 0
    for start in range(0, len(identities), _SOME):
        some = list(identities[start : start + _SOME])
        with connection.cursor() as cursor:
            for table in ("care_episode_act", "care_episode"):
                cursor.execute(f"DELETE FROM {table} WHERE identity IN ({_marks(some)})", some)
                many += int(cursor.rowcount)
    return many


def _row(told: Taken) -> tuple[Any, ...]:
    act = told.act
    said = json.dumps(dict(act.said), sort_keys=True)
    digest = hashlib.blake2b(f"{act.verb}\x1f{said}".encode(), digest_size=12).hexdigest()
    return (
        number_of(act.thing), told.identity, act.verb, act.act, digest, act.by,
        to_micros(act.recorded), said, told.message,
    )  # fmt: skip


def _stand(number: int) -> Iterable[str]:
    """Keep an episode as it stands now; gives the services that have a part in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT identity FROM care_episode_act WHERE episode = %s ORDER BY at, id LIMIT 1",
            [number],
        )
        (identity,) = cursor.fetchone()
    found = episode_of(number)
    if found is None:
        return ()
    services = sorted({found.service, *(line.service for line in found.live)} - {""})
    values = (
        number, identity, found.package, found.title, found.purpose, found.service,
        f"|{'|'.join(services)}|", found.state, to_micros(found.at), _micros(found.planned),
        _micros(found.started), _micros(found.until), _micros(found.next_review),
        _micros(found.ended), found.outcome, found.cap, found.allowed, working(found).total,
        len(found.open_escalations), found.stay, found.steps,
    )  # fmt: skip
    kept = ", ".join(f'"{name}" = excluded."{name}"' for name in _ROW[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO care_episode ({_quoted(_ROW)}) VALUES ({_marks(_ROW)})"
            f" ON CONFLICT (episode) DO UPDATE SET {kept}",
            values,
        )
    return services


def _micros(moment: datetime | None) -> int | None:
    return None if moment is None else to_micros(moment)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _marks(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values))
