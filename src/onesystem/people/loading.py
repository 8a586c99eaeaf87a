"""Columns into tables and out of them, without an object of Python's for more than it must be.

Writing: columns that are the same for every row stand in the statement; SQLite takes sixty rows a
statement, since each statement costs as much as several rows; PostgreSQL takes CSV by COPY.
Reading: the database joins each column of a span of ids into one text, and Arrow takes it apart.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django.db import connection

from onesystem.people import store

_ROWS = 60  # a statement
_AT_ONCE = 30_000  # rows that are objects of Python at one time
_SPAN = 50_000  # ids
_BETWEEN = "\x1f"


def load(table: str, columns: Mapping[str, Any]) -> None:
    """Insert rows. A column is an Arrow array, or a text or number that all rows share."""
    arrays = {name: each for name, each in columns.items() if hasattr(each, "to_pylist")}
    shared = {name: each for name, each in columns.items() if name not in arrays}
    for name, each in arrays.items():
        if _all_empty(each):
            shared[name] = ""
    arrays = {name: each for name, each in arrays.items() if name not in shared}
    if connection.vendor == "postgresql":
        _copy(table, arrays, shared)
    else:
        _insert(table, arrays, shared)


def _all_empty(array: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.types.is_string(array.type) and pc.max(pc.binary_length(array)).as_py() == 0


def _insert(table: str, arrays: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
    names = (*arrays, *shared)
    fixed = "".join(f",{_literal(value)}" for value in shared.values())
    one = f"({','.join('?' * len(arrays))}{fixed})"
    into = f"INSERT INTO {table} ({', '.join(names)}) VALUES "
    size, width = len(next(iter(arrays.values()))), len(arrays)
    with connection.cursor() as cursor:
        # Straight to the driver: Django would read the statement anew for every batch.
        execute = sqlite3.Cursor.executemany
        for first in range(0, size, _AT_ONCE):
            count = min(_AT_ONCE, size - first)
            flat: list[Any] = [None] * (count * width)
            for i, array in enumerate(arrays.values()):
                flat[i::width] = array.slice(first, count).to_pylist()
            whole = count - count % _ROWS
            step = _ROWS * width
            many = (flat[at : at + step] for at in range(0, whole * width, step))
            execute(cursor.cursor, into + ",".join([one] * _ROWS), many)
            if count > whole:
                rest = into + ",".join([one] * (count - whole))
                execute(cursor.cursor, rest, (flat[whole * width :],))


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _copy(table: str, arrays: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
    import pyarrow as pa
    from pyarrow import csv

    size = len(next(iter(arrays.values())))
    columns = dict(arrays)
    for name, value in shared.items():
        columns[name] = pa.repeat(pa.scalar(value), size)
    # Every value is quoted, so that an empty text is not read as NULL.
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    rows, names = pa.table(columns), ", ".join(columns)
    sql = f"COPY {table} ({names}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for first in range(0, size, _AT_ONCE):
            out = BytesIO()
            csv.write_csv(rows.slice(first, _AT_ONCE), out, options)
            copy.write(out.getvalue())


def spans(
    columns: Sequence[str], *, texts: Sequence[str] = (), source: str, after: int = 0
) -> list[Any]:
    """Columns of a source's identities with ids beyond `after`, as Arrow tables, unordered.

    Whole numbers, but for the columns named in `texts`.
    """
    last = store.rows("SELECT max(id) FROM people_identity")[0][0] or 0
    found = (
        _span(columns, texts, source, first, first + _SPAN - 1)
        for first in range(after + 1, last + 1, _SPAN)
    )
    return [table for table in found if table is not None]


def _span(
    columns: Sequence[str], texts: Sequence[str], source: str, first: int, last: int
) -> Any | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    postgres = connection.vendor == "postgresql"
    join = "string_agg({}::text, chr(31))" if postgres else "group_concat({}, char(31))"
    joined = ", ".join(join.format(column) for column in columns)
    # By the rows' own order: the index of a source's subjects would be gone through for each span.
    scan = "people_identity" if postgres else "people_identity NOT INDEXED"
    where = "source = %s AND id BETWEEN %s AND %s"
    given = [source, first, last]
    (count, *whole) = store.rows(f"SELECT count(*), {joined} FROM {scan} WHERE {where}", given)[0]
    if not count:
        return None
    split = [pc.split_pattern(pa.array([c], pa.large_string()), _BETWEEN)[0].values for c in whole]
    if any(len(each) != count for each in split):  # a key of the source's holds the sign itself
        rows = store.rows(f"SELECT {', '.join(columns)} FROM people_identity WHERE {where}", given)
        split = [pa.array([str(v) for v in column]) for column in zip(*rows, strict=True)]
    kinds = [pa.string() if name in texts else pa.int64() for name in columns]
    arrays = [each.cast(kind) for each, kind in zip(split, kinds, strict=True)]
    return pa.table(arrays, names=list(columns))
