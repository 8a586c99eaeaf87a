"""Bringing back from the log the visits that a late message touches.

Only where it can be: a visit that began after everything that the log holds of its source is not
in it, and that is nearly every live message, which therefore never reads the log.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import count

from onesystem.contacts.fold import key_of
from onesystem.contacts.log.manifest import Manifest
from onesystem.contacts.moments import from_micros
from onesystem.contacts.rows import Row
from onesystem.vocabulary import Act, ContactEvent, contact_id

Asked = tuple[str, str, list[tuple[int, ContactEvent]]]  # source, visit, (identity, event)
_BEGINS = frozenset({Act.START, Act.REQUEST, Act.STATE})


def visits(asked: Mapping[int, Asked], now: Manifest) -> dict[int, list[Row]]:
    """The latest rows of those visits that lie in the log, by visit id."""
    if not now.months:
        return {}
    old = {
        number: each
        for number, each in asked.items()
        if now.has(each[0]) and not _after(each[2], from_micros(now.until(each[0])))
    }
    if not old:
        return {}
    from onesystem.contacts.log import read

    identities = {identity for _, _, events in old.values() for identity, _ in events}
    known = {row.contact: row for row in read.latest(identities, now)}
    found = {number: _stretches(known, number, *each[:2]) for number, each in old.items()}
    return {number: rows for number, rows in found.items() if rows}


def _after(events: list[tuple[int, ContactEvent]], horizon: datetime) -> bool:
    """Whether the visit is known to have begun after all that the log holds."""
    begun = [
        moment
        for _, event in events
        if (moment := event.started or (event.at if event.act in _BEGINS else None))
    ]
    return bool(begun) and min(begun) > horizon


def _stretches(known: Mapping[int, Row], number: int, source: str, visit: str) -> list[Row]:
    rows: list[Row] = []
    for index in count():
        key = key_of(visit, index)
        row = known.get(contact_id(source, key))
        if row is None:
            return rows
        rows.append(row._replace(visit=number, key=key))
    return rows
