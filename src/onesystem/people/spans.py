"""Whole tables at once: read in columns, and written many lines at a time.

To read, the database joins each column of a span of ids into one text, and Arrow takes it apart: a
value then costs a tenth of what it costs as an object of Python.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection, connections

from onesystem.people import store

_SPAN = 20_000
_BETWEEN = "\x1f"  # stands in no folded text, number or date


def read(table: str, columns: Mapping[str, str], *, key: str, where: str, order: str = "") -> Any:
    """An Arrow table of `columns` (name to SQL column), in order of `key`, an integer.

    Where a key stands in several rows, `order` has to say which comes first: PostgreSQL sorts
    for each column anew.

    The key's column is of int64, all others are text; a column must hold no NULL, and no text
    that is not folded.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = (
        f"string_agg({{0}}::text, chr(31) ORDER BY {order or key})"
        if connection.vendor == "postgresql"
        else "group_concat({0}, char(31))"
    )
    joined = ", ".join(text.format(column) for column in columns.values())
    sql = f"SELECT {joined} FROM {table} WHERE {key} BETWEEN %s AND %s AND {where}"
    last = store.rows(f"SELECT max({key}) FROM {table}")[0][0] or 0
    schema = pa.schema(
        [(n, pa.int64() if column == key else pa.string()) for n, column in columns.items()]
    )
    parts = [schema.empty_table()]
    for first in range(1, last + 1, _SPAN):
        found = store.rows(sql, [first, first + _SPAN - 1])[0]
        if found[0] is not None:
            split = [pc.split_pattern(pa.array([c]), _BETWEEN).flatten() for c in map(str, found)]
            parts.append(pa.table(split, names=list(columns)).cast(schema))
    return pa.concat_tables(parts)


_PARAMETERS = 700  # of one statement; SQLite takes 32,766, and gains nothing from more than this


def load(table: str, columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """Insert many lines into columns of a table: COPY on PostgreSQL, many at once on SQLite."""
    names, db = ", ".join(columns), connections["default"]
    if db.vendor == "postgresql":
        with db.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(line)
        return
    row, every = f"({', '.join('?' * len(columns))})", iter(lines)
    db.ensure_connection()
    with db.wrap_database_errors:
        while some := list(islice(every, _PARAMETERS // len(columns))):
            values = ",".join([row] * len(some))
            sql = f"INSERT INTO {table} ({names}) VALUES {values}"
            db.connection.execute(sql, list(chain.from_iterable(some)))
