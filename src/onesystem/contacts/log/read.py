"""Point reads of the log: some people's contacts, from the person-sorted files.

The manifest says which row groups may hold a person; only these are decoded. Footers of files are
kept in memory once read (files never change), so that a look-up costs one or two milliseconds a
file that holds the person.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from onesystem.contacts.log import manifest, shape
from onesystem.contacts.log.manifest import LogFile, Manifest
from onesystem.contacts.rows import Row


def versions(identities: Iterable[int]) -> list[Row]:
    """Every version in the log of these identities' contacts; `key` and `visit` are not known."""
    ids = sorted(set(identities))
    rows: list[Row] = []
    for run in manifest.current().runs:
        for table in _tables(run, ids):
            rows.extend(rows_of(table))
    return rows


def latest(identities: Iterable[int]) -> list[Row]:
    """The latest version of each contact of these identities that the log holds."""
    now = manifest.current()
    gone = _superseded(now)
    rows = versions(identities)
    return [row for row in rows if not gone or (row.contact, row.version) not in gone]


def rows_of(table: Any) -> list[Row]:
    """The rows of a table of the log as rows of the operational store, `logged` as they are."""
    columns = [_values(table[name]) for name in shape.COLUMNS]
    found = []
    for said in zip(*columns, strict=True):
        (
            contact, identity, source, service, setting, requested, started, ready, ended, bed,
            mode, urgency, reason, outcome, by, cause, cancelled, version, known_at, message,
        ) = said  # fmt: skip
        found.append(
            Row(
                contact,
                0,
                source,
                "",
                identity,
                service,
                setting,
                requested,
                started,
                ready,
                ended,
                bed,
                mode,
                urgency,
                reason,
                outcome,
                by,
                cause,
                cancelled,
                version,
                known_at,
                message,
                version,
            )  # fmt: skip
        )
    return found


def _values(column: Any) -> list[Any]:
    """A column's values, times in microseconds."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind):
        scale = 1000 if kind.unit == "ms" else 1
        return [v if v is None else v * scale for v in column.cast(pa.int64()).to_pylist()]
    return column.to_pylist()  # type: ignore[no-any-return]


def _tables(run: LogFile, ids: list[int]) -> Iterable[Any]:
    wanted = ids[bisect_left(ids, run.first) : bisect_right(ids, run.last)]
    if not wanted:
        return
    import pyarrow as pa
    import pyarrow.compute as pc

    groups = sorted({group for each in wanted for group in _groups(run, each)})
    asked = pa.array(wanted, pa.int64())
    file = _opened(str(manifest.place() / run.name))
    for group in groups:
        who = file.read_row_group(group, columns=["identity"])["identity"]
        mask = pc.is_in(who, value_set=asked)
        if not pc.any(mask).as_py():
            continue
        yield file.read_row_group(group).filter(mask)


def _groups(run: LogFile, identity: int) -> range:
    """The row groups that may hold an identity: it may begin in the one before its own first."""
    first = max(bisect_left(run.groups, identity) - 1, 0)
    return range(first, bisect_right(run.groups, identity))


@lru_cache(maxsize=256)
def _opened(path: str) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path, memory_map=True)


_gone: tuple[tuple[str, ...], set[tuple[int, int]]] = ((), set())


def _superseded(now: Manifest) -> set[tuple[int, int]]:
    """The (contact, version) pairs that have a successor, kept until there are new ones."""
    global _gone  # noqa: PLW0603 - a cache of one value, replaced whole
    names = tuple(str(manifest.place() / file.name) for file in now.superseded)
    if _gone[0] != names:
        import pyarrow.parquet as pq

        pairs: set[tuple[int, int]] = set()
        for name in names:
            table = pq.read_table(name, columns=["contact", "version"])
            pairs.update(
                zip(table["contact"].to_pylist(), table["version"].to_pylist(), strict=True)
            )
        _gone = (names, pairs)
    return _gone[1]
