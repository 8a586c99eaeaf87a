"""Finding contacts in the log by their ids alone, where the person is not known or another.

The ids of a month are read whole, so this is for the rare few: a late message whose person differs,
and what leaves the store without having met its past in the log.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from onesystem.contacts.log import manifest
from onesystem.contacts.log.manifest import LogFile, Manifest

_AROUND = timedelta(days=31)  # a correction may have moved the start, seldom by more
_EARLIEST = datetime.min.replace(tzinfo=UTC) + _AROUND
_LATEST = datetime.max.replace(tzinfo=UTC) - _AROUND
Months = tuple[str, ...]


class Sought(NamedTuple):
    """A contact that may be in the log: of which source, and when it began if that is known."""

    source: str
    began: datetime | None


class Found(NamedTuple):
    """What the log has of a contact: whose it ever was, and its highest version."""

    identities: set[int]
    version: int


def seek(sought: Mapping[int, Sought], now: Manifest) -> dict[int, Found]:
    """Those of the contacts that the log has, in the months around their beginnings."""
    import numpy as np

    found: dict[int, Found] = {}
    alike = _alike(sought)
    for file in now.months:
        here = [n for which, numbers in alike.items() if _may_hold(file, *which) for n in numbers]
        if not here:
            continue
        for contact, identity, version in _rows(file, np.array(sorted(here), np.int64)):
            before = found.get(contact, Found(set(), 0))
            found[contact] = Found({*before.identities, identity}, max(version, before.version))
    return found


def _alike(sought: Mapping[int, Sought]) -> dict[tuple[str, Months], list[int]]:
    """The contacts by source and months: a batch has thousands, and few of these."""
    alike: dict[tuple[str, Months], list[int]] = {}
    for number, each in sought.items():
        alike.setdefault((each.source, _months(each.began)), []).append(number)
    return alike


def _months(began: datetime | None) -> Months:
    """The first and the last month in which it may lie; none where any may hold it."""
    if began is None or not _EARLIEST < began < _LATEST:
        return ()
    ends = (began - _AROUND, began + _AROUND)
    return tuple(f"{there.year:04}-{there.month:02}" for there in ends)


def _may_hold(file: LogFile, source: str, months: Months) -> bool:
    return source in file.sources and (not months or months[0] <= file.month <= months[1])


def _rows(file: LogFile, ids: Any) -> Iterable[tuple[int, int, int]]:
    import numpy as np
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(manifest.place() / file.name, memory_map=True)
    for group in range(opened.num_row_groups):
        there = opened.read_row_group(group, columns=["contact"])["contact"].to_numpy()
        at = np.flatnonzero(np.isin(there, ids))
        if len(at):
            said = opened.read_row_group(group, columns=["contact", "identity", "version"])
            columns = [column.to_numpy()[at].tolist() for column in said.columns]
            yield from zip(*columns, strict=True)
