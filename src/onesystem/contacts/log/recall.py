"""Bringing back from the log the visits that a late message touches.

Only where it can be: a visit that began after everything that the log holds of its source is not
in it, and that is nearly every live message, which therefore never reads the log. A contact is
looked for under the person whom the message names; where that fails and the visit is an old one,
under its id.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from onesystem.contacts.log.manifest import Manifest
from onesystem.contacts.log.seek import Sought, seek
from onesystem.contacts.rows import Row
from onesystem.contacts.stretches import key_of
from onesystem.district import current
from onesystem.vocabulary import Act, ContactEvent, contact_id
from onesystem.vocabulary.kept import from_micros

Asked = tuple[str, str, list[tuple[int, ContactEvent]]]  # source, visit, (identity, event)
_BEGINS = frozenset({Act.START, Act.REQUEST, Act.STATE})


def visits(
    asked: Mapping[int, Asked], now: Manifest, *, known_at: datetime
) -> dict[int, list[Row]]:
    """The latest rows of those visits that lie in the log, by visit id.

    `known_at` is when the messages were received: what was recent then is not sought by its id.
    """
    sources = {source for source, _, _ in asked.values()}
    horizons = {source: from_micros(now.until(source)) for source in sources if now.has(source)}
    old = {
        number: each
        for number, each in asked.items()
        if each[0] in horizons and not _after(each[2], horizons[each[0]])
    }
    if not old:
        return {}
    found = _under(_people(old), old, now)
    recent = known_at - timedelta(days=current().recent_days)
    others = {
        number: Sought(source, _began(events))
        for number, (source, _, events) in old.items()
        if number not in found and _told_of(events, before=recent)
    }
    people = {p for each in seek(others, now).values() for p in each.identities}
    if people:
        found |= _under(people, {number: old[number] for number in others}, now)
    return found


def _people(asked: Mapping[int, Asked]) -> set[int]:
    return {identity for _, _, events in asked.values() for identity, _ in events}


def _under(people: set[int], asked: Mapping[int, Asked], now: Manifest) -> dict[int, list[Row]]:
    """Those of the visits that are among these people's contacts."""
    from onesystem.contacts.log import read

    known = {row.contact: row for row in read.latest(people, now)}
    found = {number: _stretches(known, number, *each[:2]) for number, each in asked.items()}
    return {number: rows for number, rows in found.items() if rows}


def _told_of(events: list[tuple[int, ContactEvent]], *, before: datetime) -> bool:
    """Whether the events tell of a time so long ago that the visit may have left the store."""
    times = (t for _, e in events for t in (e.at, e.requested, e.started, e.ready, e.ended))
    return any(t is not None and t < before for t in times)


def _after(events: list[tuple[int, ContactEvent]], horizon: datetime) -> bool:
    """Whether the visit is known to have begun after all that the log holds."""
    began = _began(events)
    return began is not None and began > horizon


def _began(events: list[tuple[int, ContactEvent]]) -> datetime | None:
    """The first time at which the events say that the visit began, if they do."""
    begun = [
        moment
        for _, event in events
        if (moment := event.started or (event.at if event.act in _BEGINS else None))
    ]
    return min(begun, default=None)


def _stretches(known: Mapping[int, Row], number: int, source: str, visit: str) -> list[Row]:
    rows: list[Row] = []
    for index in count():
        key = key_of(visit, index)
        row = known.get(contact_id(source, key))
        if row is None:
            return rows
        rows.append(row._replace(visit=number, key=key))
    return rows
