"""The one difference between the two copies: how a person-sorted file tells its times.

Contacts of one person lie days apart, so a time told in milliseconds costs four bytes where most
sources write whole minutes; and an end, a request and a readiness alone cost as much as a start.
So these files hold `started` as a count of the file's own unit since 1970, and the others by their
distance from it (from 1970 where it is not known), in the same unit:

    waited  = started - requested
    readied = ready - started
    lasted  = ended - started

The unit is the longest of a minute, a second and a millisecond of which all times of the file are
whole multiples. It stands in the manifest and in the file's own metadata, in milliseconds, under
`unit`. The files by month, which are for everybody, hold plain times.
"""

from collections.abc import Iterable
from typing import Any

COLUMNS = ("started", "waited", "readied", "lasted")
# How a column of these files is made: its own name, and what it is counted from and to.
_TOLD = {"requested": "waited", "ready": "readied", "ended": "lasted"}
_UNITS = (60_000, 1000, 1)
_PLACES = ("requested", "started", "ready", "ended")
# Files from before there were units: plain times but for the end, told in milliseconds from the
# first known of these.
_SINCE = ("started", "requested", "ready")
OLD = 0


def lasting(table: Any) -> tuple[Any, int]:
    """Rows of the log as a person-sorted file has them, and its unit."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counts = {name: table[name].cast(pa.int64()) for name in _PLACES}
    unit = _unit_of(counts.values())
    if unit > 1:
        counts = {name: pc.divide(each, unit) for name, each in counts.items()}
    since = pc.coalesce(counts["started"], pa.scalar(0, pa.int64()))
    for name, told in _TOLD.items():
        ends = (since, counts[name]) if name == "requested" else (counts[name], since)
        table = table.set_column(table.column_names.index(name), told, pc.subtract(*ends))
    table = table.set_column(table.column_names.index("started"), "started", counts["started"])
    return table, unit


def ending(table: Any, unit: int) -> Any:
    """Rows of a person-sorted file of that unit in the log's own columns, as far as it has them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if unit == OLD:
        return _old_ending(table)
    moment = pa.timestamp("ms", tz="UTC")

    def plain(counts: Any) -> Any:
        return pc.multiply(counts, unit).cast(moment)

    since = pc.coalesce(table["started"], pa.scalar(0, pa.int64()))
    for name, told in _TOLD.items():
        if told not in table.column_names:
            continue
        how = pc.subtract if name == "requested" else pc.add
        at = table.column_names.index(told)
        table = table.set_column(at, name, plain(how(since, table[told])))
    at = table.column_names.index("started")
    return table.set_column(at, "started", plain(table["started"]))


def moments(told: dict[str, list[Any]], scale: int) -> dict[str, list[Any]]:
    """The same for a few rows as lists; `scale` is what one count comes to."""
    started = told["started"]
    found = {"started": [None if s is None else s * scale for s in started]}
    for name, column in _TOLD.items():
        sign = -scale if name == "requested" else scale
        found[name] = [
            None if t is None else (s or 0) * scale + t * sign
            for s, t in zip(started, told[column], strict=True)
        ]
    return found


def in_sql(name: str, unit: int) -> str:
    """A time of the log worked out of a person-sorted file of that unit, for DuckDB."""
    if unit == OLD:
        since = f"coalesce({', '.join(_SINCE)}, to_timestamp(0))"
        return f"to_milliseconds(lasted) + {since}" if name == "ended" else name
    # Of microseconds: adding an interval to a time with a zone goes through the calendar.
    if name == "started":
        return f"make_timestamptz(started * {unit * 1000})"
    sign = "-" if name == "requested" else "+"
    return f"make_timestamptz((coalesce(started, 0) {sign} {_TOLD[name]}) * {unit * 1000})"


def _unit_of(columns: Any) -> int:
    import numpy as np

    whole = [each.drop_null().to_numpy() for each in columns]
    return next(unit for unit in _UNITS if not any(np.any(each % unit) for each in whole))


def _old_ending(table: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "lasted" not in table.column_names:
        return table
    at = table.column_names.index("lasted")
    known = (table[name].cast(pa.int64()) for name in _SINCE)
    ended = pc.add(table["lasted"], pc.coalesce(*known, pa.scalar(0, pa.int64())))
    return table.set_column(at, "ended", ended.cast(table["started"].type))


def needed(names: Iterable[str], unit: int) -> list[str]:
    """The columns of a person-sorted file of that unit that tell these of the log."""
    asked = list(names)
    if unit == OLD:
        others = [name for name in asked if name != "ended"]
        return list(dict.fromkeys((*others, *(("lasted", *_SINCE) if "ended" in asked else ()))))
    told = [_TOLD.get(name, name) for name in asked]
    return list(dict.fromkeys((*told, "started")))
