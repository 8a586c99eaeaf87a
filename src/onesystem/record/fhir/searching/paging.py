"""One page of a search, from a place in its order: what comes in between moves nothing.

The place is the last (or first) result's own sort keys and id, so a page begins there whatever was
added or taken away before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from onesystem.access.quick import rows
from onesystem.record.fhir.searching.asked import Asked, Order
from onesystem.record.fhir.searching.definitions import known_of
from onesystem.record.fhir.searching.matching import BY_ENTRY, TABLE, slots_sql
from onesystem.record.fhir.searching.plan import Source
from onesystem.record.fhir.serving import Shown, columns, shown

_COLUMNS = {"_id": "logical", "_lastUpdated": "known_at", "_source": "source"}
_VALUE = {"date": ("low", "high"), "number": ("low", "high"), "quantity": ("low", "high"),
          "string": ("plain", "plain"), "token": ("code", "code"), "uri": ("code", "code"),
          "reference": ("target", "target")}  # fmt: skip
Key = list[Any]  # sort keys, None where missing, and the entry's row


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: after a key, or before it where `back`."""

    key: Key
    back: bool = False


def page(asked: Asked, source: Source, place: Place | None, limit: int) -> list[Key]:
    """The keys of up to `limit` results from a place on, in the order of the search."""
    if source.timed:
        sql, values = _timed(asked.sort[0], source, place)
    elif asked.sort:
        sql, values = _sorted(asked, source, place)
    else:
        sql, values = _plain([], source, place)
    found = [[*row[1:], row[0]] for row in rows(f"{sql} LIMIT {limit}", values)]
    return found[::-1] if place is not None and place.back else found


def served(source: Source, place: Place | None, most: int) -> tuple[list[Key], dict[int, Shown]]:
    """The same where finding them in their order is no work: the keys of up to one more than
    `most`, and these as they are served, by row.
    """
    sql, values = _plain([columns(f"e{source.number}")], source, place)
    found = rows(f"{sql} LIMIT {most + 1}", values)
    keys = [[row[-1]] for row in found]
    back = place is not None and place.back
    return keys[::-1] if back else keys, {row[-1]: shown(row) for row in found[:most]}


def _plain(told: Sequence[str], source: Source, place: Place | None) -> tuple[str, list[Any]]:
    """What is to be told of each and its row, in the order in which they came."""
    column = f"d{source.number}.entry"
    sql, values = f"SELECT {', '.join([*told, column])} {source.sql}", [*source.values]
    back = place is not None and place.back
    if place is not None:
        sql += f" AND {column} {'<' if back else '>'} %s"
        values.append(place.key[-1])
    return f"{sql} ORDER BY {column}{' DESC' if back else ''}", values


def in_time(sort: Sequence[Order]) -> bool:
    """Whether the order is that in which they became known, for which there is a key of its own."""
    return len(sort) == 1 and sort[0].code == "_lastUpdated"


def by_time(sort: Sequence[Order], place: Place | None) -> bool:
    """Whether a page before was found by that key: the search goes on as it began."""
    return place is not None and len(place.key) == len(sort) + 2


def _timed(order: Order, source: Source, place: Place | None) -> tuple[str, list[Any]]:
    """By when it became known, and then by the entry's hash, as the key has it."""
    at = f"d{source.number}"
    down = order.down != (place is not None and place.back)
    sql = f"SELECT {at}.entry, {at}.known_at, {at}.hash {source.sql}"
    values = [*source.values]
    if place is not None:
        sql += f" AND ({at}.known_at, {at}.hash) {'<' if down else '>'} (%s, %s)"
        values += place.key[:2]
    end = " DESC" if down else ""
    return f"{sql} ORDER BY {at}.known_at{end}, {at}.hash{end}", values


def count(source: Source, most: int | None) -> int:
    """How many results there are; no more than `most` are counted."""
    limit = "" if most is None else f" LIMIT {most}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 {source.sql}{limit}) c", source.values)
        return int(cursor.fetchone()[0])


def _sorted(asked: Asked, source: Source, place: Place | None) -> tuple[str, list[Any]]:
    keys = ", ".join(
        f"{_key(asked.kinds, order, source.number)} AS s{n}" for n, order in enumerate(asked.sort)
    )
    names = ", ".join(f"q.s{n}" for n in range(len(asked.sort)))
    inner = f"SELECT d{source.number}.entry AS entry, {keys} {source.sql}"
    sql = f"SELECT q.entry, {names} FROM ({inner}) q"
    values = [*source.values]
    back = place is not None and place.back
    if place is not None:
        said, more = _beyond(asked.sort, place)
        sql += f" WHERE {said}"
        values += more
    order = []
    for n, each in enumerate(asked.sort):
        order.append(f"(q.s{n} IS NULL){' DESC' if back else ''}")  # what is missing comes last
        order.append(f"q.s{n}{' DESC' if each.down != back else ''}")
    return f"{sql} ORDER BY {', '.join(order)}, q.entry{' DESC' if back else ''}", values


def _key(kinds: Sequence[str], order: Order, number: int) -> str:
    """The least value of an entry, or the greatest where the order goes down."""
    if order.code in _COLUMNS:
        return f"e{number}.{_COLUMNS[order.code]}"
    parameters = [known_of(kind).parameters[order.code] for kind in kinds]
    low, high = _VALUE[parameters[0].type]
    value = f"MAX(x.{high})" if order.down else f"MIN(x.{low})"
    table = TABLE[parameters[0].type]
    numbers = [slot for p in parameters for slot in p.slots]
    if table in BY_ENTRY:
        where = slots_sql("+x", numbers)
        return f"(SELECT {value} FROM {table} x WHERE x.entry = e{number}.id AND {where})"
    where = slots_sql("x", numbers)
    return (
        f"(SELECT g.v FROM (SELECT x.entry, {value} AS v FROM {table} x WHERE {where} "
        f"GROUP BY x.entry) g WHERE g.entry = e{number}.id)"
    )


def _beyond(sort: Sequence[Order], place: Place) -> tuple[str, list[Any]]:
    """Beyond a place: beyond it by one key, and level with it by all keys before."""
    ways: list[str] = []
    values: list[Any] = []
    level: list[str] = []
    at_level: list[Any] = []
    for n, (order, value) in enumerate(zip(sort, place.key[:-1], strict=True)):
        column = f"q.s{n}"
        said, more = _past(column, value, order.down != place.back, place.back)
        ways.append(" AND ".join([*level, said]))
        values += [*at_level, *more]
        level.append(f"{column} IS NULL" if value is None else f"{column} = %s")
        at_level += [] if value is None else [value]
    ways.append(" AND ".join([*level, f"q.entry {'<' if place.back else '>'} %s"]))
    values += [*at_level, place.key[-1]]
    return "(" + " OR ".join(f"({way})" for way in ways) + ")", values


def _past(column: str, value: Any, down: bool, back: bool) -> tuple[str, list[Any]]:
    if value is None:
        return (f"{column} IS NOT NULL" if back else "1 = 0"), []
    sign = "<" if down else ">"
    missing = "" if back else f" OR {column} IS NULL"
    return f"({column} {sign} %s{missing})", [value]
