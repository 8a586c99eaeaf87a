"""Files written for the log that its manifest may not name yet, and finishing them.

A pending row commits with the transaction that its files belong to. `recover` finishes every row
that it finds; it may run at any time and in any process, since a commit of the manifest has a
name and counts once.
"""

import time
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from onesystem.contacts import store
from onesystem.contacts.log import manifest
from onesystem.contacts.log.manifest import file_from
from onesystem.contacts.log.write import Written

_ORPHAN = 24 * 3600  # seconds after which a file that nobody names is left over from a crash


def put(
    name: str, *, kind: str, source: str, message: int | None, known_at: int, written: Written
) -> None:
    """Note the files in the caller's transaction."""
    files = orjson.dumps({part: [asdict(f) for f in getattr(written, part)] for part in _PARTS})
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO contacts_pending ("commit", kind, source, message, known_at, files)'
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [name, kind, source, message, known_at, files.decode()],
        )


_PARTS = ("months", "runs", "superseded", "events")


def _parts(raw: str) -> dict[str, list[manifest.LogFile]]:
    said = orjson.loads(raw)
    return {part: [file_from(each) for each in said.get(part, ())] for part in _PARTS}


def waiting() -> list[str]:
    """The names of the commits that wait."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "commit" FROM contacts_pending ORDER BY id')
        return [name for (name,) in cursor.fetchall()]


def seen() -> manifest.Manifest:
    """The log as it will be once all that waits is finished; for the writer, not for readers."""
    now = manifest.current()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "commit", kind, files FROM contacts_pending ORDER BY id')
        for name, kind, raw in cursor.fetchall():
            if name in now.commits:
                continue
            if kind == "erase":
                now = manifest.Manifest()
            more: dict[str, Any] = {
                part: (*getattr(now, part), *files) for part, files in _parts(raw).items()
            }
            now = replace(now, commits=(*now.commits, name), **more)
    return now


def finish(name: str) -> None:
    """Put the files into the manifest, then forget them; for a compaction, its rows go too."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT kind, files FROM contacts_pending WHERE "commit" = %s', [name])
        found = cursor.fetchone()
    if found is None:
        return
    kind, raw = found
    parts = _parts(raw)
    if kind == "erase":
        manifest.wipe(name)
    else:
        manifest.commit(name, **parts)
    with transaction.atomic():
        if kind == "compact":
            _let_go(parts["runs"], parts["events"])
        with connection.cursor() as cursor:
            cursor.execute('DELETE FROM contacts_pending WHERE "commit" = %s', [name])


def recover() -> list[str]:
    """Finish what a crash left between the two stores. Gives the names of what it finished.

    Inside a transaction nothing is finished: what it sees might be its own and not be committed.
    """
    if connection.in_atomic_block:
        return []
    names = waiting()
    for name in names:
        finish(name)
    return names


def sweep(*, older_than: float = _ORPHAN) -> int:
    """Delete files that neither the manifest nor a pending row names: a crash left them."""
    with manifest.locked():
        now = manifest.current()
        known = {f.name for f in now.files} | {name for name, _ in now.retired}
        with connection.cursor() as cursor:
            cursor.execute("SELECT files FROM contacts_pending")
            for (raw,) in cursor.fetchall():
                known |= {f["name"] for part in orjson.loads(raw).values() for f in part}
        limit = time.time() - older_than
        stray = [
            path
            for path in manifest.place().glob("*/**/*.parquet")
            if str(path.relative_to(manifest.place())) not in known and _age(path) < limit
        ]
        for path in stray:
            path.unlink(missing_ok=True)
    return len(stray)


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _let_go(runs: list[manifest.LogFile], told: list[manifest.LogFile]) -> None:
    """Take out of the operational store what a compaction has carried to the log.

    A visit that a message touched meanwhile stays, and only remembers what the log has of it.
    """
    import pyarrow.parquet as pq

    from onesystem.contacts.log import events

    carried: dict[int, int] = {}
    for run in runs:
        table = pq.read_table(manifest.place() / run.name, columns=["contact", "version"])
        for contact, version in zip(
            table["contact"].to_pylist(), table["version"].to_pylist(), strict=True
        ):
            carried[contact] = max(version, carried.get(contact, 0))
    rows = list(store.select_in("contact", carried))
    store.lock({row.visit for row in rows})
    rows = list(store.select_in("contact", carried))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contacts_contact SET logged = %s WHERE contact = %s AND logged < %s",
            [(carried[r.contact], r.contact, carried[r.contact]) for r in rows],
        )
        cursor.executemany(
            "DELETE FROM contacts_version WHERE contact = %s AND version <= %s",
            list(carried.items()),
        )
    kept = events.named(told)
    let_go({row.visit for row in rows} | {visit for visit, _ in kept}, kept)


def let_go(visits: Iterable[int], kept: Collection[tuple[int, int]] = ()) -> int:
    """Drop those visits of which the log has everything. Gives how many contacts went.

    `kept` are the (visit, digest) of events that the log has.
    """
    gone: dict[int, int] = {}
    stay = set()
    for row in store.select_in("visit", set(visits)):
        gone[row.visit] = gone.get(row.visit, 0) + 1
        if row.logged < row.version:
            stay.add(row.visit)
    stay |= {v for v, digest, *_ in store.events_of(gone) if (v, digest) not in kept}
    for visit in stay:
        del gone[visit]
    store.delete_in("contacts_contact", "visit", gone)
    store.delete_in("contacts_event", "visit", gone)
    return sum(gone.values())
