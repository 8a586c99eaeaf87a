"""What is done in the care room is a message: read at once, and again by every replay."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem import care, contacts, feeds, people
from onesystem.access.models import Audit
from onesystem.care import parts
from onesystem.care.message import CareReader, Owned, packed
from onesystem.district import now
from onesystem.vocabulary import (
    Act,
    BadInput,
    CareAct,
    Code,
    ContactEvent,
    Entry,
    NotFound,
    NotPermitted,
    RequestSeen,
    Setting,
)

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = WORDS.filter(bool)
MOMENTS = st.datetimes(
    min_value=datetime(1990, 1, 1), max_value=datetime(2050, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip
CODES = st.none() | st.builds(Code, WORDS, WORDS, WORDS)
BODIES = st.none() | WORDS.map(lambda word: b'{"text": "%s"}' % word.encode().hex().encode())
ACTS = st.builds(
    CareAct, part=st.just("tasks"), verb=st.just("done"), thing=st.just("t1"), act=st.just("a1"),
    by=st.just("kiri"), recorded=MOMENTS, subject=WORDS,
    said=st.dictionaries(WORDS, WORDS | st.integers(-9, 9) | st.lists(WORDS, max_size=2)),
)  # fmt: skip
REQUESTS = st.builds(
    RequestSeen, key=WORDS, subject=WORDS, at=st.none() | MOMENTS, recorded=MOMENTS, what=CODES,
    service=WORDS, urgency=WORDS, status=WORDS, by=WORDS, reason=WORDS, body=BODIES,
)  # fmt: skip
EVENTS = st.builds(
    ContactEvent, visit=KEYS, subject=KEYS, act=st.sampled_from(Act), at=st.none() | MOMENTS,
    recorded=MOMENTS, service=WORDS, setting=st.none() | st.sampled_from(Setting),
    requested=st.none() | MOMENTS, cause=WORDS, cancelled=st.booleans(),
)  # fmt: skip
ENTRIES = st.builds(
    Entry, kind=WORDS, key=WORDS, subject=WORDS, at=st.none() | MOMENTS, recorded=MOMENTS,
    code=CODES, status=WORDS, numbers=st.lists(WORDS, max_size=2).map(tuple), body=BODIES,
)  # fmt: skip


def read(data):
    return CareReader().read(data, source=None, district=None, received=MOMENT)


@given(st.lists(st.tuples(WORDS, ACTS | REQUESTS | EVENTS | ENTRIES), max_size=4))
def test_what_was_said_is_read_as_it_was_said(told):
    readings = [Owned(reading=reading, owner=owner) for owner, reading in told]
    again = read(packed(whose="pas", by="kiri", readings=readings))
    assert [(e.owner, e.whose, e.reading) for e in again] == [(o, "pas", r) for o, r in told]


@pytest.mark.parametrize(
    "broken",
    [b"", b"[]", b'{"readings": [{"type": "Nothing"}]}', b'{"readings": 7}',
     b'{"whose": "pas", "readings": [{"type": "CareAct", "owner": "care"}]}'],
)  # fmt: skip
def test_what_cannot_be_read_says_so(broken):
    with pytest.raises(BadInput, match="care room"):
        read(broken)


@pytest.fixture
def kept():
    """A part of the room that keeps what it took in a list."""
    rows = []
    part = parts.Part(
        take=rows.extend, erase=rows.clear,
        forget=lambda ids: len([row for row in rows if row.identity in ids]),
    )  # fmt: skip
    parts.register("test", part)
    yield rows
    parts._PARTS.pop("test")


@pytest.mark.django_db
class TestSaying:
    """One gesture: a request, a contact that it causes, and an act of the room."""

    def done(self, person, asker, **more):
        moment = now()
        key, subject = "R1", ""
        care.say(
            person=person, by=asker, act="request.sent", what="nursing",
            readings=[
                CareAct(part="test", verb="did", thing=key, act="a1", by="kiri", recorded=moment),
                RequestSeen(key=key, subject=subject, at=moment, recorded=moment,
                            service="nursing", status="received", by="kiri"),
                ContactEvent(visit="V9", subject=subject, act=Act.START, at=moment,
                             recorded=moment, service="nursing", cause=key),
                Entry(kind="Task", key="T1", subject=subject, recorded=moment, status="ready"),
            ],
            **more,
        )  # fmt: skip

    def test_everything_stands_at_once(self, somebody, asker, kept):
        self.done(somebody, asker())
        identities = people.identity_ids_of(somebody)
        [asked] = care.requests_of(identities)
        assert (asked.source, asked.service, asked.status) == ("care", "nursing", "received")
        visit = next(c for c in contacts.of_identities(identities) if c.service == "nursing")
        assert visit.cause == asked.request
        assert [(k.owner, k.identity, k.act.verb) for k in kept] == [("care", identities[0], "did")]
        row = Audit.objects.get(act="request.sent")
        assert (row.actor, row.person, row.what, row.purpose) == (
            "kiri", somebody, "nursing", "direct care",
        )  # fmt: skip

    def test_a_replay_says_it_again(self, somebody, asker, kept):
        self.done(somebody, asker())
        before = (care.requests_of(people.identity_ids_of(somebody)), [k.act for k in kept])
        feeds.replay(everything=True)
        assert (care.requests_of(people.identity_ids_of(somebody)), [k.act for k in kept]) == before

    def test_it_goes_with_the_record(self, somebody, asker, kept):
        self.done(somebody, asker())
        assert parts.forget(people.identity_ids_of(somebody)) == 1
        assert parts.forget([]) == 0

    def test_nobody_acts_for_whom_they_may_not_open(self, somebody, asker, kept):
        stranger = asker(organisation="community")
        with pytest.raises(NotPermitted):
            self.done(somebody, stranger)
        assert kept == []

    def test_nobody_is_known_by_a_wrong_number(self, somebody, asker, kept):
        with pytest.raises((NotFound, NotPermitted)):
            self.done(somebody + 999, asker())
