"""From landed bytes to people, contacts and rows: counts, quarantine, and what must not stop it."""

import pytest
from django.db import OperationalError
from hl7_samples import adt

from onesystem import contacts, people
from onesystem.feeds import pipeline as pipelines
from onesystem.feeds.intake import pipeline_of, take_messages
from onesystem.feeds.landing import Arrival, Landing
from onesystem.feeds.models import Cursor, Flag, Message, SourceCount
from onesystem.feeds.pending import behind, process_pending
from onesystem.feeds.pipeline import Pipeline
from onesystem.feeds.takers import register_taker, takers
from onesystem.vocabulary import BadInput, Busy, Entry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_takers_left():
    before = dict(takers())
    yield
    takers().clear()
    takers().update(before)


def send(*messages, source="pas"):
    return take_messages([Arrival(source=source, data=each, format="hl7v2") for each in messages])


def counts(source="pas"):
    row = SourceCount.objects.get(source=source)
    return row.landed, row.duplicates, row.read, row.quarantined


def identity(subject="RM1:1001"):
    return people.identify([("pas", subject)], known_at=Message.objects.first().known_at)[
        "pas", subject
    ]


class TestWay:
    def test_a_message_makes_a_person_and_a_contact(self, district):
        outcome = send(adt("A01"))[0]
        assert outcome.state == "read"
        contact = contacts.of_identities([identity()])[0]
        assert (contact.service, contact.key, contact.message) == ("ward-a", "V1", outcome.message)
        assert counts() == (1, 0, 1, 0)

    def test_the_row_says_where_it_lies_and_what_it_is(self, district):
        data = adt("A01")
        send(data)
        row = Message.objects.get()
        assert (row.kind, row.format, row.size) == ("ADT^A01", "hl7v2", len(data))
        assert Landing(district.path / "landing").read(row.address) == data

    def test_the_same_again_changes_nothing(self, district):
        first = send(adt("A01"))[0]
        again, twin = send(adt("A01"), adt("A01"))
        assert (again.state, again.message) == ("duplicate", first.message)
        assert twin.state == "duplicate"
        assert Message.objects.count() == 1
        assert counts() == (1, 2, 1, 0)

    def test_two_sources_may_say_the_same(self, district):
        send(adt("A01"))
        assert send(adt("A01"), source="other")[0].state == "read"

    def test_an_unmapped_place_is_flagged_and_never_blocks(self, district):
        send(adt("A01", ward="LOUNGE"))
        contact = contacts.of_identities([identity()])[0]
        assert (contact.service, contact.setting) == ("pas/LOUNGE", "ward")
        flag = Flag.objects.get()
        assert (flag.rule, flag.what, flag.pointer) == ("unmapped-place", "LOUNGE", "PV1-3")


class TestQuarantine:
    def test_keeps_reason_and_cure_and_the_rest_goes_on(self, district):
        bad = adt("A01", visit="", person="9")
        states = [each.state for each in send(adt("A01"), bad, adt("A02", "0900", ward="WARDB"))]
        assert states == ["read", "quarantined", "read"]
        row = Message.objects.get(state="quarantined")
        assert (row.rule, row.pointer) == ("hl7.no-visit", "PV1-19")
        assert "visit number in PV1-19" in row.cure
        assert counts() == (3, 0, 2, 1)

    def test_a_message_that_a_room_refuses_is_found_among_many(self, district):
        def refuse(items, _known_at):
            if any(entry.code.code == "BAD" for *_, entry in items):
                raise BadInput("not a diagnosis", rule="test.refused", cure="Mend it.")

        register_taker(Entry, refuse)
        told = [
            adt("A01", visit=f"V{i}", person=str(i),
                more=[f"DG1|1||{'BAD' if i in {7, 20} else 'I21'}^x^I10"])
            for i in range(24)
        ]  # fmt: skip
        refused = [i for i, each in enumerate(send(*told)) if each.rule == "test.refused"]
        assert refused == [7, 20]
        assert counts() == (24, 0, 22, 2)

    def test_a_fault_of_ours_says_so_without_a_traceback(self, district):
        def fail(_items, _known_at):
            raise ZeroDivisionError

        register_taker(Entry, fail)
        outcome = send(adt("A01", more=["DG1|1||I21^x^I10"]))[0]
        assert (outcome.state, outcome.rule) == ("quarantined", "feeds.fault")
        assert "Traceback" not in outcome.reason
        assert "HUGHES" not in outcome.reason

    @pytest.mark.parametrize("junk", [b"", b"\0" * 50, b"hello", b"\xff\xfe\x00"])
    def test_what_no_reader_knows(self, district, junk):
        outcome = take_messages([Arrival(source="pas", data=junk, name="junk.bin")])[0]
        assert outcome.state == "quarantined"
        assert outcome.cure


class Away:
    """A database that is away for some calls, and perhaps lets a commit through unseen."""

    def __init__(self, times, *, after_commit=False):
        self.left, self._after = times, after_commit

    def __call__(self, write):
        def tried(*args):
            if self.left and not self._after:
                self.left -= 1
                raise OperationalError("server closed the connection unexpectedly")
            done = write(*args)
            if self.left:
                self.left -= 1
                raise OperationalError("server closed the connection unexpectedly")
            return done

        return tried


class TestDatabaseAway:
    @pytest.fixture(autouse=True)
    def _patient(self, monkeypatch, district):
        monkeypatch.setattr(pipelines.time, "sleep", lambda _seconds: None)

    def test_it_is_tried_again(self, monkeypatch):
        monkeypatch.setattr(Pipeline, "_write", Away(3)(Pipeline._write))
        assert send(adt("A01"))[0].state == "read"
        assert counts() == (1, 0, 1, 0)

    def test_an_answer_that_was_lost_doubles_nothing(self, monkeypatch):
        monkeypatch.setattr(Pipeline, "_write", Away(1, after_commit=True)(Pipeline._write))
        assert send(adt("A01"))[0].state == "read"
        assert counts() == (1, 0, 1, 0)

    def test_patience_ends_and_the_landing_keeps_it(self, monkeypatch, district):
        with monkeypatch.context() as patch:
            patch.setattr(Pipeline, "_write", Away(10_000)(Pipeline._write))
            with pytest.raises(Busy, match="safe in the landing"):
                send(adt("A01"))
        pipeline = pipeline_of(district)
        pipeline.landing.close()
        assert behind(pipeline.landing) > 0
        assert [o.state for o in process_pending(pipeline).outcomes] == ["read"]
        assert behind(pipeline.landing) == 0


class TestPending:
    def test_what_was_landed_and_not_stored_is_stored_later(self, district):
        dead = Landing(district.path / "landing")
        dead.land([Arrival(source="pas", data=adt("A01"), format="hl7v2")])
        pipeline = pipeline_of(district)
        assert process_pending(pipeline).outcomes == []  # its process lives
        dead.close()
        assert len(process_pending(pipeline).outcomes) == 1
        assert process_pending(pipeline).outcomes == []

    def test_blocks_done_out_of_order_are_not_skipped(self, district):
        landing = Landing(district.path / "landing")
        pipeline = Pipeline(district, landing)
        one, two, three = (
            landing.land([Arrival(source="pas", data=adt("A01", visit=v), format="hl7v2")])
            for v in ("V1", "V2", "V3")
        )
        pipeline.process(two)
        assert not Cursor.objects.exists()
        pipeline.process(one)
        assert Cursor.objects.get().done_to == two[0].end
        pipeline.process(three)
        assert Cursor.objects.get().done_to == three[0].end
