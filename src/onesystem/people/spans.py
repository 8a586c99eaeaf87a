"""Whole tables read in columns, without an object of Python's for each value.

The database joins the rows of a span of keys into one text, and Arrow takes it apart: a value then
costs a tenth of what it costs as an object of Python.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from onesystem.people import store

_SPAN = 20_000
_BETWEEN = "\x1f"
_TEXT = "string"


def read(
    table: str,
    columns: Mapping[str, str],
    *,
    key: str,
    kinds: Mapping[str, str],
    where: str = "1 = 1",
    values: Sequence[Any] = (),
    after: int = 0,
) -> Any:
    """An Arrow table of `columns` (name to SQL column), in order of `key`, a whole number.

    Only rows whose key is beyond `after`. `kinds` names the Arrow types of columns that are not
    text: int64 or float64. A column must hold no NULL.
    """
    import pyarrow as pa

    schema = pa.schema([(n, getattr(pa, kinds.get(n, _TEXT))()) for n in columns])
    last = store.rows(f"SELECT max({key}) FROM {table}")[0][0] or 0
    # By the rows' own order: another index would be gone through for each span.
    scan = f"{table} NOT INDEXED" if key == "id" and not store.on_postgres() else table
    found = f"FROM {scan} WHERE {key} BETWEEN %s AND %s AND {where}"
    joined, form = _joined([(columns[n], kinds.get(n, _TEXT)) for n in columns], key)
    parts = [schema.empty_table()]
    for first in range(after + 1, last + 1, _SPAN):
        among = [first, first + _SPAN - 1, *values]
        count, text = store.rows(f"SELECT count(*), {joined} {found}", [*form, *among])[0]
        if count:
            arrays = _apart(text, count, len(columns))
            if arrays is None:  # a source's own key holds the sign itself
                rows = store.rows(f"SELECT {', '.join(columns.values())} {found}", among)
                arrays = [pa.array(map(str, each)) for each in zip(*rows, strict=True)]
            parts.append(pa.table(arrays, names=list(columns)).cast(schema))
    return pa.concat_tables(parts)


def _joined(columns: Sequence[tuple[str, str]], key: str) -> tuple[str, list[str]]:
    """SQL for the rows as one text, and its parameters."""
    if connection.vendor == "postgresql":
        texts = ", ".join(f"{column}::text" for column, _ in columns)
        return f"string_agg(concat_ws(chr(31), {texts}), chr(31) ORDER BY {key})", []
    # Seventeen digits tell one float from any other.
    form = _BETWEEN.join("%!.17g" if kind == "float64" else "%s" for _, kind in columns)
    return f"group_concat(printf(%s, {', '.join(c for c, _ in columns)}), char(31))", [form]


def _apart(text: str, count: int, width: int) -> list[Any] | None:
    """The columns of a joined text; None where its signs are not as many as they should be."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    flat = pc.split_pattern(pa.array([text]), _BETWEEN)[0].values
    if len(flat) != count * width:
        return None
    return [flat.take(pa.array(np.arange(i, len(flat), width))) for i in range(width)]
