"""Compaction: contacts that ended long ago leave the operational store for the log.

A visit goes as a whole, with its events and all versions of its contacts, once all of it has ended
before the district's `recent_days`. Its files are written first, then noted in the store, then
named by the manifest, and only then do its rows go: a crash at any step loses nothing, and the next
run or reader finishes it. A visit that a message touches meanwhile stays. Small files are merged
after.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from onesystem.contacts import outbox, pending, store
from onesystem.contacts.log import events, merge, shape, write
from onesystem.contacts.moments import DAY, moment
from onesystem.contacts.rows import Row
from onesystem.district import current
from onesystem.vocabulary.kept import to_micros

_VISITS = 20_000  # visits in one step
_OUTBOX_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """What a compaction did."""

    contacts: int = 0
    versions: int = 0
    merged_files: int = 0
    swept_files: int = 0


def compact(
    *, by: Any, progress: Callable[[str], None] | None = None, at: datetime | None = None
) -> Compacted:
    """Carry what ended long ago to the log and merge its small files. Not inside a transaction.

    `by` is the access.Actor who asks; `at` stands for now.
    """
    from onesystem import access

    say = progress or _silent
    pending.recover()
    at = at or datetime.now(UTC)
    contacts = versions = 0
    while True:
        gone, written = _step(at)
        if not gone:
            break
        contacts += gone
        versions += written
        say(f"carried {contacts:,} contacts to the log")
    merged = merge.merge_months(say) + merge.merge_runs(say) + merge.merge_superseded()
    merged += events.merge()
    swept = pending.sweep()
    outbox.forget_changes(older_than=datetime.now(UTC) - timedelta(days=_OUTBOX_DAYS))
    done = Compacted(contacts=contacts, versions=versions, merged_files=merged, swept_files=swept)
    access.record(
        by=by,
        act="contacts.compacted",
        what="contact log",
        detail={"contacts": contacts, "versions": versions, "merged_files": merged},
    )
    return done


def _silent(_: str) -> None:
    """Nobody listens."""


def _step(at: datetime) -> tuple[int, int]:
    """Carry one portion of visits; gives how many contacts left, and versions written."""
    name = f"compact-{secrets.token_hex(8)}"
    with transaction.atomic():
        visits = _ended(at)
        if not visits:
            return 0, 0
        store.lock(visits)
        _meet_log(store.select_in("visit", visits))
        rows = list(store.select_in("visit", visits))
        earlier = list(
            store.select_in("contact", (r.contact for r in rows), table="contacts_version")
        )
        fresh = [row for row in rows if row.version > row.logged]
        told = list(map(events.Event._make, store.whole_events_of(visits)))
        if not fresh and not told:
            return pending.let_go(visits), 0
        logged = {row.contact: row.logged for row in rows}
        every = [*(row for row in earlier if row.version > logged[row.contact]), *fresh]
        written = write.write(_table(every), _replaced(every, logged))
        written = written._replace(events=events.keep(told, carried=store.now()))
        pending.put(
            name, kind="compact", source="", message=None, known_at=to_micros(at), written=written
        )
        transaction.on_commit(lambda: pending.finish(name))
    return len(rows), len(every)


def _meet_log(rows: Iterable[Row]) -> None:
    """Count on from the versions that the log has of contacts that came without their past.

    A message may begin a visit anew that left for the log long ago, and say nothing of when it
    was. What it told is then the next version, not the first once more.
    """
    from onesystem.contacts.log.seek import Sought, seek

    now = pending.seen()
    new = [row for row in rows if not row.logged and now.has(row.source)]
    began = {r.contact: r.started or r.requested or r.ready or r.ended for r in new}
    sought = {r.contact: Sought(r.source, moment(began[r.contact])) for r in new}
    found = [(found.version, number) for number, found in seek(sought, now).items()]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contacts_contact SET version = version + %s, logged = %s WHERE contact = %s",
            [(version, version, number) for version, number in found],
        )
        for version, number in found:  # upwards would meet its own next one
            cursor.execute(
                "SELECT version FROM contacts_version WHERE contact = %s ORDER BY version DESC",
                [number],
            )
            cursor.executemany(
                "UPDATE contacts_version SET version = %s WHERE contact = %s AND version = %s",
                [(old + version, number, old) for (old,) in cursor.fetchall()],
            )


def _ended(at: datetime) -> list[int]:
    """Visits all of which ended before the recent days (or carry times beyond them, ahead)."""
    days = current().recent_days * DAY
    low, high = to_micros(at) - days, to_micros(at) + days
    recent = " OR ".join(f"({name} > %s AND {name} < %s)" for name in shape.TIMES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT visit FROM contacts_contact GROUP BY visit HAVING sum(CASE WHEN"
            f" (ended IS NULL AND NOT cancelled) OR {recent} THEN 1 ELSE 0 END) = 0 LIMIT %s",
            [low, high] * len(shape.TIMES) + [_VISITS],
        )
        return [visit for (visit,) in cursor.fetchall()]


def _table(rows: list[Row]) -> Any:
    import pyarrow as pa

    columns = {}
    for field in shape.schema():
        values = [getattr(row, field.name) for row in rows]
        if pa.types.is_timestamp(field.type):
            columns[field.name] = pa.array(values, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        elif pa.types.is_dictionary(field.type):
            columns[field.name] = pa.array(values, pa.string())
        else:
            columns[field.name] = pa.array(values, field.type)
    return pa.table(columns)


def _replaced(rows: list[Row], logged: dict[int, int]) -> Any:
    """Which versions have a successor among the rows, and when that became known."""
    import pyarrow as pa

    known = {(row.contact, row.version): row.known_at for row in rows}
    before = [
        (contact, version - 1, at)
        for (contact, version), at in known.items()
        if (contact, version - 1) in known or 0 < logged[contact] == version - 1
    ]
    return pa.table(
        {
            "contact": pa.array([each[0] for each in before], pa.int64()),
            "version": pa.array([each[1] for each in before], pa.int32()),
            "known_at": pa.array([each[2] for each in before], pa.int64()).cast(
                pa.timestamp("us", tz="UTC")
            ),
        }
    )
