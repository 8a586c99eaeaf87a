"""Finding contacts in the log by their ids alone, where the person is not known or another.

The ids of a month are read whole, so this is for the rare few: a late message whose person differs,
and what leaves the store without having met its past in the log.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from onesystem.contacts.log import manifest
from onesystem.contacts.log.manifest import LogFile, Manifest

_AROUND = timedelta(days=31)  # a correction may have moved the start, seldom by more


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
    for file in now.months:
        here = [number for number, each in sought.items() if _may_hold(file, each)]
        if not here:
            continue
        for contact, identity, version in _rows(file, np.array(sorted(here), np.int64)):
            before = found.get(contact, Found(set(), 0))
            found[contact] = Found({*before.identities, identity}, max(version, before.version))
    return found


def _may_hold(file: LogFile, sought: Sought) -> bool:
    if sought.source not in file.sources:
        return False
    if sought.began is None:
        return True
    first, last = ((sought.began + d).strftime("%Y-%m") for d in (-_AROUND, _AROUND))
    return first <= file.month <= last


def _rows(file: LogFile, ids: Any) -> Iterable[tuple[int, int, int]]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(manifest.place() / file.name, memory_map=True)
    for group in range(opened.num_row_groups):
        there = opened.read_row_group(group, columns=["contact"])["contact"].to_numpy()
        at = np.flatnonzero(np.isin(there, ids))
        if len(at):
            said = opened.read_row_group(group, columns=["contact", "identity", "version"])
            columns = [column.to_pylist() for column in said.take(pa.array(at)).columns]
            yield from zip(*columns, strict=True)
