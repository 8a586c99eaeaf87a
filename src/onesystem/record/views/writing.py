"""Rows of a view as CSV, JSON, lines of JSON or Parquet, a portion at a time."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

import orjson

from onesystem.record.views.definition import Column, Row
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary.spreadsheets import harmless

FORMS = ("csv", "json", "ndjson", "parquet")
_PORTION = 10_000
_WHOLES = {"integer", "positiveInt", "unsignedInt", "integer64"}


def write(form: str, columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> None:
    """Write rows in one of FORMS. Raises BadView where a value is not of its column's type."""
    {"csv": _csv, "json": _json, "ndjson": _lines, "parquet": _parquet}[form](columns, rows, out)


def _csv(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> None:
    """UTF-8; a list or an object is JSON; text that a spreadsheet would run begins with '."""
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.name for column in columns])
        writer.writerows([_cell(value) for value in row] for row in rows)
    finally:
        text.detach()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list | dict):
        return _dumped(value).decode()
    return value


def _json(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> None:
    before = b"[\n"
    for each in _objects(columns, rows):
        out.write(before + each)
        before = b",\n"
    out.write(b"\n]\n" if before == b",\n" else b"[]\n")


def _lines(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> None:
    out.writelines(each + b"\n" for each in _objects(columns, rows))


def _objects(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    names = [column.name for column in columns]
    for row in rows:
        yield _dumped(dict(zip(names, row, strict=True)))


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value, default=_number)


def _number(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _parquet(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> None:
    """Booleans, whole numbers and decimals (as doubles) by the column's type; all else as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = [_arrow(pa, column) for column in columns]
    schema = pa.schema([(c.name, t) for c, t in zip(columns, types, strict=True)])
    rest = iter(rows)
    with pq.ParquetWriter(out, schema, compression="zstd") as file:
        while portion := list(islice(rest, _PORTION)):
            arrays = [
                _array(pa, column, kind, [row[i] for row in portion])
                for i, (column, kind) in enumerate(zip(columns, types, strict=True))
            ]
            file.write_batch(pa.record_batch(arrays, schema=schema))


def _arrow(pa: Any, column: Column) -> Any:
    if column.type == "boolean":
        kind = pa.bool_()
    elif column.type in _WHOLES:
        kind = pa.int64()
    else:
        kind = pa.float64() if column.type == "decimal" else pa.string()
    return pa.list_(kind) if column.collection else kind


def _array(pa: Any, column: Column, kind: Any, values: list[Any]) -> Any:
    plain = kind.value_type if column.collection else kind
    made = _as_text if plain == pa.string() else _as_number
    try:
        if column.collection:
            return pa.array([v and [made(x) for x in v] for v in values], type=kind)
        return pa.array([made(v) for v in values], type=kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise BadView(f"the column {column.name!r} has values that are no {column.type}",
                      "Change its type, or leave the type out.", "select") from error  # fmt: skip


def _as_text(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, Decimal) else _dumped(value).decode()


def _as_number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
