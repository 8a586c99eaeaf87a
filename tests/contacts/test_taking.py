"""Taking in live events: kept, folded, versioned, announced."""

import random

import pytest
from django.db import connection, transaction
from stays import KNOWN, at, event

from onesystem import contacts
from onesystem.contacts import store

pytestmark = pytest.mark.django_db

STAY = [
    event("start", "08:00", service="ed", mode="ambulance"),
    event("move", "11:00", service="ward-a", bed="4"),
    event("ready", "15:00"),
    event("end", "17:00", outcome="home"),
]


def take(*events, message=1, identity=7, source="pas"):
    with transaction.atomic():
        return contacts.take([(source, identity, message, e) for e in events], known_at=KNOWN)


def state():
    """What the contacts say, without versions."""
    return sorted((row.key, *row.content) for row in store.select("1 = 1"))


class TestTaking:
    def test_each_message_makes_at_most_one_version(self, district):
        for message, each in enumerate(STAY, start=1):
            take(each, message=message)
        ed, ward = sorted(store.select("1 = 1"), key=lambda row: row.key)
        assert (ed.key, ed.service, ed.version, ed.message) == ("V1", "ed", 2, 2)
        assert (ward.key, ward.service, ward.version, ward.outcome) == ("V1/2", "ward-a", 3, "home")
        assert ward.cause == ed.contact
        earlier = store.select("contact = %s", [ward.contact], table="contacts_version")
        assert sorted((row.version, row.message) for row in earlier) == [(1, 2), (2, 3)]

    def test_the_same_again_changes_nothing(self, district):
        first = take(*STAY)
        assert (first.contacts_new, first.versions) == (2, 2)
        assert take(*STAY, message=2) == contacts.Counts()

    def test_any_order_and_any_batches_end_the_same(self, district):
        take(*STAY)
        orderly = state()
        for seed in range(6):
            for table in ("contact", "version", "event"):
                store.delete_in(f"contacts_{table}", "message", range(20))
            mixed = [*STAY, STAY[1]]
            random.Random(seed).shuffle(mixed)
            cut = seed % 4 + 1
            take(*mixed[:cut], message=1)
            take(*mixed[cut:], message=2)
            assert state() == orderly

    def test_a_stretch_that_is_taken_back_is_a_cancelled_version(self, district):
        take(STAY[0], STAY[1])
        counts = take(event("unmove", "11:05"), message=2)
        ed, ward = sorted(store.select("1 = 1"), key=lambda row: row.key)
        assert (ed.ended, ward.cancelled, ward.version) == (None, True, 2)
        assert counts.cancelled == 1

    def test_times_that_cannot_be_right_are_kept_and_counted(self, district):
        assert take(STAY[0], event("end", "07:00", recorded=at("09:00"))).flagged == 1

    def test_two_visits_of_one_number_in_two_sources_are_two(self, district):
        take(STAY[0])
        take(STAY[0], source="other")
        assert len(store.select("1 = 1")) == 2

    def test_an_unmapped_place_gets_the_plainest_setting(self, district):
        take(event("start", "08:00", service="pas/X9"))
        assert store.select("1 = 1")[0].setting == "community"

    def test_a_batch_of_nothing_is_nothing(self, district):
        assert take() == contacts.Counts()


class TestTheOutbox:
    def test_one_row_for_each_service_of_a_batch(self, district):
        before = contacts.last_change()
        take(STAY[0], event("start", "08:05", visit="V2", service="ed"))
        assert [(c.topic, c.payload) for c in contacts.changes_since(before)] == [
            ("contacts", {"service": "ed", "changed": 2})
        ]

    def test_what_is_undone_is_not_announced(self, district):
        before = contacts.last_change()

        def fail():
            with transaction.atomic():
                contacts.announce("contacts", {"service": "ed"})
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert contacts.changes_since(before) == []

    def test_old_changes_go_and_ids_never_start_again(self, district):
        from onesystem.contacts import outbox

        contacts.announce("a", {})
        contacts.announce("b", {})
        last = contacts.last_change()
        outbox.forget_changes(older_than=KNOWN.replace(year=2200))
        assert contacts.last_change() == last
        contacts.announce("c", {})
        assert contacts.last_change() > last


class TestConstraints:
    def test_the_database_refuses_a_contact_without_a_time(self, district):
        from django.db import IntegrityError

        take(STAY[0])
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE contacts_contact SET started = NULL")
