"""A timeline in words, without HTML."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from onesystem.record.presenters import line_words, summary, words_for
from onesystem.record.timeline import build
from onesystem.record.versions import versions_words
from onesystem.vocabulary import Asked, Contact, Setting, contact_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def at(hours):
    return NOW - timedelta(hours=hours)


def contact(key, service, setting, **more):
    return Contact(
        contact=contact_id("pas", key), source="pas", key=key, identity=1, service=service,
        setting=setting, **more,
    )  # fmt: skip


ED = contact("v", "ed", Setting.ED, requested=at(30), started=at(28), ended=at(24), by="Dr Llŷr")
WARD = contact("v/2", "ward-a", Setting.WARD, started=at(24), cause=ED.contact)


def lines(contacts, requests, district):
    timeline = build(contacts, requests, at=NOW)
    words = words_for(timeline, district)
    return [line_words(line, words) for line in timeline.lines]


class TestVisit:
    def test_a_visit_reads_from_left_to_right(self, district):
        (line,) = lines([ED, WARD], [], district)
        assert line.title == "Emergency department → Ward A"
        assert line.where == "Testshire Hospital, Ward"
        assert (line.standing, line.open) == ("There now", True)
        assert (line.waited, line.stayed) == ("2 h", "28 h")

    def test_its_stretches_come_newest_first_with_their_cause(self, district):
        (line,) = lines([ED, WARD], [], district)
        ward, ed = line.stretches
        assert ward.cause.words == "Emergency department, 21 Nov 2026, 08:00"
        assert ward.cause.here
        assert [each.words for each in ed.led_to] == ["Ward A, 21 Nov 2026, 12:00"]
        assert ("By", "Dr Llŷr") in ed.facts
        assert ("Has stayed", "24 h") in ward.lengths

    def test_a_cause_that_is_not_in_this_record_says_so(self, district):
        (line,) = lines([replace(WARD, key="w", contact=5)], [], district)
        assert not line.stretches[0].cause.here
        assert line.stretches[0].cause.words == "something that is not in this record"

    def test_a_place_that_is_not_mapped_shows_as_it_came(self, district):
        (line,) = lines([contact("u", "pas/WARD9", Setting.WARD, started=at(2))], [], district)
        assert line.title == "pas/WARD9"
        assert not line.stretches[0].mapped

    def test_a_long_gap_is_told(self, district):
        first = contact("a", "ed", Setting.ED, started=at(5000), ended=at(4999))
        last = contact("b", "ed", Setting.ED, started=at(100), ended=at(99))
        assert [line.gap for line in lines([first, last], [], district)] == [
            "7 months without a contact",
            "",
        ]


class TestRequest:
    ASKED = Asked(
        request=contact_id("practice", "r"), source="practice", key="r", at=at(72),
        what="Cardiology", service="ed", status="accepted", by="Dr Aroha", open=True,
    )  # fmt: skip

    def test_an_open_request_says_its_state_and_how_long_it_has_waited(self, district):
        (line,) = lines([], [self.ASKED], district)
        assert (line.title, line.standing, line.waited) == ("Cardiology", "Accepted", "3 days")
        assert ("To", "Emergency department") in line.facts

    def test_it_points_at_what_it_led_to(self, district):
        came = contact("x", "ed", Setting.ED, started=at(3), cause=self.ASKED.request)
        by_kind = {line.kind: line for line in lines([came], [self.ASKED], district)}
        assert by_kind["request"].led_to[0].words.startswith("Emergency department")
        assert by_kind["visit"].stretches[0].cause.words.startswith("request: Cardiology")


class TestSummary:
    def test_what_is_open_comes_first(self, district):
        asked = TestRequest.ASKED
        said = summary(build([ED, WARD], [asked], at=NOW), district)
        assert said == "In Ward A for 24 h; 1 open request."

    def test_nothing_open_says_when_the_person_was_last_seen(self, district):
        said = summary(build([ED], [], at=NOW), district)
        assert said == "Nothing is open. Last seen 24 h ago: Emergency department."

    def test_no_contact_at_all(self, district):
        assert summary(build([], [], at=NOW), district).startswith("No service of the district")


def test_versions_tell_what_each_changed(district):
    first = replace(WARD, version=1, known_at=at(23))
    second = replace(WARD, version=2, known_at=at(3), ended=at(4), service="ward-b")
    words = words_for(build([second], [], at=NOW), district)
    newest, oldest = versions_words([first, second], words)
    assert newest.changes == (
        ("Service", "Ward A", "Ward B"),
        ("Ended", "not said", "22 Nov 2026, 08:00"),
    )
    assert oldest.changes == ()
