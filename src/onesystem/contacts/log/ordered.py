"""The log read a portion after the other, as columns: its copy by person in its order.

`portions` tells of settings and starts alone, `people` of whatever is asked, and `anybody` of what
is asked of contacts alone, which the copy by month tells in less time. Where runs were
merged, each file is a portion. Where they lie over each other, as many as hold the same people are
put together and sorted anew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from onesystem.contacts.log import scan, shape, stays
from onesystem.contacts.log.manifest import LogFile, Manifest

_SLICE = 1_500_000  # rows of people that are put together
_MONTH = 400_000  # rows of a month that are told at once
_BATCH = 200_000  # rows of some settings that are told at once
_STARTS = ("identity", "setting", "started")
_COUNT = (*_STARTS, "cancelled")


def portions(now: Manifest, folder: Path) -> Iterator[tuple[Any, int]]:
    """Tables of the latest contacts that were not cancelled and have started, by identity and
    start: identity, setting (coded), and started as a count of the unit that comes with the table,
    in milliseconds. An identity's rows are in one table or in tables that follow each other.
    """
    gone = _superseded(now, folder)
    runs = sorted(now.runs, key=lambda run: (run.first, run.last))
    if _apart(runs):
        for run in runs:
            yield _begun(_read(run, folder, gone, _COUNT), gone), run.unit
        return
    for low, high in _slices(runs):
        yield _together(_within(runs, low, high), low, high, folder, gone), 1


def people(
    now: Manifest, folder: Path, names: Sequence[str], *, rows: int = shape.RUN_FILE
) -> Iterator[Any]:
    """Tables of the latest contacts, each with all of its identities'.

    `names` are columns of the log, with identity among them; a test of `cancelled` is the caller's.
    A table has about so many rows, or more; in order of identity only where runs were merged.
    """
    import pyarrow as pa

    gone = _superseded(now, folder)
    runs = sorted(now.runs, key=lambda run: (run.first, run.last))
    if not runs:
        return
    if not _apart(runs):
        for low, high in _slices(runs, rows):
            parts = [_of(run, low, high, folder, gone, names) for run in _within(runs, low, high)]
            yield pa.concat_tables(parts)
        return
    held: list[Any] = []
    for run in runs:
        table = _told(run, folder, gone, names)
        if sum(map(len, held)) + len(table) >= rows:
            whole, rest = _parted(pa.concat_tables([*held, table]))
            if len(whole):
                yield whole
            held = [rest]
        else:
            held.append(table)
    yield pa.concat_tables(held)


def anybody(
    now: Manifest, folder: Path, names: Sequence[str], settings: Iterable[str] = ()
) -> Iterator[Any]:
    """Tables of the latest contacts with these columns, in no order; only those in some settings,
    where they are given: `names` then has `setting`.
    """
    if wanted := sorted(frozenset(settings)):
        yield from _in(now, folder, names, wanted)
        return
    gone = _superseded(now, folder)
    for file in now.months:
        for groups in _portions(file, folder):
            table = _latest(_read(file, folder, gone, names, groups), gone)
            yield (shape.whole(table) if shape.PLANNED in names else table).select(list(names))


def _portions(file: LogFile, folder: Path) -> Iterator[range]:
    """The row groups of a file, a few at a time: a month of a large district is long."""
    import pyarrow.parquet as pq

    told = pq.ParquetFile(folder / file.name).metadata
    step = max(1, _MONTH * told.num_row_groups // max(1, told.num_rows))
    for first in range(0, told.num_row_groups, step):
        yield range(first, min(first + step, told.num_row_groups))


def _in(
    now: Manifest, folder: Path, names: Sequence[str], settings: Sequence[str]
) -> Iterator[Any]:  # fmt: skip
    """The same of some settings. They lie together in a file, and DuckDB leaves the pages of the
    others packed, which Arrow does not: of one setting in ten it takes a quarter of the time.
    """
    import pyarrow as pa

    columns = ", ".join(f'"{name}"' for name in names)
    words = ", ".join(map(scan.quoted, settings))
    rows = scan.latest_sql(now, folder=folder)
    with scan.connect(memory="400MB") as duck:
        asked = duck.execute(f"SELECT {columns} FROM {rows} WHERE setting IN ({words})")
        for batch in asked.to_arrow_reader(_BATCH):
            yield pa.Table.from_batches([batch])


def _parted(table: Any) -> tuple[Any, Any]:
    """A table in order of identity as all but the last identity's rows, and those."""
    who = table["identity"].to_numpy()
    cut = int(who.searchsorted(who[-1])) if len(who) else 0
    return table.slice(0, cut), table.slice(cut)


