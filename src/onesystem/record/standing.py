"""Entries of everybody that stand, for whoever works over many people at once.

What is marked as sensitive, what a person marked as confidential and what is gone is left out, so
that a figure made of the rest gives nothing of it away. A job reads it; pages never do.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import orjson
from django.db import connection

from onesystem.record.bodies import unpack

_PORTION = 5_000
_SEALED = "NOT EXISTS (SELECT 1 FROM access_seal s WHERE s.item = e.entry AND s.until IS NULL)"


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry that stands. `at` in microseconds since 1970; when it was written, where unknown."""

    entry: int
    identity: int
    source: str
    words: str
    at: int


def standing(
    kinds: Collection[str], statuses: Collection[str], *, since: int = 0, least: int = 1
) -> Iterator[Standing]:
    """Every entry of these kinds whose status says that it stands.

    `since` in microseconds; `least`: only of persons with so many different ones, by their words.
    """
    where = (
        f"e.kind IN ({_marks(kinds)}) AND e.identity > 0 AND e.label = 0 AND e.words <> ''"
        f" AND e.status IN ({_marks(statuses)}) AND coalesce(e.at, e.recorded) >= %s AND {_SEALED}"
    )
    values = [*sorted(kinds), *sorted(statuses), since]
    many = (
        "SELECT i.person FROM record_entry e JOIN people_identity i ON i.id = e.identity"
        f" WHERE {where} GROUP BY i.person HAVING count(DISTINCT e.words) >= %s"
    )
    sql = (
        "SELECT e.entry, e.identity, e.source, e.words, coalesce(e.at, e.recorded)"
        " FROM record_entry e JOIN people_identity i ON i.id = e.identity"
        f" WHERE {where} AND i.person IN ({many}) ORDER BY e.entry"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *values, least])
        while rows := cursor.fetchmany(_PORTION):
            for row in rows:
                yield Standing(*row)


def having(kinds: Collection[str], statuses: Collection[str]) -> set[int]:
    """The identities that have such an entry at all, of whatever label."""
    sql = (
        f"SELECT DISTINCT identity FROM record_entry WHERE kind IN ({_marks(kinds)})"
        f" AND identity > 0 AND status IN ({_marks(statuses)})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*sorted(kinds), *sorted(statuses)])
        return {identity for (identity,) in cursor.fetchall()}


def requesters(entries: Iterable[int]) -> dict[int, str]:
    """Who asked for each of these entries, as its resource says; empty where it does not."""
    found: dict[int, str] = {}
    wanted = sorted(set(entries))
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), 500):
            some = wanted[at : at + 500]
            cursor.execute(
                f"SELECT entry, body FROM record_entry WHERE entry IN ({_marks(some)})", some
            )
            for entry, body in cursor.fetchall():
                found[entry] = _requester(bytes(body)) if body is not None else ""
    return found


def _requester(body: bytes) -> str:
    said = orjson.loads(unpack(body))
    who = said.get("requester") or said.get("informationSource") or {}
    return str(who.get("reference") or who.get("display") or "")


def _marks(values: Collection[object]) -> str:
    return ", ".join(["%s"] * len(values))
