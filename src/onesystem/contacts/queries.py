"""What can be asked of the contacts: one reader over the operational store and the log.

A contact that is in the operational store is told by it alone; whatever the log has of it is
earlier. Who may ask is decided by the rooms above, which know the asker and the purpose.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from onesystem.contacts import pending, store
from onesystem.contacts.log import manifest
from onesystem.contacts.rows import Row, contact_of
from onesystem.vocabulary import Contact
from onesystem.vocabulary.kept import from_micros, to_micros

_OPEN = "ended IS NULL AND NOT cancelled"


def of_identities(ids: Iterable[int], *, as_of: datetime | None = None) -> list[Contact]:
    """The latest version of every contact of these identities, newest first.

    Cancelled ones too: `standing` tells them. `as_of` asks what was known at a moment instead.
    """
    wanted = set(ids)
    _settled()
    if as_of is not None:
        rows = _as_of(wanted, to_micros(as_of))
    else:
        rows = list(store.select_in("identity", wanted))
        rows += _not_stored(_logged(wanted))
    return [contact_of(row) for row in sorted(rows, key=_newest)]


def newest_of(ids: Iterable[int], *, visits: int = 16) -> list[Contact]:
    """What is open of theirs, and about so many of their newest visits, newest first.

    From the operational store alone, and quicker than `of_identities` by the look into the log;
    for pages that show what is going on.
    """
    rows = sorted(store.select_in("identity", set(ids)), key=_newest)
    newest = {row.visit for row in rows[:visits]}
    newest |= {row.visit for row in rows if row.ended is None and not row.cancelled}
    return [contact_of(row) for row in rows if row.visit in newest]


def versions_of(contact: int, *, identities: Sequence[int] = ()) -> list[Contact]:
    """Every version of one contact, oldest first.

    Tell `identities` where they are known: without them, a contact that is in the log only is
    looked for in the whole of it.
    """
    _settled()
    rows = store.select("contact = %s", [contact])
    rows += store.select("contact = %s", [contact], table="contacts_version")
    if not _each_told(rows):
        people = {*identities, *(row.identity for row in rows)}
        rows += [row for row in _log_versions(contact, people) if row.version not in _numbers(rows)]
    once = {row.version: row for row in reversed(rows)}
    return [contact_of(once[version]) for version in sorted(once)]


def inside() -> list[Contact]:
    """Everyone who is somewhere now: contacts that have started and not ended, oldest first."""
    rows = store.select(f"{_OPEN} AND started IS NOT NULL ORDER BY started, contact")
    return [contact_of(row) for row in rows]


def open_contacts() -> list[Contact]:
    """Contacts that have not ended: who waits and who is there, oldest first."""
    rows = store.select(f"{_OPEN} ORDER BY coalesce(started, requested), contact")
    return [contact_of(row) for row in rows]


def now_rows(at: datetime, *, hours: int = 24) -> list[Contact]:
    """What the Now board stands on: all that is open, and what started or ended in those hours.

    Cancelled contacts are left out. Contacts as rows; the figures are worked out by who asks.
    """
    since = to_micros(at - timedelta(hours=hours))
    until = to_micros(at)
    found: dict[int, Row] = {}
    for where in (_OPEN, "started > %s AND started <= %s", "ended > %s AND ended <= %s"):
        values = [since, until] if "%s" in where else []
        found.update((row.contact, row) for row in store.select(where, values) if not row.cancelled)
    return [contact_of(row) for row in found.values()]


def count() -> dict[str, int]:
    """How many contacts are open, in the operational store and in the log, and their versions."""
    now = manifest.current()
    with store.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum(CASE WHEN {_OPEN} THEN 1 ELSE 0 END), 0),"
            " coalesce(sum(CASE WHEN logged > 0 THEN 1 ELSE 0 END), 0) FROM contacts_contact"
        )
        held, still_open, both = (int(n) for n in cursor.fetchone())
        cursor.execute("SELECT count(*) FROM contacts_version")
        earlier = int(cursor.fetchone()[0])
    return {
        "contacts": held + now.contacts - both,
        "open": still_open,
        "operational": held,
        "log": now.contacts - both,
        "versions": held + earlier + now.rows,
    }


def last_known() -> datetime | None:
    """When the operational store last learnt something: the age of every figure above it."""
    with store.cursor() as cursor:
        cursor.execute("SELECT max(known_at) FROM contacts_contact")
        (known,) = cursor.fetchone()
    return None if known is None else from_micros(known)


def _settled() -> None:
    """Finish what a crash left between the stores, so that a reader never sees half of it."""
    if pending.waiting():
        pending.recover()


def _logged(ids: Iterable[int]) -> list[Row]:
    if not manifest.current().runs:
        return []
    from onesystem.contacts.log import read

    return read.latest(ids)


def _not_stored(rows: list[Row]) -> list[Row]:
    stored = store.there([row.contact for row in rows])
    return [row for row in rows if row.contact not in stored]


def _as_of(ids: set[int], moment: int) -> list[Row]:
    """What was known at a moment. A contact may then have been of another identity."""
    stored = [
        row
        for table in ("contacts_contact", "contacts_version")
        for row in store.select_in("identity", ids, table=table)
    ]
    logged = []
    if manifest.current().runs:
        from onesystem.contacts.log import read

        logged = read.latest(ids, as_of=moment)
    contacts = {row.contact for row in (*stored, *logged)}
    latest = {row.contact: row for row in logged}
    for table in ("contacts_version", "contacts_contact"):
        for row in store.select_in("contact", contacts, table=table):
            before = latest.get(row.contact)
            if row.known_at <= moment and (before is None or row.version > before.version):
                latest[row.contact] = row
    return [row for row in latest.values() if row.identity in ids]


def _log_versions(contact: int, identities: set[int]) -> list[Row]:
    if not manifest.current().runs:
        return []
    from onesystem.contacts.log import read

    found = [row for row in read.versions(identities) if row.contact == contact]
    return found or read.versions_of(contact)


def _each_told(rows: list[Row]) -> bool:
    """Whether each version up to the latest is there: what changed lately is not in the log."""
    told = _numbers(rows)
    return bool(told) and told.issuperset(range(1, max(told)))


def _numbers(rows: list[Row]) -> set[int]:
    return {row.version for row in rows}


def _newest(row: Row) -> tuple[int, int]:
    when = row.started
    if when is None:
        known = (t for t in (row.requested, row.ready, row.ended) if t is not None)
        when = next(known, 0)
    return -when, row.contact
