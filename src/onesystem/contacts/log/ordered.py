"""The copy of the log by person, read a portion after the other in its order.

Where runs were merged, each file is a portion. Where they lie over each other, as many as hold the
same people are put together and sorted anew.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from onesystem.contacts.log import shape
from onesystem.contacts.log.manifest import LogFile, Manifest

_SLICE = 1_500_000  # rows of people that are put together


def portions(now: Manifest, folder: Path) -> Iterator[tuple[Any, int]]:
    """Tables of the latest contacts that were not cancelled and have started, by identity and
    start: identity, setting (coded), and started as a count of the unit that comes with the table,
    in milliseconds. An identity's rows are in one table or in tables that follow each other.
    """
    gone = _superseded(now, folder)
    runs = sorted(now.runs, key=lambda run: (run.first, run.last))
    if all(a.last <= b.first for a, b in pairwise(runs)):
        for run in runs:
            yield _latest(_read(run, folder, gone), gone), run.unit
        return
    for low, high in _slices(runs):
        yield _together([run for run in runs if run.first < high and run.last >= low], low, high,
                        folder, gone), 1  # fmt: skip


def _read(run: LogFile, folder: Path, gone: Any, groups: Sequence[int] | None = None) -> Any:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(folder / run.name, read_dictionary=list(shape.TEXTS), memory_map=True)
    names = ["identity", "setting", "started", "cancelled"]
    names += [] if gone is None else ["contact", "version"]
    every = range(file.num_row_groups) if groups is None else groups
    return file.read_row_groups(list(every), columns=names, use_threads=False)


def _latest(table: Any, gone: Any) -> Any:
    """The rows that count, without the columns that only told which do."""
    import numpy as np
    import pyarrow as pa

    out = table["cancelled"].to_numpy()
    if table["started"].null_count:
        out = out | table["started"].is_null().to_numpy()
    if gone is not None:
        contacts, versions = gone
        told = table["contact"].to_numpy()
        maybe = np.flatnonzero(np.isin(told, contacts))
        version = table["version"].to_numpy()
        pairs = set(zip(contacts.tolist(), versions.tolist(), strict=True))
        out = out.copy()
        out[[i for i in maybe if (int(told[i]), int(version[i])) in pairs]] = True
    table = table.select(["identity", "setting", "started"])
    return table.filter(pa.array(~out)) if out.any() else table


def _together(
    runs: Sequence[LogFile], low: int, high: int, folder: Path, gone: Any
) -> Any:  # fmt: skip
    """The rows of identities from `low` up to `high` of several runs, in milliseconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = []
    for run in runs:
        groups = range(max(bisect_left(run.groups, low) - 1, 0), bisect_right(run.groups, high - 1))
        table = _latest(_read(run, folder, gone, groups), gone)
        who = table["identity"]
        table = table.filter(pc.and_(pc.greater_equal(who, low), pc.less(who, high)))
        started = table["started"].cast(pa.int64())
        table = table.set_column(2, "started", pc.multiply(started, run.unit or 1))
        parts.append(table)
    return pa.concat_tables(parts).sort_by([("identity", "ascending"), ("started", "ascending")])


def _slices(runs: Sequence[LogFile]) -> list[tuple[int, int]]:
    """Ranges of identities, together all, each of about as many rows as are put together."""
    starts = sorted((first, run.rows // len(run.groups)) for run in runs for first in run.groups)
    edges, held = [starts[0][0]], 0
    for first, rows in starts:
        if held >= _SLICE and first > edges[-1]:
            edges.append(first)
            held = 0
        held += rows
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
