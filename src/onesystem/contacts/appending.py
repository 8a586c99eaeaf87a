"""Appending the rows of an extract in bulk.

A row states a whole contact. What is open or recent goes to the operational store, where live
messages go on with it; the rest goes to the log. A row that says what is known already changes
nothing; one that says something else is a new version.

The two stores cannot commit together. So the log's files are written first, a row of
`contacts_pending` that names them commits with the caller's transaction, and only then the
manifest takes them up. A crash before leaves files that nobody names; a crash between leaves the
pending row, and `recover` finishes it. A part of a message
counts once, however often it is appended.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from onesystem.contacts import outbox, pending, store
from onesystem.contacts.bulk import Known, known_in_log, prepared, stored
from onesystem.contacts.log import write
from onesystem.contacts.log.shape import TIMES
from onesystem.contacts.taking import Counts
from onesystem.contacts.touching import touch
from onesystem.district import current
from onesystem.vocabulary.kept import to_micros

_DAY = 86_400_000  # milliseconds


def append(table: Any, *, source: str, message: int, known_at: datetime) -> Counts:
    """Take in rows of a source: a pyarrow table, one row a contact.

    Columns: key, identity, service, setting, requested, started, ready, ended (UTC), bed, mode,
    urgency, reason, outcome, by, cause_key, cancelled; `recorded`, when the source wrote the row,
    where it says so. Missing columns are empty. Rows of one key: the last one counts. Rows without
    any time are no contacts and are counted as refused.
    """
    with transaction.atomic():
        store.lock_source(source)
        rows, refused = prepared(table, source=source, message=message, known_at=known_at)
        name = _name(rows, message)
        if name in pending.seen().commits:
            return Counts()
        recent = _stays(rows, source, known_at)
        known = known_in_log(rows, source)
        import pyarrow.compute as pc

        counts = stored(rows.filter(recent), known, source=source, known_at=known_at)
        logged, added = _to_log(
            rows.filter(pc.invert(recent)), known, name, source, message, known_at
        )
        counts = counts + added + Counts(refused=refused)
        if logged:
            outbox.announce("log", {"source": source, "rows": logged})
    return counts


def _name(rows: Any, message: int) -> str:
    """The name of this append: its message, and which contacts this part of it tells of."""
    import numpy as np

    ids = rows["contact"].to_numpy()
    return f"append-{message}-{len(ids)}-{int(np.bitwise_xor.reduce(ids)) if len(ids) else 0:x}"


def _stays(rows: Any, source: str, known_at: datetime) -> Any:
    """Which rows go to the operational store: open, recent, or of a visit that is there."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    days = current().recent_days * _DAY
    now = to_micros(known_at) // 1000
    last = pc.max_element_wise(*(rows[name].cast(pa.int64()) for name in TIMES))
    is_recent = pc.and_(pc.greater(last, now - days), pc.less(last, now + days))
    is_open = pc.and_(pc.is_null(rows["ended"]), pc.invert(rows["cancelled"]))
    there = np.array(sorted(store.visits_of(source)), dtype=np.int64)
    mine = np.isin(rows["contact"].to_numpy(), there)
    return pc.or_(pc.or_(is_recent, is_open), pa.array(mine))


def _to_log(
    rows: Any, known: Known, name: str, source: str, message: int, known_at: datetime
) -> tuple[int, Counts]:
    """Write what is new or different; the manifest follows when the transaction commits."""
    rows, gone, counts = known.split(rows, known_at)
    if not len(rows):
        return 0, counts
    written = write.write(rows, gone)
    touch(rows["identity"].unique().to_pylist())
    pending.put(
        name,
        kind="append",
        source=source,
        message=message,
        known_at=to_micros(known_at),
        written=written,
    )
    transaction.on_commit(lambda: pending.finish(name))
    return len(rows), counts
