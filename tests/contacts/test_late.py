"""A correction that comes when its visit has left for the log ends as if it had not left."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from stays import KNOWN, event

from onesystem import contacts
from onesystem.access import Actor
from onesystem.contacts import store
from onesystem.contacts.log import manifest

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


CARELESS = (
    event("start", "08:00", service="ed", mode="ambulance"),
    event("start", "08:00", service="ed", bed="1", recorded=event("note", "08:20").at),
    event("move", "11:00", service="ward-a", bed="4"),
    event("note", "11:30", urgency="high"),
    event("move", "12:00", service="ward-b", bed="9"),
    event("unmove", "12:30", service="ward-a"),
    event("end", "17:00", outcome="home"),
    event("end", "17:30", outcome="referred", recorded=event("note", "18:00").at),
    event("note", "19:00", service="ward-a", by="C1"),
)


@pytest.mark.parametrize("seed", range(12))
def test_any_order_with_compaction_between_ends_the_same(district, seed):
    """Recorded before what the log has already, after it, or twice: it is folded where it belongs.

    Compacted after any of them once something has ended, and again. A contact that was there for a
    while only in one of the orders is cancelled in that one, and not counted.
    """

    def standing():
        return [each for each in state() if not each[1]]

    draw = random.Random(seed)
    said = [*draw.sample(CARELESS, draw.randint(3, len(CARELESS))), CARELESS[6]]
    told(said)
    expected = standing()
    contacts.erase()
    draw.shuffle(said)
    for number, each in enumerate(said, start=1):
        take(each, message=number)
        if draw.random() < 0.6:
            contacts.compact(by=Actor.job("compaction"), at=LATER)
    assert standing() == expected
    assert not [each for each in contacts.verify().problems if "landing" not in each]


def test_a_message_recorded_before_a_compacted_visits_end_does_not_undo_it(district):
    """A late note of the morning says where the person was then, not where they ended."""
    told(STAY)
    contacts.compact(by=Actor.job("compaction"), at=LATER)
    take(event("note", "08:30", service="ed", outcome="waits", urgency="high"), message=9)
    assert [(c.service, c.outcome) for c in contacts.of_identities([7])] == [
        ("ward-a", "home"),
        ("ed", "waits"),
    ]


def test_events_are_folded_again_however_often_their_visit_leaves(district):
    """Of several files that hold a visit the last one counts, merged or not."""
    told(STAY)
    for number in range(10, 18):
        contacts.compact(by=Actor.job("compaction"), at=LATER)
        assert not store.select("1 = 1")
        take(event("note", f"18:{number}", by=f"C{number}"), message=number)
    assert manifest.current().events
    assert len(manifest.current().events) < 8
    take(event("note", "08:30", mode="walked"), message=20)
    after, before = contacts.of_identities([7])
    assert (before.mode, after.by, after.outcome) == ("walked", "C17", "home")


def test_a_message_read_anew_after_its_visit_left_takes_its_place(district):
    """What it said the first time is taken back although it lies in the log."""
    told(STAY)
    contacts.compact(by=Actor.job("compaction"), at=LATER)
    take(event("end", "16:00", recorded=STAY[3].recorded, outcome="died"), message=4)
    assert [c.outcome for c in contacts.of_identities([7])] == ["died", ""]
