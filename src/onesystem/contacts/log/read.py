"""Point reads of the log: some people's contacts, from the person-sorted files.

The manifest says which row groups may hold a person; only these are decoded. Footers of files are
kept in memory once read (files never change), so that a look-up costs one or two milliseconds a
file that holds the person.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from onesystem.contacts.log import manifest, shape, stays
from onesystem.contacts.log.manifest import LogFile, Manifest
from onesystem.contacts.rows import VERSION_COLUMNS, Row

# The columns of a row of the store that the log has too, in their order there.
_NAMES = [name for name in VERSION_COLUMNS if name not in {"visit", "key"}]
_VERSION = _NAMES.index("version")
_EVER = (1 << 63) - 2
_READY = 256  # files that are kept open, and opened beforehand by who shares them


def versions(identities: Iterable[int], now: Manifest | None = None) -> list[Row]:
    """Every version in the log of these identities' contacts; `key` and `visit` are not known."""
    ids = sorted(set(identities))
    rows: list[Row] = []
    if not ids:
        return rows
    low, high = ids[0], ids[-1]
    runs = (now or manifest.current()).runs
    for run in [run for run in runs if run.first <= high and run.last >= low]:
        for table in _tables(run, ids):
            rows += _rows_of_run(table, run.unit)
    return rows


def latest(
    identities: Iterable[int], now: Manifest | None = None, *, as_of: int | None = None
) -> list[Row]:
    """The latest version of each contact of these identities that the log holds.

    `as_of` gives the latest that was known at that moment (microseconds) instead.
    """
    now = now or manifest.current()
    rows = versions(identities, now)
    if as_of is not None:
        rows = [row for row in rows if row.known_at <= as_of]
    gone = _superseded(now)
    if not gone:
        return rows
    limit = as_of if as_of is not None else _EVER
    return [row for row in rows if gone.get((row.contact, row.version), _EVER + 1) > limit]


def table(identities: Iterable[int], now: Manifest, names: Sequence[str] = shape.COLUMNS) -> Any:
    """The latest version of each contact of these identities, with these columns of the log."""
    import numpy as np
    import pyarrow as pa

    ids, gone = sorted(set(identities)), _superseded(now)
    asked = list(dict.fromkeys((*names, *(("contact", "version") if gone else ()))))
    found = [pa.schema([shape.schema().field(name) for name in asked]).empty_table()]
    for run in [r for r in now.runs if ids and r.first <= ids[-1] and r.last >= ids[0]]:
        if parts := list(_many(run, ids, asked)):
            found.append(_whole(pa.concat_tables(parts), run.unit, found[0].schema))
    made = pa.concat_tables(found)
    if not gone:
        return made
    old = np.fromiter((contact for contact, _ in gone), np.int64, len(gone))
    maybe = np.flatnonzero(np.isin(made["contact"].to_numpy(), old))
    pairs = zip(*(made[n].take(maybe).to_pylist() for n in ("contact", "version")), strict=True)
    latest = np.ones(len(made), bool)
    latest[maybe] = [pair not in gone for pair in pairs]
    return made.filter(pa.array(latest)).select(list(names))


def _whole(rows: Any, unit: int, schema: Any) -> Any:
    """Rows of a person-sorted file with the log's own columns, those of the schema."""
    made = stays.ending(rows, unit)
    if shape.PLANNED in schema.names:
        made = shape.whole(made)
    return made.select(schema.names).cast(schema)


def _many(run: LogFile, ids: list[int], names: Sequence[str]) -> Iterable[Any]:
    """The rows of these identities in a person-sorted file, a table for each row group."""
    import numpy as np
    import pyarrow as pa

    wanted = ids[bisect_left(ids, run.first) : bisect_right(ids, run.last)]
    groups = sorted({group for each in wanted for group in _groups(run, each)})
    file = _opened(str(manifest.place() / run.name))
    known = set(file.schema_arrow.names)
    there = [name for name in stays.needed(names, run.unit) if name in known]
    among = np.array(wanted, np.int64)
    for group in groups:
        # Most groups beside a person's own do not hold them: who is in it costs little to ask.
        who = file.read_row_group(group, columns=["identity"], use_threads=False)["identity"]
        theirs = np.isin(who.to_numpy(), among)
        if theirs.any():
            part = file.read_row_group(group, columns=there, use_threads=False)
            yield part if theirs.all() else part.filter(pa.array(theirs))


