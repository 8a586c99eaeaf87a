"""The district going on: real messages, in order, the same however often it is stopped."""

import pickle
from collections import Counter
from datetime import UTC, datetime

import pytest

from onesystem.demo import keeping
from onesystem.demo.seconds import DAY, HOUR
from onesystem.demo.telling import Teller
from onesystem.demo.writing import write_district
from onesystem.district import load
from onesystem.feeds.hl7v2 import Hl7Reader
from onesystem.vocabulary import Act, ContactEvent, Remark, cause_id, contact_id


@pytest.fixture
def told(imagined):
    """A copy that a test may tell on."""
    return pickle.loads(pickle.dumps(imagined))


def messages(sent):
    return [(s.at, s.source, s.data) for s in sent if s.hl7]


class TestTelling:
    def test_messages_come_in_order_of_time(self, told):
        sent = Teller(told).until(told.reached + DAY)
        assert [s.at for s in sent] == sorted(s.at for s in sent)
        assert len(sent) > 100

    def test_small_steps_tell_the_same_as_a_large_one(self, imagined, told):
        """Whoever looks every hour hears what one who slept for a day hears in the morning."""
        end = told.reached + DAY
        at_once = Teller(told).until(end)
        teller, little = Teller(pickle.loads(pickle.dumps(imagined))), []
        for hour in range(24):
            little += teller.until(end - DAY + (hour + 1) * HOUR)
        assert messages(little) == messages(at_once)

    def test_what_is_kept_goes_on_the_same(self, told, tmp_path):
        """Stopped and started again: the same messages, byte for byte."""
        teller = Teller(told)
        teller.until(told.reached + 5 * HOUR)
        keeping.save(told, tmp_path)
        again = Teller(keeping.load(tmp_path, told.made))
        end = told.reached + DAY
        assert messages(again.until(end)) == messages(teller.until(end))

    def test_it_goes_on_for_weeks(self, told):
        """Beyond what was drawn at first; keys go on where they were."""
        teller = Teller(told)
        last = int(told.streams["E"].number.max())
        teller.until(told.last * DAY + 9 * DAY)
        assert told.block == 2
        assert int(told.streams["E"].number.max()) > last
        assert int(told.streams["E"].number.min()) > 0


class TestMessages:
    @pytest.fixture
    def read(self, told, tmp_path):
        """Three days as the product's own reader reads them."""
        write_district(told.world, tmp_path)
        district = load(tmp_path)
        received = datetime.fromtimestamp(told.reached + 3 * DAY, UTC)
        return [
            (sent, Hl7Reader().read(sent.data, source=district.source(sent.source),
                                    district=district, received=received))
            for sent in Teller(told).until(told.reached + 3 * DAY)
            if sent.hl7
        ]  # fmt: skip

    def test_every_message_is_read_without_a_remark(self, read):
        remarks = Counter(r.rule for _, found in read for r in found if isinstance(r, Remark))
        assert not remarks

    def test_visits_are_those_of_the_extracts(self, read, told):
        """A visit's number in a message is the key of its row in the extract."""
        events = [r for _, found in read for r in found if isinstance(r, ContactEvent)]
        assert {e.visit[0] for e in events} == {"E", "S", "O", "o"}
        acts = {e.act for e in events}
        assert acts >= {Act.START, Act.READY, Act.END, Act.REQUEST, Act.STATE}
        assert all(e.service and "/" not in e.service for e in events)

    def test_subjects_are_those_of_the_extracts(self, read):
        events = [r for _, found in read for r in found if isinstance(r, ContactEvent)]
        prefixes = {e.subject.split(":")[0] for e in events}
        assert prefixes <= {"NNUH", "JPUH", "QEH", "DIAG"}

    def test_what_led_to_a_visit_is_told_with_the_first_of_it(self, read, told):
        """Ambulance to ED, ED to ward, practice to clinic, clinic to clinic."""
        ids = {
            contact_id(source, f"{prefix}{series}{number:08d}")
            for series, prefix, source in (
                ("A", "", "ambulance"), ("G", "Encounter/", "practices"),
                *(("E", "", c) for c in ("nnuh-pas", "qeh-pas", "jpuh-pas")),
            )
            for number in told.streams[series].number.tolist()
        }  # fmt: skip
        led = Counter(
            (e.visit[0], cause_id(sent.source, e.cause) in ids)
            for sent, found in read
            for e in found
            if isinstance(e, ContactEvent) and e.cause
        )
        assert {kind for kind, known in led if known} >= {"E", "S"}
        assert {kind for kind, _ in led} == {"E", "S", "O"}

    def test_appointments_say_when_they_are_due(self, read):
        booked = [r for _, found in read for r in found
                  if isinstance(r, ContactEvent) and r.act is Act.REQUEST]  # fmt: skip
        assert booked
        assert all(e.planned and e.planned > e.at for e in booked)

    def test_flaws_are_told_too(self, imagined):
        """Over a month: late, sent twice, taken back, corrected and merged."""
        teller = Teller(pickle.loads(pickle.dumps(imagined)))
        sent = [s for s in teller.until(imagined.reached + 30 * DAY) if s.hl7]
        triggers = Counter(s.data.split(b"|")[8] for s in sent)
        assert triggers[b"ADT^A02"]
        assert triggers[b"ADT^A13"]
        assert triggers[b"ADT^A08"]
        assert triggers[b"SIU^S26"]
        twice = Counter(s.data for s in sent)
        assert max(twice.values()) > 1

    def test_one_hospital_writes_in_another_character_set(self, told):
        sent = Teller(told).until(told.reached + 3 * DAY)
        for each in sent:
            if each.hl7 and each.source == "jpuh-pas":
                each.data.decode("cp1252")
        text = b"".join(s.data for s in sent if s.hl7 and s.source == "nnuh-pas")
        assert any(letter in text.decode("utf-8") for letter in "éëïáóçŁłñø")
