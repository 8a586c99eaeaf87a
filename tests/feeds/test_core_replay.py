# ruff: noqa: E501  messages and rows are shown as they are
"""Replay: one message after a mapping was mended, and everything from the landing alone."""

import pytest
from django.db import connection
from hl7_samples import adt, merge

from onesystem import contacts, people, wiring
from onesystem.access import Actor
from onesystem.feeds.again import replay, unfinished
from onesystem.feeds.feed_actions import map_place
from onesystem.feeds.intake import take_messages
from onesystem.feeds.landing import Arrival, landing_of
from onesystem.feeds.models import Cursor, Flag, Message, SourceCount
from onesystem.vocabulary import NotFound

pytestmark = pytest.mark.django_db(transaction=True)
MENDER = Actor(name="mender", roles=frozenset({"integration-engineer"}), kind="person")
FEED = [
    adt("A01", "0800", visit="V1", person="1001", ward="ED"),
    adt("A02", "0930", visit="V1", person="1001", ward="WARDA"),
    adt("A01", "0810", visit="V2", person="1002", nhs="9912003888", family="JONES", given="ALUN"),
    adt("A08", "1000", visit="V1", person="1001", ward="LOUNGE"),
    adt("A01", "0900", visit="", person="1003", nhs=""),
    merge("1002", "1001"),
    adt("A03", "1300", visit="V1", person="1001"),
]


@pytest.fixture(autouse=True)
def _here(district):
    wiring.connect()


def send(*messages):
    return take_messages([Arrival(source="pas", data=m, format="hl7v2") for m in messages])


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def state():
    """Everything after the landing, without ids of rows that only count up."""
    return {
        "messages": rows("SELECT id, source, digest, state, rule, known_at FROM feeds_message ORDER BY id"),
        "contacts": rows("SELECT contact, identity, service, started, ended, cancelled, version, "
                         "known_at, message FROM contacts_contact ORDER BY contact"),
        "versions": rows("SELECT contact, version, service, known_at FROM contacts_version "
                         "ORDER BY contact, version"),
        "people": rows("SELECT id, source, subject, person, family FROM people_identity ORDER BY id"),
        "flags": sorted(rows("SELECT message, rule, what FROM feeds_flag")),
        "counts": rows("SELECT source, landed, read, quarantined FROM feeds_sourcecount"),
    }  # fmt: skip


class TestOne:
    def test_after_its_place_was_mapped(self):
        message = send(adt("A01", ward="LOUNGE"))[0].message
        map_place(source="pas", place="LOUNGE", service="ward-b", reason="the day room",
                  by=MENDER)  # fmt: skip
        assert replay([message]).read == 1
        (contact,) = contacts.inside()
        assert contact.service == "ward-b"
        assert not Flag.objects.exists()

    def test_of_the_quarantine_when_nothing_changed(self):
        send(*FEED)
        before = state()
        done = replay(quarantined=True)
        assert (done.read, done.quarantined) == (0, 1)
        after = state()
        assert after["contacts"] == before["contacts"]
        assert after["counts"] == before["counts"]

    def test_of_a_source(self):
        send(*FEED)
        before = state()
        assert replay(source="pas").read == 6
        assert state()["contacts"] == before["contacts"]

    def test_of_a_message_that_is_not_there(self):
        with pytest.raises(NotFound):
            replay([999_999])


class TestAll:
    def test_gives_the_same(self):
        for each in FEED:
            send(each)
        before = state()
        done = replay(everything=True)
        assert (done.read, done.quarantined) == (6, 1)
        assert state() == before

    def test_goes_on_where_it_was_stopped(self, monkeypatch):
        from onesystem.feeds import again

        monkeypatch.setattr(again, "_BATCH", 2)
        send(*FEED)
        before = state()
        asked = iter([False, False])
        assert replay(everything=True, cancel=lambda: next(asked, True)).stopped
        assert unfinished()
        assert not replay(everything=True).stopped
        assert not unfinished()
        assert state() == before

    def test_from_the_landing_alone(self, district):
        """Even the rows of the messages can be lost: the landing knows them all."""
        send(*FEED)
        before = state()
        landing_of(district.path).close()
        for model in (Message, Cursor, SourceCount, Flag):
            model.objects.all().delete()
        assert replay(everything=True).read == 6
        after = state()
        assert [m[1:5] for m in after["messages"]] == [m[1:5] for m in before["messages"]]
        assert [c[:6] for c in after["contacts"]] == [c[:6] for c in before["contacts"]]
        assert people.people_count() > 0
