"""The events of visits that left the operational store, kept so that they can be folded again.

Sorted by visit. A visit that came back and left once more is written whole again: of several
files that hold it, the one that was carried last counts.
"""

import secrets
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from onesystem.contacts.log import manifest, write
from onesystem.contacts.log.manifest import LogFile, Manifest

_GROUP = 4096  # events that one look-up decodes
_MANY = 6  # files before they are merged
_LEVELS = {"body": 9}


class Event(NamedTuple):
    """An event as the operational store keeps it; a digest of 0 is a visit's base."""

    visit: int
    digest: int
    source: str
    identity: int
    message: int
    known_at: int
    body: str


def keep(events: Sequence[Event], *, carried: int) -> list[LogFile]:
    """Write events that leave the store, durable; `carried` says which came last (microseconds)."""
    import pyarrow as pa

    if not events:
        return []
    table = pa.Table.from_pylist([each._asdict() for each in events], schema=_schema())
    at = pa.array([carried] * len(events), pa.int64())
    return [_write(table.append_column("carried", at))]


def of(visits: Iterable[int], now: Manifest) -> dict[int, list[Event]]:
    """The events that are kept of these visits, by visit."""
    import numpy as np
    import pyarrow as pa

    wanted = np.array(sorted(set(visits)), np.int64)
    tables = []
    for file in now.events:
        for group, opened in _groups(file, wanted.tolist()):
            table = opened.read_row_group(group, use_threads=False)
            mask = np.isin(table["visit"].to_numpy(), wanted)
            if mask.any():
                tables.append(table.filter(pa.array(mask)))
    found: dict[int, list[Event]] = {}
    if tables:
        for said in _last(pa.concat_tables(tables)).select(Event._fields).to_pylist():
            event = Event(**said)
            found.setdefault(event.visit, []).append(event)
    return found


def named(files: Iterable[LogFile]) -> set[tuple[int, int]]:
    """(visit, digest) of every event in these files."""
    found: set[tuple[int, int]] = set()
    for file in files:
        table = _read(file).select(["visit", "digest"])
        found.update(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return found


def merge(*, many: int = _MANY) -> int:
    """Merge small files where there are many; gives how many were replaced.

    As with runs, a large file is written anew only once the others come to a quarter of it.
    """
    import pyarrow as pa

    files = sorted(manifest.current().events, key=lambda file: file.rows)
    while len(files) > 1 and files[-1].rows > 4 * sum(file.rows for file in files[:-1]):
        files.pop()
    if len(files) < many:
        return 0
    merged = _last(pa.concat_tables([_read(file) for file in files]))
    manifest.commit(
        f"merge-{secrets.token_hex(8)}",
        events=[_write(merged)],
        instead_of=[file.name for file in files],
    )
    return len(files)


def without(identities: set[int], now: Manifest) -> tuple[list[LogFile], list[str]]:
    """Files anew without the visits of these people, and the names of those that they replace."""
    import pyarrow as pa
    import pyarrow.compute as pc

    gone = pa.array(sorted(identities), pa.int64())
    fresh, replaced = [], []
    for file in now.events:
        table = _read(file)
        theirs = table["visit"].filter(pc.is_in(table["identity"], gone))
        kept = table.filter(pc.invert(pc.is_in(table["visit"], theirs.combine_chunks())))
        if len(kept) < len(table):
            replaced.append(file.name)
            fresh += [_write(kept)] if len(kept) else []
    return fresh, replaced


def _schema() -> Any:
    import pyarrow as pa

    kinds = {"source": pa.string(), "body": pa.string()}
    return pa.schema([(name, kinds.get(name, pa.int64())) for name in Event._fields])


def _write(table: Any) -> LogFile:
    table = table.sort_by([("visit", "ascending"), ("known_at", "ascending")])
    visits = table["visit"].to_pylist()
    index = {"first": visits[0], "last": visits[-1], "groups": tuple(visits[::_GROUP])}
    name = f"events/{secrets.token_hex(6)}.parquet"
    file = write.write_file(table, name, _GROUP, index, _LEVELS)
    folder = (manifest.place() / name).parent
    manifest.sync_folder(folder)
    manifest.sync_folder(folder.parent)
    return file


def _read(file: LogFile) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(manifest.place() / file.name)


def _groups(file: LogFile, visits: list[int]) -> list[tuple[int, Any]]:
    """The row groups that may hold one of the visits: it may begin in the one before its first."""
    import pyarrow.parquet as pq

    groups: set[int] = set()
    for visit in visits[bisect_left(visits, file.first) : bisect_right(visits, file.last)]:
        first = max(bisect_left(file.groups, visit) - 1, 0)
        groups.update(range(first, bisect_right(file.groups, visit)))
    if not groups:
        return []
    opened = pq.ParquetFile(manifest.place() / file.name, memory_map=True)
    return [(group, opened) for group in sorted(groups)]


def _last(table: Any) -> Any:
    """Of each visit what was carried last."""
    import numpy as np
    import pyarrow as pa

    visit, carried = (table[name].to_numpy() for name in ("visit", "carried"))
    _, place = np.unique(visit, return_inverse=True)
    last = np.full(place.max() + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, place, carried)
    return table.filter(pa.array(carried == last[place]))
