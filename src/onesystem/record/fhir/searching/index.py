"""Keeping the index: rows go in with their entry and go out before it changes, in one transaction.

An entry is known here by its row in the store, so what came together lies together. `unindex` finds
an entry's rows by reading once more what was indexed, so it is called while the entry still stands
as it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection, transaction

from onesystem.record.fhir.searching.definitions import kinds
from onesystem.record.fhir.searching.emitters import Rows
from onesystem.record.fhir.searching.extract import extract
from onesystem.record.fhir.searching.tables import TABLES, type_of
from onesystem.record.fhir.serving import Shown, columns, shown
from onesystem.vocabulary.arrays import copied

Item = tuple[int, str, int, Mapping[str, Any]]  # row, kind, identity, resource by our names
_PART = 500
_LISTS = {"record_token": "tokens", "record_string": "strings", "record_date": "dates",
          "record_quantity": "quantities", "record_reference": "references"}  # fmt: skip


def index(items: Iterable[Item], *, fresh: bool = False) -> int:
    """Put resources into the index, with the references as they are served; counts the rows.

    `fresh`: the entries are new, so that no row of theirs can be there.
    """
    rows, known = Rows(), kinds()
    for row, kind, _identity, resource in items:
        if kind in known:
            extract(kind, row, resource, rows)
    return sum(_insert(table, _sorted(rows, table), fresh=fresh) for table in TABLES)


def unindex(entries: Sequence[int]) -> None:
    """Take entries out of the index. Called while they stand as they were indexed."""
    rows, known = Rows(), kinds()
    with connection.cursor() as cursor:
        for at in range(0, len(entries), _PART):
            part = entries[at : at + _PART]
            cursor.execute(
                f"SELECT {columns()}, id FROM record_entry "
                f"WHERE entry IN ({', '.join(str(int(e)) for e in part)})"
            )
            for row in cursor.fetchall():
                was = shown(row)
                if was.body and was.kind in known:
                    extract(was.kind, row[-1], orjson.loads(was.body), rows)
        for table in TABLES:
            _delete(cursor, table, _sorted(rows, table))


def erase() -> None:
    """Empty the index, for a replay of everything."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")


@transaction.atomic
def rebuild(tell: Callable[[int], None] = lambda _: None) -> int:
    """Make the whole index anew from the entries as they stand; counts the entries.

    In one transaction: searches go on in the index that was, and what comes in waits. `tell` hears
    how many entries are done.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE record_entry IN SHARE MODE")
    erase()
    last, count = 0, 0
    while found := _standing(last):
        last = found[-1][0]
        index((n, s.kind, s.identity, orjson.loads(s.body)) for n, s in found if not s.gone)
        count += len(found)
        tell(count)
    return count


def _standing(after: int) -> list[tuple[int, Shown]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns()}, id FROM record_entry WHERE id > %s ORDER BY id LIMIT 1000",
            [after],
        )
        return [(row[-1], shown(row)) for row in cursor.fetchall()]


def _sorted(rows: Rows, table: str) -> list[tuple[Any, ...]]:
    """Each row once, in the order of the key: neighbours go into one page."""
    return sorted(set(getattr(rows, _LISTS[table])))


def _insert(table: str, rows: list[tuple[Any, ...]], *, fresh: bool) -> int:
    if not rows:
        return 0
    columns = TABLES[table][0]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and fresh:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write(copied(rows))
        elif connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT * FROM {_arrays(table, columns)} "
                "ON CONFLICT DO NOTHING",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)
    return len(rows)


def _delete(cursor: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    columns = TABLES[table][0]
    if connection.vendor == "postgresql":
        same = " AND ".join(f"{table}.{c} = gone.{c}" for c in columns)
        cursor.execute(
            f"DELETE FROM {table} USING {_arrays(table, columns)} AS gone({', '.join(columns)}) "
            f"WHERE {same}",
            [list(column) for column in zip(*rows, strict=True)],
        )
        return
    same = " AND ".join(f"{c} = %s" for c in columns)
    cursor.executemany(f"DELETE FROM {table} WHERE {same}", rows)


def _arrays(table: str, columns: tuple[str, ...]) -> str:
    """All columns as arrays: one statement, however many rows."""
    casts = (type_of(table, c, "postgresql").split(" COLLATE")[0] for c in columns)
    return "unnest(" + ", ".join(f"%s::{cast}[]" for cast in casts) + ")"
