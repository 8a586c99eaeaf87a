"""Steps from an event log that somebody else made: a CSV or Parquet file, a row an event.

The columns are named by whoever asks; the usual names are known. Times without an offset are read
as UTC: only their differences matter here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onesystem.flow.journeys.steps import NOT_KNOWN, Steps
from onesystem.vocabulary import BadConfig, BadInput, nearest
from onesystem.vocabulary.said import say

USUAL = {
    "case": ("case", "case_id", "case:concept:name", "journey", "patient", "identity", "person"),
    "step": ("step", "activity", "concept:name", "service", "event"),
    "start": ("start", "started", "timestamp", "time:timestamp", "time", "complete"),
    "end": ("end", "ended", "time_end"),
    "cost": ("cost", "cost_minor", "pence", "cents"),
}


def steps_of(path: Path, **columns: str) -> Steps:
    """The steps of a file; `columns` names case, step, start, end and cost where they are not
    usual. A cost is in whole minor units of money.

    Raises BadConfig where a column is missing, BadInput where a time or a case cannot be read.
    """
    with _readable(path):
        known = _known(path)
    chosen = {kind: _column(kind, columns.get(kind) or "", known) for kind in USUAL}
    with _readable(path):
        table = _read(path, [name for name in known if name in chosen.values()])
    case, _ = _codes(table[chosen["case"]], "case")
    step, names = _codes(table[chosen["step"]], "step", named=True)
    return Steps.of(
        journey=case,
        kind=step,
        names=names,
        start=_micros(table[chosen["start"]], chosen["start"], needed=True),
        end=_micros(table[chosen["end"]], chosen["end"], needed=False) if chosen["end"] else None,
        cost=_money(table[chosen["cost"]], chosen["cost"]) if chosen["cost"] else None,
    )


def _money(column: Any, name: str) -> Any:
    """A column of whole minor units; what is empty costs nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks()
    if pa.types.is_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
    try:
        return column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        texts = ["" if value is None else str(value) for value in column.to_pylist()]
    row = next(i for i, t in enumerate(texts, 1) if t and not t.removeprefix("-").isdecimal())
    raise BadInput(
        say("{name} is {texts}", name=name, texts=repr(texts[row - 1])),
        rule="journey-log",
        cure="Write whole pence or cents: 12.50 is 1250.",
        where=say("row {row}", row=row),
    )


def _codes(column: Any, what: str, *, named: bool = False) -> tuple[Any, list[str]]:
    """A column as whole numbers, and what each stands for where it is `named`."""
    import pyarrow as pa

    if column.null_count:
        row = column.is_null().to_pylist().index(True) + 1
        raise BadInput(
            say("the {what} is empty", what=what),
            rule="journey-log",
            cure="Fill it or take the row out.",
            where=say("row {row}", row=row),
        )
    if pa.types.is_integer(column.type) and not named:
        return _plain(column.combine_chunks()), []
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    whole = whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
    return _plain(whole.indices), whole.dictionary.cast(pa.string()).to_pylist()


def _plain(numbers: Any) -> Any:
    """Arrow's numbers, none missing, as numpy's: as they lie, and without loading pandas."""
    import numpy as np

    return np.from_dlpack(numbers)


def _known(path: Path) -> list[str]:
    """The names of a file's columns."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return pq.read_schema(path).names  # type: ignore[no-any-return]
    from pyarrow import csv

    return csv.open_csv(path).schema.names  # type: ignore[no-any-return]


def _read(path: Path, columns: list[str]) -> Any:
    """These columns of a file."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:  # `read_table` is made for many files, and slower
            return file.read(columns=columns)
    import pyarrow as pa
    from pyarrow import csv

    # An id is text: a case called NA is a case, and 007 is not 7.
    return csv.read_csv(
        path,
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            include_columns=columns,
            strings_can_be_null=False,
        ),
    )


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raises BadConfig where a file is neither CSV nor Parquet."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise BadConfig(
            say("{name} cannot be read: {error}", name=path.name, error=error),
            "Give CSV or Parquet.",
        ) from error


def _column(kind: str, named: str, known: list[str]) -> str:
    if named:
        if named not in known:
            raise BadConfig(
                say("there is no column {named}", named=repr(named)), nearest(named, known)
            )
        return named
    lower = {name.lower(): name for name in known}
    found = next((lower[usual] for usual in USUAL[kind] if usual in lower), "")
    if not found and kind not in {"end", "cost"}:
        raise BadConfig(
            say(
                "which column is the {kind}? there are {known}",
                kind=kind,
                known=", ".join(known[:12]),
            ),
            say("Name it: --{kind} COLUMN", kind=kind),
        )
    return found


def _micros(column: Any, name: str, *, needed: bool) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(column, ""), None, column)
        column = _parsed(column, name)
    elif pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("us"))
    if not pa.types.is_timestamp(column.type):
        raise BadConfig(say("{name} holds no times", name=name), "Name another column.")
    if needed and column.null_count:
        row = column.is_null().to_pylist().index(True) + 1
        raise BadInput(
            say("{name} is empty", name=name),
            rule="journey-log",
            cure="Fill it or take the row out.",
            where=say("row {row}", row=row),
        )
    whole = column.cast(pa.timestamp("us", column.type.tz), safe=False).cast(pa.int64())
    return _plain(whole.fill_null(NOT_KNOWN) if whole.null_count else whole)


def _parsed(column: Any, name: str) -> Any:
    import pyarrow as pa

    for kind in (pa.timestamp("us"), pa.timestamp("us", "UTC")):
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    for row, text in enumerate(column.to_pylist(), 1):
        try:
            pa.array([text]).cast(pa.timestamp("us", "UTC" if _has_offset(text) else None))
        except pa.ArrowInvalid:
            raise BadInput(
                say("{name} is {text}", name=name, text=repr(text)),
                rule="journey-log",
                cure="Write 2026-03-31T14:05.",
                where=say("row {row}", row=row),
            ) from None
    raise BadInput(
        say("{name} has times with and without an offset", name=name),
        rule="journey-log",
        cure="Write all alike.",
    )


def _has_offset(text: str | None) -> bool:
    return bool(text) and (
        str(text).endswith("Z") or "+" in str(text)[10:] or "-" in str(text)[10:]
    )
