"""Forgetting the contacts of some identities for good: both stores, every version.

The log's files are never changed, so those that hold somebody who is forgotten are written anew
without them, and the manifest names the new ones. The old files leave the disk an hour later, as
after every merge.
"""

import secrets
from collections.abc import Iterable
from typing import Any

from onesystem.contacts import store
from onesystem.contacts.log import events, manifest, merge, write
from onesystem.contacts.log.manifest import LogFile


def forget_stored(identities: Iterable[int]) -> tuple[int, list[int]]:
    """Take them out of the operational store, in the caller's transaction.

    Gives how many contacts went, and their ids.
    """
    rows = list(store.select_in("identity", set(identities)))
    store.lock({row.visit for row in rows})
    for table, column, ids in (
        ("contacts_event", "visit", {row.visit for row in rows}),
        ("contacts_version", "contact", {row.contact for row in rows}),
        ("contacts_contact", "contact", {row.contact for row in rows}),
        ("contacts_version", "identity", set(identities)),
        ("contacts_event", "identity", set(identities)),
    ):
        store.delete_in(table, column, ids)
    return len(rows), [row.contact for row in rows]


def forget_logged(identities: Iterable[int]) -> int:
    """Write the log anew without them; gives how many rows went. Not inside a transaction."""
    gone = set(identities)
    now = manifest.current()
    if not now.months or not gone:
        return 0
    months = [(f, *_without(_rows_of(f), gone)) for f in now.months]
    touched = [(f, table, count) for f, table, count in months if count]
    runs = [f for f in now.runs if any(f.first <= each <= f.last for each in gone)]
    kept_runs = [(f, *_without(_rows_of(f), gone)) for f in runs]
    stem = secrets.token_hex(6)
    written: list[LogFile] = []
    for i, (_, table, count) in enumerate(kept_runs):
        if count and len(table):
            written += write.write_runs(table, f"{stem}-{i}")
    replaced = [f.name for f, _, _ in touched] + [f.name for f, _, count in kept_runs if count]
    told, old = events.without(gone, now)
    replaced += old
    if not replaced:
        return 0
    manifest.commit(
        f"forget-{stem}",
        months=[m for _, table, _ in touched if len(table) for m in write.write_months(table)],
        runs=written,
        events=told,
        instead_of=replaced,
    )
    return sum(count for _, _, count in touched)


def _rows_of(file: LogFile) -> Any:
    """All rows of a file of either copy, as a merge reads them."""
    if file.month:
        return merge._read([file])  # noqa: SLF001 - the same room's, and the same need
    return merge._between([file], file.first, file.last + 1)  # noqa: SLF001


def _without(table: Any, gone: set[int]) -> tuple[Any, int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    who = table["identity"]
    kept = table.filter(pc.invert(pc.is_in(who, pa.array(sorted(gone), who.type))))
    return kept, len(table) - len(kept)
