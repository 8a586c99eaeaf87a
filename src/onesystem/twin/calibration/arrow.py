"""A log of contacts from an Arrow table, and the tables of others as such a log.

Columns: person, service; of the times requested, started, ready and ended the one or the other
(a start or a request at least); class and cause where they are known. Names that other systems
use for the same are known too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from onesystem.twin.calibration.log import NONE, Log, made
from onesystem.vocabulary import BadConfig

_NAMES = {
    "person": ("person", "identity", "patient", "subject_id", "case", "case_id"),
    "service": ("service", "ward", "node", "resource", "curr_careunit", "curr_wardid", "activity"),
    "requested": ("requested", "asked", "arrived"),
    "started": ("started", "begun", "intime", "start"),
    "ready": ("ready",),
    "ended": ("ended", "outtime", "end", "complete"),
    "class": ("class", "kind", "priority"),
}
PEOPLE = _NAMES["person"]
_HOUR = 3_600_000_000


def log_of(table: Any, *, where: str = "contacts", zone: str = "") -> Log:
    """The log of a table. Raises BadConfig that names what is missing."""
    columns = _known(table.column_names)
    if "person" not in columns or "service" not in columns:
        missing = [name for name in ("person", "service") if name not in columns]
        msg = f"{where} has no column for {' and '.join(missing)}"
        raise BadConfig(msg, "Its columns are " + ", ".join(table.column_names) + ".")
    if "started" not in columns and "requested" not in columns:
        raise BadConfig(
            f"{where} says neither when contacts were requested nor when they started",
            "Give a column requested or started.",
        )
    table = _of_services(table, columns)
    services, service = coded(table[columns["service"]])
    classes, kind = (
        coded(table[columns["class"]]) if "class" in columns
        else (("all",), np.zeros(len(table), np.int32))
    )  # fmt: skip
    micros = {
        name: _micros(table[columns[name]], columns[name], where, zone)
        for name in ("requested", "started", "ready", "ended") if name in columns
    }  # fmt: skip
    zero = monday(micros.values())
    times = {
        name: hours(micros[name], zero) if name in micros else np.full(len(table), np.nan)
        for name in ("requested", "started", "ready", "ended")
    }
    _in_order(times, where)
    return made(
        person=coded(table[columns["person"]])[1].astype(np.int64),
        service=service, kind=kind,
        asked=times["requested"], begun=times["started"], ready=times["ready"],
        ended=times["ended"], services=services, classes=classes, zero=zero,
    )  # fmt: skip


def _of_services(table: Any, columns: dict[str, str]) -> Any:
    """Without rows that name no service and have no end: the notes of people who have gone."""
    import pyarrow.compute as pc

    if "ended" not in columns:
        return table
    nowhere = pc.and_(pc.is_null(table[columns["service"]]), pc.is_null(table[columns["ended"]]))
    return table.filter(pc.invert(nowhere))


def monday(columns: Any) -> datetime:
    """The midnight of the Monday on or before the first of all times (microseconds, NaT -2**63)."""
    least = min((int(c[c != NAT].min()) for c in columns if (c != NAT).any()), default=0)
    day = datetime(1970, 1, 1) + timedelta(days=least // (24 * _HOUR))  # noqa: DTZ001
    return day - timedelta(days=day.weekday())


NAT = np.int64(np.iinfo(np.int64).min)


def hours(micros: Any, zero: datetime) -> Any:
    """Hours from `zero`, NaN for none."""
    start = int((zero - datetime(1970, 1, 1)) / timedelta(microseconds=1))  # noqa: DTZ001
    return np.where(micros == NAT, np.nan, (micros - start) / _HOUR)


def read(path: Path) -> Any:
    """A table of a Parquet or CSV file. Raises BadConfig."""
    import pyarrow as pa

    try:
        if path.suffix == ".parquet":
            import pyarrow.parquet as pq

            return pq.read_table(path)
        from pyarrow import csv

        return csv.read_csv(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadConfig(
            f"{path.name} cannot be read: {error}", "Give a Parquet or CSV file with a header."
        ) from error


def _known(names: Sequence[str]) -> dict[str, str]:
    found = {}
    lower = {name.lower(): name for name in names}
    for ours, theirs in _NAMES.items():
        for each in theirs:
            if each in lower:
                found[ours] = lower[each]
                break
    return found


def coded(column: Any) -> tuple[tuple[str, ...], Any]:
    """The words of a column, and each row's number among them; an empty row is not stated."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = tuple("" if w is None else str(w) for w in column.dictionary.to_pylist())
    codes = pc.fill_null(column.indices, NONE).to_numpy(zero_copy_only=False).astype(np.int32)
    if (codes == NONE).any():
        words, codes = (*words, "not stated"), np.where(codes == NONE, len(words), codes)
    return words, codes.astype(np.int32)


def _micros(column: Any, name: str, where: str, zone: str) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        if pa.types.is_timestamp(column.type) and column.type.tz and zone:
            column = pc.local_timestamp(column.cast(pa.timestamp("us", zone)))
        numbers = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadConfig(
            f"column {name} of {where} is not a time", "Write times as 2026-05-04T10:30:00."
        ) from error
    return pc.fill_null(numbers, pa.scalar(int(NAT), pa.int64())).to_numpy()


def _in_order(times: dict[str, Any], where: str) -> None:
    with np.errstate(invalid="ignore"):
        wrong = int((times["ended"] < times["started"]).sum())
    if wrong > 0.01 * max(len(times["ended"]), 1):
        raise BadConfig(
            f"{wrong} contacts of {where} end before they start",
            "Look whether the columns are mistaken for each other, and at the zone of their times.",
        )
