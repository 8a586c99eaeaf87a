"""Taking in events of visits as they arrive, and making contacts of them.

Every event is kept; a visit's contacts are the fold of all its events. So a message that comes
late, twice or out of order leaves the same contacts as the orderly stream would have. What a
contact said before stays as an earlier version, one for each message that changed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from onesystem.contacts import outbox, store
from onesystem.contacts.fold import fold
from onesystem.contacts.rows import (
    Row,
    base_from,
    base_json,
    digest_of,
    event_from,
    event_json,
    state_of,
    stretch_of,
    stretch_row,
)
from onesystem.contacts.stretches import Stretch, Told, key_of, odd
from onesystem.contacts.touching import touch
from onesystem.vocabulary import ContactEvent, Setting, contact_id
from onesystem.vocabulary.kept import to_micros

Taken = tuple[str, int, int, ContactEvent]  # source, identity, message, event
_BASE = 0  # the digest under which a visit's base is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What taking in changed. `flagged` are contacts whose times cannot be right but are kept."""

    contacts_new: int = 0
    versions: int = 0
    cancelled: int = 0
    flagged: int = 0
    unchanged: int = 0
    refused: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            contacts_new=self.contacts_new + other.contacts_new,
            versions=self.versions + other.versions,
            cancelled=self.cancelled + other.cancelled,
            flagged=self.flagged + other.flagged,
            unchanged=self.unchanged + other.unchanged,
            refused=self.refused + other.refused,
        )


@dataclass(slots=True)
class _Visit:
    """What is kept of one visit while a batch is taken in."""

    source: str
    key: str
    id: int
    told: list[Told] = field(default_factory=list)
    digests: set[int] = field(default_factory=set)
    base: list[Stretch] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)  # the latest version by contact
    changed: dict[int, Row] = field(default_factory=dict)


@dataclass(slots=True)
class _Batch:
    """What a batch will write."""

    known_at: int
    moment: datetime
    events: list[tuple[int, int, str, int, int, int, str]] = field(default_factory=list)
    earlier: list[Row] = field(default_factory=list)
    services: dict[str, int] = field(default_factory=dict)
    new: int = 0
    versions: int = 0
    cancelled: int = 0
    flagged: int = 0


def take(taken: Sequence[Taken], *, known_at: datetime) -> Counts:
    """Take in events in the order in which they came. Call it inside a transaction.

    `known_at` is when the messages were received. Each message makes at most one version of a
    contact, however the messages are cut into batches, so a replay counts the same versions.
    """
    if not taken:
        return Counts()
    by_visit: dict[tuple[str, str], list[Taken]] = {}
    for item in taken:
        by_visit.setdefault((item[0], item[3].visit), []).append(item)
    visits = {
        contact_id(source, key): _Visit(source, key, contact_id(source, key))
        for source, key in by_visit
    }
    store.lock(visits)
    batch = _Batch(to_micros(known_at), known_at)
    _recall(visits, by_visit, batch)
    for visit in visits.values():
        _take_visit(visit, by_visit[visit.source, visit.key], batch)
    changed = [row for visit in visits.values() for row in visit.changed.values()]
    store.write(rows=changed, earlier=batch.earlier, events=batch.events)
    touch(row.identity for rows in (changed, batch.earlier) for row in rows)
    for service, count in sorted(batch.services.items()):
        outbox.announce("contacts", {"service": service, "changed": count})
    return Counts(
        contacts_new=batch.new,
        versions=batch.versions,
        cancelled=batch.cancelled,
        flagged=batch.flagged,
    )


def _recall(
    visits: dict[int, _Visit], by_visit: dict[tuple[str, str], list[Taken]], batch: _Batch
) -> None:
    """Read what is kept of the visits: events, contacts, and what lies in the log of old ones."""
    for row in store.select_in("visit", visits):
        visits[row.visit].rows[row.contact] = row
    for number, digest, identity, body in store.events_of(visits):
        _hear(visits[number], digest, body, identity)
    for visit in visits.values():
        if visit.rows and not visit.told and not visit.base:
            telling = {message for _, _, message, _ in by_visit[visit.source, visit.key]}
            _recall_extract(visit, telling, batch)
    unknown = [v for v in visits.values() if not v.rows and not v.told and not v.base]
    if unknown:
        _recall_log(unknown, by_visit, batch)


def _hear(visit: _Visit, digest: int, body: str, identity: int) -> None:
    """An event of the visit that was kept."""
    if digest == _BASE:
        visit.base = base_from(body)
    else:
        visit.digests.add(digest)
        visit.told.append(Told(event_from(body), identity))


def _recall_extract(visit: _Visit, telling: set[int], batch: _Batch) -> None:
    """A contact that came in an extract has no event yet: its row is one.

    Not where the message behind the row tells it anew: a replay took its events back before.
    """
    for row in visit.rows.values():
        if row.message in telling:
            continue
        _keep(visit, state_of(row, visit.key), row.identity, row.message, row.known_at, batch)


