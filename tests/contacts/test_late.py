"""A correction that comes when its visit has left for the log ends as if it had not left."""

from datetime import timedelta

import pytest
from django.db import transaction
from stays import KNOWN, event

from onesystem import contacts
from onesystem.access import Actor
from onesystem.contacts import store

pytestmark = pytest.mark.django_db(transaction=True)
LATER = KNOWN + timedelta(days=200)
STAY = (
    event("start", "08:00", service="ed", mode="ambulance"),
    event("move", "11:00", service="ward-a", bed="4"),
    event("ready", "15:00"),
    event("end", "17:00", outcome="home"),
)
AGAIN = (
    event("start", "09:00", day=1, service="ed"),
    event("end", "10:00", day=1, outcome="home"),
)
LATE = {
    "A08": event("note", "18:00", day=2, service="ward-a", urgency="high"),
    "A08 of the start": event("note", "18:00", day=2, started=STAY[0].at - timedelta(hours=1)),
    "A11": event("cancel", "18:00", day=2),
    "A12": event("unmove", "18:00", day=2, service="ed"),
    "A13": event("unend", "18:00", day=2),
    "A25": event("unready", "18:00", day=2),
    "A03 again": event("end", "17:30", recorded=event("end", "18:00", day=2).at, outcome="home"),
}


def take(*events, message):
    with transaction.atomic():
        contacts.take([("pas", 7, message, e) for e in events], known_at=LATER)


def state():
    """What the contacts say; of cancelled ones, that they are."""
    found = contacts.of_identities([7])
    return sorted(
        (c.contact, c.cancelled, *(() if c.cancelled else (
            c.service, c.requested, c.started, c.ready, c.ended, c.bed, c.mode, c.urgency,
            c.outcome, c.by, c.cause,
        )))
        for c in found
    )  # fmt: skip


def told(events):
    """Each event as a message of its own."""
    for number, each in enumerate(events, start=1):
        take(each, message=number)


@pytest.mark.parametrize(
    ("before", "late"),
    [*((STAY, late) for late in LATE), *((AGAIN, late) for late in LATE),
     *((STAY + AGAIN, late) for late in LATE if late not in {"A12", "A25"})],
)  # fmt: skip
def test_as_if_it_had_never_left(district, before, late):
    """Once in hospital, once in ED, or both under one number."""
    told((*before, LATE[late]))
    expected = state()
    contacts.erase()
    told(before)
    contacts.compact(by=Actor.job("compaction"), at=LATER)
    assert not store.select("1 = 1")
    take(LATE[late], message=9)
    assert state() == expected
