"""Rows as PostgreSQL arrays: one parameter a column, however many rows.

A statement for each row costs its server a plan and a round trip; one statement over arrays costs
one of each for all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_UNCOPIED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def array_of(values: Sequence[Any]) -> str:
    """The values as PostgreSQL reads an array: None is NULL, texts are quoted."""
    if isinstance(next((each for each in values if each is not None), 0), str):
        return _texts(values)
    return "{" + ",".join(["NULL" if each is None else str(each) for each in values]) + "}"


def arrays_of(rows: Iterable[Sequence[Any]]) -> list[str]:
    """The columns of rows, each as one array."""
    return [array_of(column) for column in zip(*rows, strict=True)]


def from_arrays(table: str, columns: Mapping[str, str], then: str = "") -> str:
    """An INSERT of rows that come as arrays: columns with their types, and what follows it."""
    names = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({names}) SELECT * FROM {unnested(columns.values())} AS told {then}"
    )


def copied(rows: Sequence[Sequence[Any]]) -> str:
    """Rows of numbers and texts, none of them NULL, as COPY reads them."""
    width = len(rows[0])
    line = "\t".join(["%s"] * width)
    text = "\n".join([line % tuple(row) for row in rows])
    whole = text.count("\t") == (width - 1) * len(rows) and text.count("\n") == len(rows) - 1
    if whole and "\\" not in text and "\r" not in text:
        return text
    return "\n".join("\t".join([_written(each) for each in row]) for row in rows)


def _written(value: Any) -> str:
    return value.translate(_UNCOPIED) if isinstance(value, str) else str(value)


def unnested(types: Iterable[str]) -> str:
    """Arrays of these types side by side, as a table expression."""
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"


def _texts(values: Sequence[Any]) -> str:
    if None in values:
        quoted = ["NULL" if v is None else f'"{v.translate(_ESCAPED)}"' for v in values]
        return "{" + ",".join(quoted) + "}"
    plain = "".join(values)
    if '"' in plain or "\\" in plain:
        values = [each.translate(_ESCAPED) for each in values]
    return '{"' + '","'.join(values) + '"}'