def _recall_log(
    unknown: list[_Visit], by_visit: dict[tuple[str, str], list[Taken]], batch: _Batch
) -> None:
    """Bring contacts back from the log where a message touches a visit that ended long ago."""
    from onesystem.contacts import pending
    from onesystem.contacts.log import events, recall

    asked = {
        v.id: (v.source, v.key, [(item[1], item[3]) for item in by_visit[v.source, v.key]])
        for v in unknown
    }
    now = pending.seen()
    recalled = recall.visits(asked, now, known_at=batch.moment)
    told = events.of(recalled, now) if recalled else {}
    known = {visit.id: visit for visit in unknown}
    for number, rows in recalled.items():
        visit = known[number]
        visit.rows = {row.contact: row for row in rows}
        telling = {message for _, _, message, _ in by_visit[visit.source, visit.key]}
        if number in told:
            for event in told[number]:
                if event.message not in telling:  # a replay tells it anew
                    _hear(visit, event.digest, event.body, event.identity)
                    batch.events.append(event)
        else:  # it came in an extract
            visit.base = [stretch_of(row) for row in rows]
            body = base_json(visit.base).decode()
            batch.events.append(
                (visit.id, _BASE, visit.source, rows[-1].identity, 0, batch.known_at, body)
            )
        # They belong to the operational store from now on, changed or not.
        visit.changed = dict(visit.rows)


def _keep(
    visit: _Visit, event: ContactEvent, identity: int, message: int, known_at: int, batch: _Batch
) -> bool:
    body = event_json(event)
    digest = digest_of(body + identity.to_bytes(8, "little", signed=True))
    if digest in visit.digests:
        return False
    visit.digests.add(digest)
    visit.told.append(Told(event, identity))
    batch.events.append(
        (visit.id, digest, visit.source, identity, message, known_at, body.decode())
    )
    return True


def _take_visit(visit: _Visit, items: list[Taken], batch: _Batch) -> None:
    """Fold the visit again after each message that said something new of it."""
    position = 0
    while position < len(items):
        message = items[position][2]
        heard = False
        while position < len(items) and items[position][2] == message:
            _, identity, _, event = items[position]
            heard |= _keep(visit, event, identity, message, batch.known_at, batch)
            position += 1
        if heard:
            _compare(visit, fold(visit.told, visit.base), message, batch)


def rows_from(
    stretches: list[Stretch], *, source: str, visit: str, known_at: int, message: int
) -> list[Row]:
    """The contacts that a fold says, as first versions; those that have no time yet left out."""
    rows = []
    number = contact_id(source, visit)
    before = ""
    for index, stretch in enumerate(stretches):
        key = key_of(visit, index)
        # The stretch before led to this one, unless it says itself what did.
        if before and not stretch.cause:
            stretch = stretch._replace(cause=before)  # noqa: PLW2901
        before = key
        if stretch.timed:
            row = stretch_row(
                stretch,
                source=source,
                visit=number,
                key=key,
                setting=stretch.setting or _setting_of(stretch.service),
                version=1,
                known_at=known_at,
                message=message,
                logged=0,
            )
            rows.append(row)
    return rows


def _compare(visit: _Visit, stretches: list[Stretch], message: int, batch: _Batch) -> None:
    """Make a version of every contact of the visit that now says something else."""
    rows = rows_from(
        stretches,
        source=visit.source,
        visit=visit.key,
        known_at=batch.known_at,
        message=message,
    )
    for row in rows:
        _put(visit, row, batch)
    seen = {row.contact for row in rows}
    for contact, row in list(visit.rows.items()):
        if contact not in seen and not row.cancelled:
            gone = row._replace(cancelled=True, known_at=batch.known_at, message=message)
            _put(visit, gone, batch)


def _put(visit: _Visit, row: Row, batch: _Batch) -> None:
    old = visit.rows.get(row.contact)
    if old is None:
        batch.new += 1
    elif old.content == row.content:
        return
    else:
        row = row._replace(version=old.version + 1, logged=old.logged)
        if old.version > old.logged:
            batch.earlier.append(old)
        batch.cancelled += row.cancelled and not old.cancelled
    visit.rows[row.contact] = visit.changed[row.contact] = row
    batch.versions += 1
    batch.services[row.service] = batch.services.get(row.service, 0) + 1
    if old and old.service != row.service:
        batch.services[old.service] = batch.services.get(old.service, 0) + 1
    batch.flagged += _is_odd(row, batch.moment)


def _is_odd(row: Row, moment: datetime) -> bool:
    stretch = stretch_of(row)
    return bool(odd(stretch.started, stretch.ended, moment))


def _setting_of(service: str) -> str:
    """The setting where the event did not say one: the service's own, else the plainest."""
    from onesystem.district import current

    return current().setting_of(service) or Setting.COMMUNITY
