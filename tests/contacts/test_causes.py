"""What led to a contact, and when it is due: told by events and rows, kept by both stores."""

from datetime import timedelta

import pyarrow as pa
import pytest
from django.db import transaction
from stays import KNOWN, append, at, event, old, open_one, rows

from onesystem import contacts
from onesystem.access import Actor
from onesystem.contacts.log import manifest, merge
from onesystem.open import District
from onesystem.vocabulary import contact_id, key_elsewhere

pytestmark = pytest.mark.django_db(transaction=True)
CALL = key_elsewhere("ambulance", "A17")
LATER = KNOWN + timedelta(days=200)


def take(*events, message=5):
    with transaction.atomic():
        return contacts.take([("pas", 7, message, e) for e in events], known_at=KNOWN)


def with_words(table, **columns):
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    return table


class TestCause:
    def test_another_source_may_have_led_to_a_visit(self, district):
        take(event("start", "08:00", service="ed", cause=CALL))
        (ed,) = contacts.of_identities([7])
        assert ed.cause == contact_id("ambulance", "A17")

    def test_it_led_to_the_first_stretch_whenever_it_is_told(self, district):
        """A message about the ward that repeats the ambulance's number does not move the arrow."""
        take(event("start", "08:00", service="ed"))
        take(event("move", "11:00", service="ward-a", cause=CALL), message=6)
        take(event("end", "17:00", cause=CALL), message=7)
        ward, ed = contacts.of_identities([7])
        assert (ed.cause, ward.cause) == (contact_id("ambulance", "A17"), ed.contact)

    def test_rows_name_other_sources_in_both_stores(self, district):
        append(with_words(rows(old("A1"), open_one("B1"), old("A2")),
                          cause_key=[CALL, CALL, "A1"]))  # fmt: skip
        causes = {c.contact: c.cause for c in contacts.of_identities([7])}
        call = contact_id("ambulance", "A17")
        assert causes == {
            contact_id("pas", "A1"): call,
            contact_id("pas", "B1"): call,
            contact_id("pas", "A2"): contact_id("pas", "A1"),
        }


class TestPlanned:
    def test_an_appointment_keeps_when_it_was_due(self, district):
        take(event("request", "08:00", service="ed", requested=at("08:00"), planned=at("09:00", 5)))
        take(event("start", "09:20", day=5, service="ed"), message=6)
        (seen,) = contacts.of_identities([7])
        assert (seen.planned, seen.started) == (at("09:00", 5), at("09:20", 5))

    def test_a_state_without_it_does_not_take_it_back(self, district):
        take(event("state", "08:00", service="ed", requested=at("08:00"), planned=at("09:00", 5)))
        take(event("state", "09:20", day=5, service="ed", started=at("09:20", 5)), message=6)
        assert [c.planned for c in contacts.of_identities([7])] == [at("09:00", 5)]

    def test_it_alone_makes_no_contact(self, district):
        take(event("note", service="ed", recorded=at("08:00"), planned=at("09:00", 5)))
        assert contacts.of_identities([7]) == []

    def test_compaction_keeps_it(self, district):
        take(event("request", "08:00", service="ed", requested=at("08:00"), planned=at("09:00")))
        take(event("cancel", "08:30"), message=6)
        before = contacts.of_identities([7])
        contacts.compact(by=Actor.job("compaction"), at=LATER)
        after = contacts.of_identities([7])
        assert [c.planned for c in after] == [c.planned for c in before] == [at("09:00")]


def test_files_without_planned_times_are_read_beside_those_with(district):
    """A file in which nobody has one leaves the column out; readers and merges do not notice."""
    due = at("09:00") - timedelta(days=400)
    append(rows(old("A1"), old("A2")))
    appointments = rows(old("A3", identity=8))
    append(with_words(appointments, planned=pa.array([due], pa.timestamp("us", tz="UTC"))), 2)
    now = manifest.current()
    assert sorted(file.planned for file in now.months) == [False, True]
    for _ in range(2):
        assert [c.planned for c in contacts.of_identities([7])] == [None, None]
        assert [c.planned for c in contacts.of_identities([8])] == [due]
        assert [c.planned for c in contacts.versions_of(contact_id("pas", "A3"))] == [due]
        found = District.open(district.path, url="").contacts.filter("planned IS NOT NULL")
        assert found.project("contact").fetchall() == [(contact_id("pas", "A3"),)]
        assert not [p for p in contacts.verify().problems if "message" not in p]
        merge.merge_months(str, many=2)
        merge.merge_runs(str, many=2)
