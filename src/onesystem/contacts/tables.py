"""Many people's contacts as one Arrow table: what `of_identities` gives one by one, in columns."""

from collections.abc import Iterable, Sequence
from typing import Any

from onesystem.contacts import operational, pending, store
from onesystem.contacts.log import manifest, shape
from onesystem.contacts.rows import contact_of
from onesystem.vocabulary import Contact

_NAMES = ", ".join(f'"{name}"' for name in shape.COLUMNS)


def table_of(identities: Iterable[int], names: Sequence[str] = shape.COLUMNS) -> Any:
    """The latest version of every contact of these identities, in columns of the log, unsorted.

    `names` are the columns, `contact` among them. Cancelled contacts too. For a few people
    `of_identities` is quicker, which gives contacts.
    """
    import numpy as np
    import pyarrow as pa

    ids = sorted(set(identities))
    if pending.waiting():
        pending.recover()
    rows = _stored(ids)
    stored = operational.table([rows] if rows else []).select(list(names))
    now = manifest.current()
    if not now.runs:
        return stored
    from onesystem.contacts.log import read

    logged = read.table(ids, now, names)
    there = store.there(logged["contact"].to_pylist())
    if there:
        kept = ~np.isin(logged["contact"].to_numpy(), np.fromiter(there, np.int64, len(there)))
        logged = logged.filter(pa.array(kept))
    return pa.concat_tables([stored.cast(logged.schema), logged])


def of_table(table: Any, wanted: set[int]) -> dict[int, Contact]:
    """Those contacts of a table, by their ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not wanted:
        return {}
    from onesystem.contacts.log import read

    some = table.filter(pc.is_in(table["contact"], pa.array(sorted(wanted), pa.int64())))
    return {row.contact: contact_of(row) for row in read.rows_of(some)}


def _stored(ids: list[int]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    with store.cursor() as cursor:
        for values, among in store.chunks(ids):
            cursor.execute(f"SELECT {_NAMES} FROM contacts_contact WHERE identity {among}", values)
            rows += cursor.fetchall()
    return rows
