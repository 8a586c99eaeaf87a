"""Columns into tables, without an object of Python's for more than it must be.

Columns that are the same for every row stand in the statement; SQLite takes sixty rows a
statement, since each statement costs as much as several rows; PostgreSQL takes CSV by COPY.
"""

import sqlite3
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.db import connection

_ROWS = 60  # a statement
_AT_ONCE = 3_000  # rows that are objects of Python at one time: few enough for a cache


def load(table: str, columns: Mapping[str, Any]) -> None:
    """Insert rows. A column is an Arrow array, or a text or number that all rows share.

    At least one column is an array; none holds a null.
    """
    arrays = {name: _flat(each) for name, each in columns.items() if hasattr(each, "to_pylist")}
    shared = {name: each for name, each in columns.items() if name not in arrays}
    size = len(next(iter(arrays.values())))
    if not size:
        return
    for name, each in list(arrays.items())[1:]:
        if size > _ROWS and _all_same(each):
            shared[name] = arrays.pop(name)[0].as_py()
    if connection.vendor == "postgresql":
        _copy(table, arrays, shared, size)
    else:
        _insert(table, arrays, shared, size)


def _flat(column: Any) -> Any:
    return column.combine_chunks() if hasattr(column, "chunks") else column


def _all_same(array: Any) -> bool:
    import pyarrow.compute as pc

    first = array[0].as_py()
    plain = first.isprintable() if isinstance(first, str) else isinstance(first, int)
    if not plain or array[-1].as_py() != first:
        return False
    return pc.all(pc.equal(array, array[0])).as_py()  # type: ignore[no-any-return]


def _insert(table: str, arrays: Mapping[str, Any], shared: Mapping[str, Any], size: int) -> None:
    names, width = (*arrays, *shared), len(arrays)
    fixed = "".join(f",{_literal(value)}" for value in shared.values())
    one = f"({','.join('?' * width)}{fixed})"
    into = f"INSERT INTO {table} ({', '.join(names)}) VALUES "
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


def _copy(table: str, arrays: Mapping[str, Any], shared: Mapping[str, Any], size: int) -> None:
    import pyarrow as pa
    from pyarrow import csv

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
