"""One reader over both stores: the latest, what was known at a moment, who is inside."""

from datetime import timedelta

import pytest
from django.db import transaction
from stays import KNOWN, OLD, append, at, event, old, open_one, rows

from onesystem import contacts
from onesystem.contacts import queries, store
from onesystem.vocabulary import Standing, contact_id

pytestmark = pytest.mark.django_db(transaction=True)


def take(*events, message=5, known_at=KNOWN, identity=7):
    with transaction.atomic():
        return contacts.take([("pas", identity, message, e) for e in events], known_at=known_at)


class TestOfIdentities:
    def test_newest_first_over_both_stores(self, district):
        append(rows(old(), open_one(), old("A2", started=OLD - timedelta(days=3))))
        found = contacts.of_identities([7])
        assert [c.started for c in found] == [at("08:00"), OLD, OLD - timedelta(days=3)]
        assert [c.standing for c in found][:2] == [Standing.HERE, Standing.ENDED]

    def test_the_newest_are_whole_visits_with_all_that_is_open(self, district):
        """However long ago somebody came who is there still; the log is not asked."""
        append(rows(old(), open_one("B0", started=at("08:00") - timedelta(days=30))))
        for n in range(4):
            day = {"visit": f"V{n}", "day": n}
            take(event("start", "10:00", service="ed", **day))
            take(event("move", "11:00", service="ward-a", **day))
            take(event("end", "12:00", **day))
        found = contacts.newest_of([7], visits=2)
        assert [(c.service, c.standing) for c in found] == [
            ("ward-a", Standing.ENDED), ("ed", Standing.ENDED), ("ed", Standing.HERE),
        ]  # fmt: skip
        assert contacts.newest_of([8]) == []

    def test_other_people_are_not_in_it(self, district):
        append(rows(old(), old("A2", identity=8)))
        assert [c.identity for c in contacts.of_identities([8])] == [8]
        assert contacts.of_identities([]) == []

    def test_the_operational_store_wins_over_the_log(self, district):
        append(rows(old("V1")))
        take(event("note", "09:00", outcome="home", started=OLD))
        (found,) = contacts.of_identities([7])
        assert (found.version, found.outcome) == (2, "home")

    def test_a_contact_that_moved_to_another_identity_left_the_first(self, district):
        append(rows(old()))
        append(rows({**old(identity=8), "ended": None}), message=2)
        assert contacts.of_identities([7]) == []
        assert [c.version for c in contacts.of_identities([8])] == [2]


class TestWhatWasKnown:
    def test_as_of_over_both_stores(self, district):
        append(rows(old(reason="first"), open_one()))
        append(rows(old(reason="second")), message=2, known_at=KNOWN + timedelta(days=1))
        before, between, after = (KNOWN + timedelta(hours=h) for h in (-1, 1, 25))
        assert contacts.of_identities([7], as_of=before) == []
        assert [c.reason for c in contacts.of_identities([7], as_of=between)] == ["", "first"]
        assert [c.reason for c in contacts.of_identities([7], as_of=after)] == ["", "second"]

    def test_versions_of_a_contact_oldest_first(self, district):
        append(rows(old("V1")))
        append(rows(old("V1", reason="fall")), message=2)
        take(event("note", "09:00", outcome="home", started=OLD), message=3)
        contact = contact_id("pas", "V1")
        found = contacts.versions_of(contact)
        assert [(c.version, c.reason, c.outcome) for c in found] == [
            (1, "", ""),
            (2, "fall", ""),
            (3, "fall", "home"),
        ]

    def test_versions_of_a_contact_that_only_the_log_has(self, district):
        append(rows(old()))
        contact = contact_id("pas", "A1")
        assert len(contacts.versions_of(contact)) == 1
        assert contacts.versions_of(contact) == contacts.versions_of(contact, identities=[7])
        assert contacts.versions_of(12345) == []


class TestNow:
    def test_inside_is_who_has_started_and_not_ended(self, district):
        take(
            event("start", "08:00", service="ed"),
            event("request", "07:00", visit="V2", service="ed"),
            event("start", "06:00", visit="V3", service="ed"),
            event("end", "07:00", visit="V3"),
            event("start", "06:00", visit="V4", service="ed"),
            event("cancel", "07:00", visit="V4"),
        )
        assert [c.key for c in contacts.inside()] == ["V1"]
        assert [c.key for c in contacts.open_contacts()] == ["V2", "V1"]

    def test_now_rows_are_the_open_and_those_of_the_last_day(self, district):
        take(
            event("start", "08:00", service="ed"),
            event("start", "06:00", visit="V3", service="ed"),
            event("end", "07:00", visit="V3"),
        )
        assert {c.key for c in contacts.now_rows(at("12:00"))} == {"V1", "V3"}
        assert {c.key for c in contacts.now_rows(at("12:00", day=3))} == {"V1"}

    def test_count_counts_each_contact_once(self, district):
        append(rows(old("V1"), open_one()))
        take(event("note", "09:00", outcome="home", started=OLD))
        assert queries.count() == {
            "contacts": 2, "open": 1, "operational": 2, "log": 0, "versions": 3
        }  # fmt: skip
        assert queries.last_known() == KNOWN
        assert len(store.select("1 = 1")) == 2