def rows_of(table: Any) -> list[Row]:
    """The rows of a table of the log as rows of the operational store, `logged` as they are."""
    return _rows({name: _values(table[name]) for name in _NAMES})


def _rows(columns: dict[str, list[Any]]) -> list[Row]:
    count = len(columns["version"])
    given = [columns[name] for name in _NAMES]
    none, nothing = [0] * count, [""] * count
    # In the order of Row: the visit and the key are not known, and all of it is in the log.
    rows = zip(
        given[0], none, given[1], nothing, *given[2:], columns["version"], [None] * count,
        strict=True,
    )  # fmt: skip
    return list(map(Row._make, rows))


def _rows_of_run(table: Any, unit: int) -> list[Row]:
    """The rows of one person as a person-sorted file has them, which are few: value by value."""
    if unit == stays.OLD:
        return rows_of(shape.whole(stays.ending(table, unit)))
    columns = {
        name: _values(table[name]) if name in table.column_names else [None] * len(table)
        for name in _NAMES
        if name not in shape.TIMES
    }
    told = {name: _values(table[name]) for name in stays.COLUMNS}
    columns |= stays.moments(told, unit * 1000)
    return _rows(columns)


def _values(column: Any) -> list[Any]:
    """A column's values, times in microseconds."""
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    kind = column.type
    if pa.types.is_timestamp(kind):
        scale = 1000 if kind.unit == "ms" else 1
        counts = column.view(pa.int64()).to_pylist()
        return counts if scale == 1 else [v if v is None else v * scale for v in counts]
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()  # coded words are slow to list one by one
    return column.to_pylist()  # type: ignore[no-any-return]


def _tables(run: LogFile, ids: list[int]) -> Iterable[Any]:
    wanted = ids[bisect_left(ids, run.first) : bisect_right(ids, run.last)]
    if not wanted:
        return
    import numpy as np

    groups = sorted({group for each in wanted for group in _groups(run, each)})
    file = _opened(str(manifest.place() / run.name))
    for group in groups:
        # Most groups that may hold them do not: who is in one costs an eighth of all that it says.
        who = file.read_row_group(group, columns=["identity"], use_threads=False)["identity"]
        who = who.to_numpy()
        if not np.isin(wanted, who).any():
            continue
        table = file.read_row_group(group, use_threads=False)
        # The rows of one person lie together, and cutting them out copies nothing.
        for first, end in zip(
            np.searchsorted(who, wanted).tolist(),
            np.searchsorted(who, wanted, "right").tolist(),
            strict=True,
        ):
            if first < end:
                yield table.slice(first, end - first)


def _groups(run: LogFile, identity: int) -> range:
    """The row groups that may hold an identity: it may begin in the one before its own first."""
    first = max(bisect_left(run.groups, identity) - 1, 0)
    return range(first, bisect_right(run.groups, identity))


@lru_cache(maxsize=_READY)
def _opened(path: str) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, memory_map=True, read_dictionary=list(shape.TEXTS))


def ready() -> None:
    """Open what look-ups need, for processes that share it by fork. Begins no thread."""
    now = manifest.current()
    _superseded(now)
    for run in now.runs[-_READY:]:
        _opened(str(manifest.place() / run.name))
    if now.runs:
        versions([now.runs[-1].first], now)


_gone: tuple[tuple[str, ...], dict[tuple[int, int], int]] = ((), {})


def _superseded(now: Manifest) -> dict[tuple[int, int], int]:
    """When each (contact, version) that has a successor got it; kept until there are new ones."""
    global _gone  # noqa: PLW0603 - a cache of one value, replaced whole
    names = tuple(str(manifest.place() / file.name) for file in now.superseded)
    if _gone[0] != names:
        import pyarrow.parquet as pq

        pairs: dict[tuple[int, int], int] = {}
        for name in names:
            said = pq.ParquetFile(name).read(use_threads=False)
            columns = [_values(column) for column in said.columns]
            for contact, version, known_at in zip(*columns, strict=True):
                pairs[contact, version] = min(known_at, pairs.get((contact, version), known_at))
        _gone = (names, pairs)
    return _gone[1]


def versions_of(contact: int) -> list[Row]:
    """Every version of one contact, whoever's it is: reads the ids of the whole log."""
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    rows: list[Row] = []
    for file in manifest.current().months:
        found = ds.dataset(str(manifest.place() / file.name))
        rows += rows_of(shape.whole(found.to_table(filter=pc.field("contact") == contact)))
    return rows
