"""The operational store of contacts, by plain SQL that SQLite and PostgreSQL both speak.

These are the hot paths of a live message; the ORM would cost ten times as much here.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection

from onesystem.contacts.rows import COLUMNS, VERSION_COLUMNS, Row, row_of
from onesystem.vocabulary.arrays import array_of, arrays_of, from_arrays

_CHUNK = 5000  # ids in one statement
_SHARES = 512  # of all visits: the most locks that one transaction takes
_VISITS, _SOURCES = 7610, 7611  # the kinds of advisory lock

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_VERSION_NAMES = ", ".join(f'"{name}"' for name in VERSION_COLUMNS)
_TYPES = {int: "bigint", int | None: "bigint", str: "text", bool: "boolean"}
_KINDS = {f'"{name}"': _TYPES[kind] for name, kind in Row.__annotations__.items()}
_EVENT_KINDS = {
    "visit": "bigint", "digest": "bigint", "source": "text", "identity": "bigint",
    "message": "bigint", "known_at": "bigint", "body": "text",
}  # fmt: skip
_VERSION_KINDS = dict(list(_KINDS.items())[: len(VERSION_COLUMNS)])
_ONCE = "ON CONFLICT DO NOTHING"
_LATEST = "ON CONFLICT (contact) DO UPDATE SET " + ", ".join(
    f'"{name}" = excluded."{name}"' for name in COLUMNS[1:]
)


def on_postgres() -> bool:
    """Whether the store is PostgreSQL."""
    return bool(connection.vendor == "postgresql")


def lock(visits: Iterable[int]) -> None:
    """Make every other writer of these visits wait until this transaction ends.

    SQLite has one writer at a time already. In one order everywhere, so that nobody waits for
    somebody who waits for them. A lock guards a share of all visits, because PostgreSQL keeps the
    locks of everybody in one small table (`max_locks_per_transaction` times its connections).
    """
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(pg_advisory_xact_lock({_VISITS}, v)) FROM "
                "(SELECT v FROM unnest(%s::int[]) AS v ORDER BY v) AS sorted",
                [array_of(sorted({visit % _SHARES for visit in visits}))],
            )


def lock_source(source: str) -> None:
    """Make every other append of this source wait until this transaction ends."""
    if on_postgres():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock({_SOURCES}, hashtext(%s))", [source])


def select(where: str, values: Sequence[Any] = (), *, table: str = "contacts_contact") -> list[Row]:
    """Rows of the latest (or, of `contacts_version`, the earlier) versions."""
    names = _NAMES if table == "contacts_contact" else _VERSION_NAMES
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {where}", list(values))
        return [row_of(values) for values in cursor.fetchall()]


def select_in(column: str, ids: Iterable[int], *, table: str = "contacts_contact") -> Iterator[Row]:
    """Rows whose `column` is among the ids, in as many statements as it takes."""
    for values, among in chunks(ids):
        yield from select(f"{column} {among}", values, table=table)


def there(contacts: Iterable[int]) -> set[int]:
    """Those of the contacts that the operational store has."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for values, among in chunks(contacts):
            cursor.execute(f"SELECT contact FROM contacts_contact WHERE contact {among}", values)
            found.update(number for (number,) in cursor.fetchall())
    return found


def chunks(ids: Iterable[int]) -> Iterator[tuple[list[Any], str]]:
    """The ids in portions: the parameters, and the words that ask whether a number is among them.

    One parameter for all of them: a statement of its own for each number of ids would be read and
    planned each time.
    """
    every = list(ids)
    for i in range(0, len(every), _CHUNK):
        some = every[i : i + _CHUNK]
        if on_postgres():
            yield [array_of(some)], "= ANY(%s::bigint[])"
        else:
            yield [f"[{','.join(map(str, some))}]"], "IN (SELECT value FROM json_each(%s))"


def events_of(visits: Iterable[int]) -> Iterator[tuple[int, int, int, str]]:
    """(visit, digest, identity, body) of the events that are kept of these visits."""
    with connection.cursor() as cursor:
        for values, among in chunks(visits):
            cursor.execute(
                f"SELECT visit, digest, identity, body FROM contacts_event WHERE visit {among}"
                " ORDER BY id",
                values,
            )
            yield from cursor.fetchall()


def whole_events_of(visits: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """(visit, digest, source, identity, message, known_at, body) of the events of these visits."""
    with connection.cursor() as cursor:
        for values, among in chunks(visits):
            cursor.execute(
                f"SELECT {', '.join(_EVENT_KINDS)} FROM contacts_event WHERE visit {among}", values
            )
            yield from cursor.fetchall()


def now() -> int:
    """The present in microseconds."""
    return time.time_ns() // 1000


def write(
    *, rows: Sequence[Row], earlier: Sequence[Row], events: Sequence[tuple[Any, ...]]
) -> None:
    """Keep new events, the versions that are no longer the latest, and the latest."""
    old = [row[: len(VERSION_COLUMNS)] for row in earlier]
    _insert_many("contacts_event", _EVENT_KINDS, events, _ONCE)
    _insert_many("contacts_version", _VERSION_KINDS, old, _ONCE)
    _insert_many("contacts_contact", _KINDS, rows, _LATEST)


def _insert_many(
    table: str, kinds: Mapping[str, str], rows: Sequence[Sequence[Any]], then: str
) -> None:
    """Insert rows, on PostgreSQL by one statement: there each costs a plan and a round trip."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(from_arrays(table, kinds, then), arrays_of(rows))
        else:
            marks = ", ".join(["%s"] * len(kinds))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(kinds)}) VALUES ({marks}) {then}", rows
            )


def delete_in(table: str, column: str, ids: Iterable[int]) -> None:
    """Delete the rows whose column is among the ids."""
    with connection.cursor() as cursor:
        for values, among in chunks(ids):
            cursor.execute(f"DELETE FROM {table} WHERE {column} {among}", values)


def visits_of(source: str) -> set[int]:
    """Ids of a source's contacts and visits that are in the operational store."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact FROM contacts_contact WHERE source = %s"
            " UNION SELECT visit FROM contacts_event WHERE source = %s",
            [source, source],
        )
        return {number for (number,) in cursor.fetchall()}


def insert(rows: Sequence[Row]) -> None:
    """Insert contacts that are not there yet, in bulk."""
    if not rows:
        return
    with connection.cursor() as cursor:
        if on_postgres():
            with cursor.copy(f"COPY contacts_contact ({_NAMES}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO contacts_contact ({_NAMES}) VALUES ({marks})", rows)


def cursor() -> Any:
    """A cursor of this process's store, to be used in a `with`."""
    return connection.cursor()


def logged() -> Any:
    """Contacts of the operational store of which the log has an earlier version: a sorted array."""
    import numpy as np

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM contacts_contact WHERE logged > 0 ORDER BY contact")
        return np.fromiter((number for (number,) in cursor.fetchall()), np.int64)
