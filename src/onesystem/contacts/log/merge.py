"""Merging small files of the log into larger ones. The rows stay what they are.

Each append writes one file a month and one sorted run, so a daily extract leaves many small files.
A month with many is written anew as one. Runs are merged when a look-up would have to open too
many: small ones together, and all of them once too many lie over each other.
"""

import secrets
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from onesystem.contacts.log import manifest, shape, stays, write
from onesystem.contacts.log.manifest import LogFile

MANY = 6  # files of a month, or small runs, before they are merged
DEEP = 3  # runs that may hold one person
_SMALL = shape.RUN_FILE // 2  # rows
_SLICE = 1_500_000  # rows that a merge holds in memory


def merge_months(say: Callable[[str], None], *, many: int = MANY) -> int:
    """Merge the months that have many files; gives how many files were replaced."""
    by_month: defaultdict[str, list[LogFile]] = defaultdict(list)
    for file in manifest.current().months:
        by_month[file.month].append(file)
    replaced = 0
    for month, files in sorted(by_month.items()):
        # The largest stays alone while the others together are much smaller: each row is
        # rewritten a few times in its life, not at every merge.
        files.sort(key=lambda file: file.rows)
        while len(files) > 1 and files[-1].rows > 4 * sum(f.rows for f in files[:-1]):
            files.pop()
        if len(files) < many:
            continue
        say(f"merging {len(files)} files of {month}")
        table = _read(files)
        manifest.commit(
            f"merge-{secrets.token_hex(8)}",
            months=write.write_months(table),
            instead_of=[file.name for file in files],
        )
        replaced += len(files)
    return replaced


def merge_runs(say: Callable[[str], None], *, many: int = MANY, deep: int = DEEP) -> int:
    """Merge person-sorted runs where a look-up would have to open too many."""
    runs = manifest.current().runs
    small = [run for run in runs if run.rows < _SMALL]
    if _depth(runs) > deep:
        chosen = _upper(runs, deep)
    elif len(small) >= many:
        chosen = small
    else:
        return 0
    say(f"merging {len(chosen)} person-sorted files")
    merged: list[LogFile] = []
    stem = secrets.token_hex(6)
    for i, (low, high) in enumerate(_slices(chosen)):
        merged += write.write_runs(_between(chosen, low, high), f"{stem}-{i}")
    manifest.commit(
        f"merge-{secrets.token_hex(8)}",
        runs=merged,
        instead_of=[run.name for run in chosen],
    )
    return len(chosen)


def _upper(runs: Sequence[LogFile], deep: int) -> list[LogFile]:
    """The smallest layers, so many that few are left; a larger one only where it is not much so.

    A layer is what one append or one merge wrote. A day's extract on top of ten years is merged
    with the days before it, and the ten years are written anew once a quarter as much has come.
    """
    layers: defaultdict[str, list[LogFile]] = defaultdict(list)
    for run in runs:
        layers[run.name.split("-")[0]].append(run)
    by_size = sorted(layers.values(), key=_rows_of)
    chosen: list[LogFile] = []
    for i, layer in enumerate(by_size):
        if i > len(by_size) - deep and _rows_of(layer) > 4 * _rows_of(chosen):
            break
        chosen += layer
    return chosen


def _rows_of(files: Sequence[LogFile]) -> int:
    return sum(file.rows for file in files)


def merge_superseded(*, many: int = MANY) -> int:
    """Merge the lists of versions that are no longer the latest."""
    files = manifest.current().superseded
    if len(files) < many:
        return 0
    manifest.commit(
        f"merge-{secrets.token_hex(8)}",
        superseded=[write.write_superseded(_read(files))],
        instead_of=[file.name for file in files],
    )
    return len(files)


def _depth(runs: Sequence[LogFile]) -> int:
    """How many runs may hold one person, at the worst place."""
    edges = sorted(
        [(run.first, 0, 1) for run in runs] + [(run.last, 1, -1) for run in runs],
    )
    deepest = depth = 0
    for _, _, step in edges:
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _slices(runs: Sequence[LogFile]) -> list[tuple[int, int]]:
    """Ranges of identities, together all, each of about as many rows as memory may hold."""
    starts = sorted((first, run.rows // len(run.groups)) for run in runs for first in run.groups)
    cuts, held = set(), 0
    for first, rows in starts:
        if held >= _SLICE:
            cuts.add(first)
            held = 0
        held += rows
    low, high = min(run.first for run in runs), max(run.last for run in runs) + 1
    edges = [low, *(cut for cut in sorted(cuts) if low < cut < high), high]
    return list(pairwise(edges))


def _between(runs: Sequence[LogFile], low: int, high: int) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    parts = []
    for run in runs:
        if run.last < low or run.first >= high:
            continue
        groups = range(max(bisect_left(run.groups, low) - 1, 0), bisect_right(run.groups, high - 1))
        table = pq.ParquetFile(manifest.place() / run.name).read_row_groups(list(groups))
        who = table["identity"]
        chosen = table.filter(pc.and_(pc.greater_equal(who, low), pc.less(who, high)))
        parts.append(shape.whole(stays.ending(chosen, run.unit)))
    return pa.concat_tables(parts)


def _read(files: Sequence[LogFile]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = [pq.read_table(manifest.place() / file.name) for file in files]
    return pa.concat_tables(tables, promote_options="default")  # not all of them have `planned`