def _apart(runs: Sequence[LogFile]) -> bool:
    """Whether these runs, in order, hold each other's people nowhere."""
    return all(a.last <= b.first for a, b in pairwise(runs))


def _within(runs: Sequence[LogFile], low: int, high: int) -> list[LogFile]:
    return [run for run in runs if run.first < high and run.last >= low]


def _of(
    run: LogFile, low: int, high: int, folder: Path, gone: Any, names: Sequence[str]
) -> Any:  # fmt: skip
    """What a run holds of identities from `low` up to `high`."""
    table = _told(run, folder, gone, names, _groups(run, low, high))
    who = table["identity"].to_numpy()
    return table.take(((who >= low) & (who < high)).nonzero()[0])


def _told(
    run: LogFile, folder: Path, gone: Any, names: Sequence[str],
    groups: Sequence[int] | None = None,
) -> Any:  # fmt: skip
    """These columns of the latest rows of a run, as the log has them."""
    wanted = stays.needed(names, run.unit)
    table = stays.ending(_latest(_read(run, folder, gone, wanted, groups), gone), run.unit)
    return (shape.whole(table) if shape.PLANNED in names else table).select(list(names))


def _groups(run: LogFile, low: int, high: int) -> range:
    """The row groups that may hold identities from `low` up to `high`."""
    return range(max(bisect_left(run.groups, low) - 1, 0), bisect_right(run.groups, high - 1))


def _read(
    run: LogFile, folder: Path, gone: Any, names: Sequence[str],
    groups: Sequence[int] | None = None,
) -> Any:  # fmt: skip
    import pyarrow.parquet as pq

    file = pq.ParquetFile(folder / run.name, read_dictionary=list(shape.TEXTS), memory_map=True)
    wanted = dict.fromkeys((*names, *(() if gone is None else ("contact", "version"))))
    there = [name for name in wanted if name in file.schema_arrow.names]
    every = range(file.num_row_groups) if groups is None else groups
    return file.read_row_groups(list(every), columns=there, use_threads=False)


def _begun(table: Any, gone: Any) -> Any:
    """Of the latest rows, those that have started and were not cancelled: of `_STARTS`."""
    import pyarrow as pa

    table = _latest(table, gone)
    out = table["cancelled"].to_numpy()
    if table["started"].null_count:
        out = out | table["started"].is_null().to_numpy()
    table = table.select(list(_STARTS))
    return table.filter(pa.array(~out)) if out.any() else table


def _latest(table: Any, gone: Any) -> Any:
    """The rows that no other version replaced."""
    import numpy as np

    if gone is None:
        return table
    contacts, versions = gone
    told = table["contact"].to_numpy()
    maybe = np.flatnonzero(np.isin(told, contacts))
    version = table["version"].to_numpy()
    pairs = set(zip(contacts.tolist(), versions.tolist(), strict=True))
    out = [i for i in maybe if (int(told[i]), int(version[i])) in pairs]
    return table.take(np.delete(np.arange(len(told)), out)) if out else table


def _together(
    runs: Sequence[LogFile], low: int, high: int, folder: Path, gone: Any
) -> Any:  # fmt: skip
    """The rows of identities from `low` up to `high` of several runs, in milliseconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for run in runs:
        table = _begun(_read(run, folder, gone, _COUNT, _groups(run, low, high)), gone)
        who = table["identity"]
        table = table.filter(pc.and_(pc.greater_equal(who, low), pc.less(who, high)))
        started = table["started"].cast(pa.int64())
        table = table.set_column(2, "started", pc.multiply(started, run.unit or 1))
        parts.append(table)
    return pa.concat_tables(parts).sort_by([("identity", "ascending"), ("started", "ascending")])


def _slices(runs: Sequence[LogFile], rows: int = _SLICE) -> list[tuple[int, int]]:
    """Ranges of identities, together all, each of about as many rows as are put together."""
    starts = sorted((first, run.rows // len(run.groups)) for run in runs for first in run.groups)
    edges, held = [starts[0][0]], 0
    for first, more in starts:
        if held >= rows and first > edges[-1]:
            edges.append(first)
            held = 0
        held += more
    edges.append(max(run.last for run in runs) + 1)
    return list(pairwise(edges))


def _superseded(now: Manifest, folder: Path) -> Any:
    import numpy as np
    import pyarrow.parquet as pq

    if not now.superseded:
        return None
    tables = [pq.read_table(folder / file.name) for file in now.superseded]
    return tuple(
        np.concatenate([table[name].to_numpy() for table in tables])
        for name in ("contact", "version")
    )
