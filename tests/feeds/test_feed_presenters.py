"""The feeds in words, without HTML and without a store."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.district import Source
from onesystem.feeds.feed_queries import SourceState
from onesystem.feeds.presenters import (
    freshness,
    hexadecimal,
    is_binary,
    raw,
    readings_counted,
    readings_words,
    source_words,
    summary,
    visible,
)
from onesystem.vocabulary import Act, ContactEvent, Entry, Identifier, PersonSeen, Remark

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAS = Source(code="pas", name="Hospital", organisation="hospital", silent_after_minutes=30)


def state(minutes=None, **counts):
    last = None if minutes is None else NOW - timedelta(minutes=minutes)
    return SourceState(source=PAS, last=last, **counts)


@pytest.mark.parametrize(
    ("minutes", "word"), [(None, "never"), (29, "fresh"), (30, "fresh"), (31, "silent")]
)
def test_a_source_is_silent_after_the_minutes_that_the_district_allows(minutes, word):
    assert freshness(state(minutes), at=NOW)[0] == word


def test_a_source_without_a_limit_is_never_called_silent():
    quiet = SourceState(source=Source(code="x", name="X"), last=NOW - timedelta(days=9))
    assert freshness(quiet, at=NOW) == ("plain", "No limit set")


def test_a_line_says_age_rate_and_lag(district):
    words = source_words(state(5, landed=9, hour=2, day=7, lag=90.0), district, at=NOW)
    assert (words.last, words.lag) == ("5 min ago", "1 min")
    assert words.rate == "2 in the last hour, 7 in the last day"
    assert words.organisation == "Testshire Hospital"


def test_the_summary_names_what_waits():
    assert summary([state()], at=NOW) == "No message has come yet."
    assert summary([state(1, landed=3)], at=NOW).startswith("All is well: 1 source")
    troubled = [state(99, landed=3, quarantined=2, unmapped=1)]
    assert summary(troubled, at=NOW) == (
        "1 source silent for too long; 2 messages in quarantine; 1 place not mapped."
    )


class TestBytes:
    def test_control_characters_are_drawn(self):
        assert visible(b"MSH|^~\\&|A\rPID|1\x0b") == "MSH|^~\\&|A↵\nPID|1[VT]"

    def test_a_byte_that_is_no_utf8_is_shown_as_a_number(self):
        assert visible(b"caf\xe9") == "caf\\xe9"

    def test_binary_is_shown_in_rows_of_sixteen(self):
        assert hexadecimal(b"A\x00" * 9, 16).splitlines() == [
            "00000010  41 00 41 00 41 00 41 00 41 00 41 00 41 00 41 00  A.A.A.A.A.A.A.A.",
            "00000020  41 00                                            A.",
        ]

    def test_pieces_lead_to_each_other(self):
        piece = raw(b"x" * 100, start=100, size=300)
        assert (piece.previous, piece.next) == (0, 200)
        assert raw(b"x", start=0, size=1).next is None

    @given(st.binary(max_size=400))
    def test_no_byte_reaches_the_page_unseen(self, data):
        """Whatever comes, the page gets printable text: no control character, no bidi override."""
        text = raw(data, start=0, size=len(data)).text
        assert all(c.isprintable() or c in "\n\t" for c in text)

    @given(st.text(alphabet="abcāéñ 123\n", min_size=1))
    def test_words_are_shown_as_words(self, text):
        assert not is_binary(text.encode())


def test_readings_are_told_in_a_line_each(district):
    seen = PersonSeen(
        subject="P1", at=NOW, family="Ngāpuhi", given="Māia", identifiers=(Identifier("nhs", "1"),)
    )
    event = ContactEvent(
        visit="V1", subject="P1", act=Act.START, at=NOW, recorded=NOW, service="ed"
    )
    entries = [
        Entry(kind="Observation", key=k, subject="P1", recorded=NOW, value="7", unit="mg")
        for k in "ab"
    ]
    odd = Remark(rule="unmapped-place", what="WARD9")
    words = readings_words([seen, event, *entries, odd], district)
    assert [w.says for w in words] == [
        "Māia Ngāpuhi; nhs 1",
        "start, Emergency department, 22 Nov 2026, 12:00",
        "Observation, 7 mg",
        "Observation, 7 mg",
        "WARD9",
    ]
    assert readings_counted(words) == "1 person, 1 contact, 2 entries, 1 remark"
