"""Writing rows to the log: by month, and the same once more sorted by person.

The two orders are worked out on whole-number keys and each file is gathered straight from the
table, so nothing is sorted twice and no sorted copy of the whole is ever made.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from onesystem.contacts.log import shape, stays
from onesystem.contacts.log.manifest import LogFile, place, sync_folder
from onesystem.contacts.moments import month_of

_THREADS = 2
_FEW = ("known_at", "message", "version")  # columns of few values
# Where the last tenth is worth the time. Contacts' ids are digests, which nothing makes smaller.
_PLAIN = frozenset({"contact"})
_LEVELS = {"started": 5, "ended": 5, "by": 5}
_LEVEL = 3
# What a merge writes is written once for years, and one person's rows in it repeat themselves.
_MERGED_LEVELS = {**_LEVELS, **dict.fromkeys(("service", "reason", "requested", "by"), 9)}
_MINUTE = 60_000  # milliseconds


class Written(NamedTuple):
    """Files on disk that no manifest names yet."""

    months: list[LogFile]
    runs: list[LogFile]
    superseded: list[LogFile]
    events: Sequence[LogFile] = ()


def write(table: Any, superseded: Any | None = None) -> Written:
    """Write both copies of the rows, durable, and the versions that they replace.

    `table` has the log's columns (see `shape`); `superseded` contact, version, known_at.
    """
    stem = secrets.token_hex(6)
    table = shape.shaped(table)
    months = _write_all(_month_parts(table, stem)) if len(table) else []
    runs = _write_all(_run_parts(table, stem)) if len(table) else []
    gone = []
    if superseded is not None and len(superseded):
        gone = [write_superseded(superseded, stem)]
    return Written(months, runs, gone)


def write_runs(table: Any, stem: str) -> list[LogFile]:
    """Write rows sorted by person only, in files of this stem: what a merge of runs does."""
    return _write_all(_run_parts(shape.shaped(table), stem, merged=True))


def write_months(table: Any) -> list[LogFile]:
    """Write rows by month only: what a merge of a month does."""
    return _write_all(_month_parts(shape.shaped(table), secrets.token_hex(6)))


def write_superseded(table: Any, stem: str = "") -> LogFile:
    """Write the versions that are no longer the latest."""
    stem = stem or secrets.token_hex(6)
    table = table.cast(shape.superseded_schema()).sort_by("contact")
    return write_file(table, f"superseded/{stem}.parquet", shape.MONTH_GROUP, {})


def moments(table: Any) -> Any:
    """The millisecond that files each row: when it started, else the first time that is known."""
    import pyarrow as pa
    import pyarrow.compute as pc

    first = pc.coalesce(*(table[name] for name in ("started", "requested", "ready", "ended")))
    return _flat(first.cast(pa.int64()).fill_null(0)).to_numpy(zero_copy_only=False)


def _write_all(parts: list[Callable[[], LogFile]]) -> list[LogFile]:
    with ThreadPoolExecutor(_THREADS) as pool:
        files = list(pool.map(lambda part: part(), parts))
    for path in {(place() / file.name).parent for file in files}:
        sync_folder(path)
        sync_folder(path.parent)
    return files


def _month_parts(table: Any, stem: str) -> list[Callable[[], LogFile]]:
    import numpy as np
    import pyarrow as pa

    moment = moments(table)
    month = moment.astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    service = _flat(table["service"]).indices.to_numpy(zero_copy_only=False).astype(np.int64)
    order = (
        np.lexsort((moment, service, month))
        if _wide(month, service)
        else _packed_order(month, service, moment)
    )
    cuts = np.flatnonzero(np.diff(month[order])) + 1
    parts: list[Callable[..., LogFile]] = []
    for i, rows in enumerate(np.split(order, cuts)):
        name = month_of(int(moment[rows[0]]) * 1000)
        path = f"months/{name}/{stem}-{i}.parquet"

        def part(rows: Any = rows, path: str = path, name: str = name) -> LogFile:
            taken = table.take(pa.array(rows))
            return write_file(taken, path, shape.MONTH_GROUP, {"month": name})

        parts.append(part)
    return parts


def _wide(month: Any, service: Any) -> bool:
    return bool(int(month.max() - month.min()) >= 1 << 13 or int(service.max()) >= 1 << 20)


def _packed_order(month: Any, service: Any, moment: Any) -> Any:
    """The order by month, service and minute: one key of 63 bits sorts five times as fast."""
    import numpy as np

    begins = month.astype("datetime64[M]").astype("datetime64[ms]").astype(np.int64)
    minute = (moment - begins) // _MINUTE  # at most 44,640: 16 bits
    return np.argsort((month - month.min()) << 36 | service << 16 | minute)


def _run_parts(table: Any, stem: str, *, merged: bool = False) -> list[Callable[[], LogFile]]:
    import numpy as np
    import pyarrow as pa

    group = shape.MERGED_GROUP if merged else shape.RUN_GROUP
    levels = _MERGED_LEVELS if merged else _LEVELS
    identity = _flat(table["identity"]).to_numpy(zero_copy_only=False)
    second = moments(table) // 1000
    low, span = identity.min(), int(identity.max() - identity.min())
    since = second - second.min()
    if span < 1 << 28 and int(since.max()) < 1 << 34:
        order = np.argsort((identity - low) << 34 | since)
    else:
        order = np.lexsort((since, identity))
    parts: list[Callable[..., LogFile]] = []
    for i in range(0, len(order), shape.RUN_FILE):
        rows = order[i : i + shape.RUN_FILE]
        path = f"runs/{stem}-{i // shape.RUN_FILE}.parquet"

        def part(rows: Any = rows, path: str = path) -> LogFile:
            ids = identity[rows]
            taken, unit = stays.lasting(_own_words(table.take(pa.array(rows))))
            index = {
                "first": int(ids[0]),
                "last": int(ids[-1]),
                "groups": tuple(int(each) for each in ids[::group]),
                "unit": unit,
            }
            return write_file(taken, path, group, index, levels)

        parts.append(part)
    return parts


def _own_words(table: Any) -> Any:
    """Long dictionaries as plain text, so that a small row group writes only its own words."""
    import pyarrow as pa

    for i, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) and len(_flat(table[field.name]).dictionary) > 64:
            table = table.set_column(i, field.name, table[field.name].cast(pa.string()))
    return table


def write_file(
    table: Any,
    name: str,
    group: int,
    index: dict[str, Any],
    levels: Mapping[str, int] = _LEVELS,
) -> LogFile:
    """Write one file, durable but for its folder; `index` is what the manifest says of it more."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if shape.PLANNED in table.schema.names and table[shape.PLANNED].null_count == len(table):
        table = table.drop_columns([shape.PLANNED])
    names = set(table.schema.names)
    coded = [n for n in (*shape.TEXTS, "lasted", *_FEW) if n in names]
    out = pa.BufferOutputStream()
    with pq.ParquetWriter(
        out,
        table.schema,
        compression={n: "none" if n in _PLAIN else "zstd" for n in names},
        compression_level={n: levels.get(n, _LEVEL) for n in names - _PLAIN},
        use_dictionary=coded,
        column_encoding={
            n: "DELTA_BINARY_PACKED"
            for n in (*shape.TIMES, shape.PLANNED, "identity", "waited", "readied")
            if n in names
        },
        # The manifest says whose rows a person-sorted file's groups hold: a shorter footer.
        write_statistics="groups" not in index,
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=group)
        if "unit" in index:
            writer.add_key_value_metadata({"unit": str(index["unit"])})
    data = out.getvalue()
    path = place() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return LogFile(
        name=name,
        rows=len(table),
        size=data.size,
        digest=hashlib.blake2b(data, digest_size=16).hexdigest(),
        sources=_sources(table),
        until=_until(table),
        planned=shape.PLANNED in names,
        **index,
    )


def _sources(table: Any) -> tuple[str, ...]:
    import pyarrow.compute as pc

    if "source" not in table.schema.names:
        return ()
    return tuple(sorted(pc.unique(table["source"]).to_pylist()))


def _until(table: Any) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    if "ended" not in table.schema.names:
        return 0
    last = [pc.max(table[name].cast(pa.int64())).as_py() for name in shape.TIMES]
    return max((each for each in last if each is not None), default=0) * 1000


def _flat(column: Any) -> Any:
    import pyarrow as pa

    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
