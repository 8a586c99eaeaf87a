"""How long people wait for a service, from contacts and requests; room; what is due."""

from datetime import timedelta

import pytest
from page_data import adt

from onesystem import feeds
from onesystem.access import Actor
from onesystem.care.requests.rows import RequestRow
from onesystem.care.services import queries, waits
from onesystem.care.services.presenters import room_words, short_wait, wait_words
from onesystem.care.services.room import Room
from onesystem.care.services.rows import WaitsWorked
from onesystem.district import now
from onesystem.vocabulary.kept import to_micros

HOUR = 3_600_000_000


def contact(number, service, *, asked, started=None, urgency="", cause=None):
    """A contact as the store keeps it: hours ago it was asked for, and began."""
    from onesystem.contacts.models import ContactRow

    at = to_micros(now())
    ContactRow.objects.create(
        contact=number, visit=number, source="pas", key=str(number), identity=number,
        service=service, setting="community", bed="", mode="", urgency=urgency, reason="",
        outcome="", by="", cause=cause, cancelled=False, version=1, known_at=at, message=1,
        requested=None if asked is None else at - asked * HOUR,
        started=None if started is None else at - started * HOUR,
    )  # fmt: skip


def request(number, service, hours, state="received"):
    """A request that was made hours ago."""
    at = to_micros(now()) - hours * HOUR
    RequestRow.objects.create(
        request=number, source="care", key=str(number), identity=1, at=at, recorded=at, system="",
        code="", what="", service=service, urgency="routine", state=state, by="", reason="",
        known_at=at, message=1,
    )  # fmt: skip


def hours(span):
    return round(span / timedelta(hours=1))


def test_half_and_nine_of_ten_began_within(joined):
    for n in range(10):
        contact(n + 1, "nursing", asked=100 + n + 1, started=100)
    contact(20, "nursing", asked=24 * 400, started=24 * 399)  # long ago: outside the weeks
    line = queries.wait("nursing").all
    assert (line.begun, hours(line.median), hours(line.ninth)) == (10, 5, 9)


def test_a_request_tells_when_the_contact_that_it_caused_was_asked_for(joined):
    request(7, "nursing", 30, state="done")
    contact(1, "nursing", asked=None, started=10, cause=7)
    assert hours(queries.wait("nursing").all.median) == 20


def test_who_waits_is_counted_once(joined):
    request(7, "nursing", 48)  # a contact follows it that has not begun
    contact(1, "nursing", asked=40, cause=7)
    request(8, "nursing", 12)  # no contact follows it yet
    request(9, "nursing", 99, state="returned")
    request(10, "nursing", 99)  # it has begun
    contact(2, "nursing", asked=None, started=24 * 200, cause=10)
    line = queries.wait("nursing").all
    assert (line.waiting, hours(line.waiting_median), hours(line.waiting_longest)) == (2, 12, 40)


def test_urgencies_are_told_apart(joined):
    contact(1, "nursing", asked=10, started=8, urgency="urgent")
    contact(2, "nursing", asked=90, started=8, urgency="routine")
    wait = queries.wait("nursing")
    assert [line.urgency for line in wait.lines] == ["", "routine", "urgent"]
    assert hours(wait.of("urgent").median) == 2


def test_waits_are_worked_out_anew_when_the_log_told_something_a_while_ago(joined, monkeypatch):
    assert queries.wait("ed").all.waiting == 0
    assert not waits.due()
    monkeypatch.setattr(waits, "now", lambda: now() + timedelta(minutes=6))
    assert not waits.due()  # nothing happened
    feeds.take_messages(
        [feeds.Arrival(source="pas", data=adt(1, at=f"{now():%Y%m%d%H%M}"), name="x.hl7")],
        district=joined,
    )
    assert waits.due()
    waits.work_out()
    assert not waits.due()
    assert WaitsWorked.objects.count() == 2


class TestWords:
    def line(self, begun):
        return waits.Waited(urgency="", begun=begun, median=timedelta(days=2),
                            ninth=timedelta(days=9), waiting=3, waiting_median=timedelta(days=1),
                            waiting_longest=timedelta(days=4))  # fmt: skip

    def test_few_people_are_not_told_of_to_those_who_may_not_see_people(self):
        few, many = self.line(4), self.line(40)
        assert wait_words(few, exact=False) == "too few people to say"
        assert "half began within 2 days" in wait_words(many, exact=False)
        assert "3 waiting" not in wait_words(many, exact=False)
        assert "3 waiting, longest 4 days" in wait_words(few, exact=True)
        wait = waits.Wait(service="x", weeks=8, lines=(few,))
        assert (short_wait(wait, exact=False), short_wait(wait, exact=True)) == ("", "2 days")

    @pytest.mark.parametrize(
        ("free", "of", "how", "exact", "said"),
        [(29, 30, "people", False, "has room"), (29, 30, "people", True, "29 of 30 places free"),
         (0, 30, "people", False, "no free places"), (1, 9, "slots", False, "1 of 9 slots free"),
         (None, None, "", True, "not known")],
    )  # fmt: skip
    def test_room(self, free, of, how, exact, said):
        room = Room(service="x", free=free, of=of, how=how, at=now())
        assert room_words(room, exact=exact)[0] == said


def test_a_service_that_is_gone_takes_nobody(joined, monkeypatch):
    from onesystem.care.services.actions import keep
    from onesystem.district import current

    path = current().path / "district.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('name = "Ward B"\n', 'name = "Ward B"\nto = 2020-01-01\n'), encoding="utf-8"
    )
    gone = queries.entry("ward-b")
    assert "no more" in gone.closed_on(now().date()).words
    from dataclasses import replace

    from onesystem.care.services.entry import Notice

    entry = replace(
        queries.entry("ward-a"),
        notices=(Notice(words="Painted", closed=True, instead="ward-b"),),
    )
    with pytest.raises(Exception, match="Ward B is closed too"):
        keep(entry=entry, seen=0, by=Actor.job("test"))
