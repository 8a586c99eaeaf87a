"""What is done with requests: each act, whose it is, what it causes, and who was quicker."""

from datetime import timedelta

import pytest

from onesystem import access, contacts, feeds, people
from onesystem.access import choices
from onesystem.access.models import Audit
from onesystem.care.requests import actions, queries
from onesystem.care.requests.refusals import NotSent
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db
ULCER = "Leg ulcer, dressing twice a week"


@pytest.fixture
def doctor(asker):
    return asker("hospital-doctor", "kiri", "hospital")


@pytest.fixture
def nurse(asker):
    return asker("district-nurse", "dee", "community")


@pytest.fixture
def sent(somebody, doctor):
    """The id of a request of the hospital to the district nurses."""
    return actions.send(person=somebody, service="nursing", by=doctor, words=ULCER)


def state(request):
    return queries.one(request).state


def test_what_is_sent_lies_in_the_inbox_and_with_its_sender(sent, somebody):
    [asked] = queries.inbox(["nursing"])
    assert asked == queries.one(sent) == queries.sent_by("kiri")[0]
    assert (asked.state, asked.kind, asked.sender, asked.seen) == (
        "received",
        "referral",
        "kiri",
        1,
    )
    assert queries.sent_with(sent)["words"] == ULCER
    assert queries.of_person(people.identity_ids_of(somebody)) == [asked]
    assert ULCER not in str(Audit.objects.filter(act="request.sent").values())


def test_the_way_to_an_answer_writes_its_contacts(sent, somebody, nurse):
    due = now().replace(microsecond=0) + timedelta(days=2)
    actions.book(request=sent, by=nurse, seen=1, at=due)
    assert [s.act for s in queries.steps_of(sent)] == ["send", "accept", "book"]
    [visit] = contacts_at(somebody, "nursing")
    assert (visit.planned, visit.started, visit.cause) == (due, None, sent)
    actions.start(request=sent, by=nurse, seen=3)
    assert contacts_at(somebody, "nursing")[0].started is not None
    actions.finish(request=sent, by=nurse, seen=4, reason="Dressed; again on Friday")
    [visit] = contacts_at(somebody, "nursing")
    assert (visit.outcome, visit.ended is not None) == ("done", True)
    assert state(sent) == "done"
    assert queries.steps_of(sent)[-1].reason == "Dressed; again on Friday"


def contacts_at(person, service):
    identities = people.identity_ids_of(person)
    return [c for c in contacts.of_identities(identities) if c.service == service]


def test_advice_is_a_call(somebody, doctor, nurse):
    asked = actions.send(person=somebody, service="nursing", by=doctor, kind="advice", words="How?")
    actions.answer(request=asked, by=nurse, seen=1, reason="Compression first")
    [call] = contacts_at(somebody, "nursing")
    assert (str(call.setting), call.cause, state(asked)) == ("telephone", asked, "done")


def test_the_slower_of_two_is_told_who_did_what(sent, nurse, asker):
    actions.accept(request=sent, by=nurse, seen=1)
    with pytest.raises(UserError, match="dee accepted this request at") as told:
        actions.return_(request=sent, by=asker("district-nurse", "ann", "community"), seen=1,
                        reason="Not for us")  # fmt: skip
    assert "Nothing of yours was lost" in told.value.cure
    assert state(sent) == "accepted"


def test_a_message_takes_nothing_out_of_anybodys_hands(sent, doctor, nurse):
    actions.comment(request=sent, by=doctor, reason="She is deaf: ring twice")
    actions.accept(request=sent, by=nurse, seen=1)
    assert state(sent) == "accepted"


@pytest.mark.parametrize("act", ["accept", "start"])
def test_the_sender_does_not_do_the_services_part(sent, doctor, act):
    with pytest.raises(NotPermitted, match="for the service"):
        getattr(actions, act)(request=sent, by=doctor, seen=1)


def test_the_service_does_not_do_the_senders_part(sent, nurse):
    with pytest.raises(NotPermitted, match="for whoever sent it"):
        actions.revoke(request=sent, by=nurse, seen=1, reason="no")


def test_asked_back_and_supplied(sent, doctor, nurse):
    actions.ask_back(request=sent, by=nurse, seen=1, reason="Which leg?")
    assert state(sent) == "needs-more"
    actions.supply(request=sent, by=doctor, seen=2, reason="The left one")
    assert state(sent) == "received"


def test_nothing_ends_without_an_answer(sent, nurse):
    for act in (actions.return_, actions.ask_back, actions.finish, actions.answer):
        with pytest.raises(UserError, match="nothing was said"):
            act(request=sent, by=nurse, seen=1, reason="  ")
    assert state(sent) == "received"


def test_a_booking_that_was_missed_can_be_made_again(sent, somebody, nurse):
    actions.book(request=sent, by=nurse, seen=1, at=now() + timedelta(hours=1))
    actions.missed(request=sent, by=nurse, seen=3)
    assert state(sent) == "accepted"
    actions.book(request=sent, by=nurse, seen=4, at=now() + timedelta(days=1))
    visits = contacts_at(somebody, "nursing")
    assert [(v.cancelled, v.outcome) for v in visits if v.cancelled] in (
        [], [(True, "did not attend")],
    )  # fmt: skip
    assert len([v for v in visits if not v.cancelled]) == 1


def test_a_redirected_request_takes_its_history_along(sent, nurse, doctor, asker):
    actions.redirect(request=sent, by=nurse, seen=1, to="ed", reason="Needs a doctor today")
    assert queries.inbox(["nursing"]) == []
    [asked] = queries.inbox(["ed"])
    assert (asked.request, asked.state, asked.seen) == (sent, "redirected", 2)
    actions.accept(request=sent, by=doctor, seen=2)
    assert [s.by for s in queries.steps_of(sent)] == ["kiri", "dee", "kiri"]


class TestRefusals:
    """What stands against sending, told before it is sent."""

    def refused(self, **said):
        with pytest.raises(NotSent) as told:
            actions.send(**{"service": "nursing", "words": ULCER, **said})
        return [each.rule for each in told.value.refusals]

    def test_one_like_it_is_open(self, sent, somebody, doctor):
        assert self.refused(person=somebody, by=doctor) == ["duplicate"]
        again = actions.send(
            person=somebody, service="nursing", by=doctor, words=ULCER, anyway=True
        )
        assert again != sent

    def test_nothing_is_asked(self, somebody, doctor):
        assert self.refused(person=somebody, by=doctor, words=" ") == ["words"]

    def test_a_kind_that_it_does_not_take(self, somebody, doctor):
        assert self.refused(person=somebody, by=doctor, service="ed", kind="order") == ["kind"]

    def test_who_died(self, somebody, doctor):
        from onesystem.people import store

        with store.connection.cursor() as cursor:
            cursor.execute("UPDATE people_identity SET died = '2026-10-01'")
        assert self.refused(person=somebody, by=doctor) == ["died"]


def test_a_replay_comes_to_the_same(sent, nurse, doctor):
    actions.ask_back(request=sent, by=nurse, seen=1, reason="Which leg?")
    actions.supply(request=sent, by=doctor, seen=2, reason="The left one")
    actions.book(request=sent, by=nurse, seen=3, at=now() + timedelta(days=1))
    before = (queries.one(sent), queries.steps_of(sent))
    feeds.replay(everything=True)
    after = (queries.one(sent), queries.steps_of(sent))
    assert before[0] == after[0]
    assert [(s.act, s.by, s.reason, s.said) for s in before[1]] == [
        (s.act, s.by, s.reason, s.said) for s in after[1]
    ]


def test_what_a_practice_sent_is_worked_here(somebody, nurse, district):
    from onesystem import care
    from onesystem.vocabulary import RequestSeen, contact_id

    identity, moment = people.identity_ids_of(somebody)[0], now()
    seen = RequestSeen(key="ServiceRequest/9", subject="x", at=moment, recorded=moment,
                       service="nursing", status="received")  # fmt: skip
    care.take_requests([("gp", identity, 1, seen)], moment)
    request = contact_id("gp", "ServiceRequest/9")
    actions.accept(request=request, by=nurse, seen=1)
    assert state(request) == "accepted"
    care.take_requests([("gp", identity, 2, seen)], moment)  # an echo takes nothing back
    assert state(request) == "accepted"


class TestTheClock:
    """A request whose time has passed asks louder, where both sides see it."""

    def test_the_step_is_in_the_history_once_for_each_level(self, sent, monkeypatch, district):
        from onesystem.care.requests import escalating

        assert not escalating.waits()
        for hours, steps in ((73, 1), (74, 1), (97, 2), (150, 3), (999, 3)):
            at = now() + timedelta(hours=hours)
            with monkeypatch.context() as later:
                later.setattr(escalating, "now", lambda at=at: at)
                later.setattr("onesystem.care.requests.acting.now", lambda at=at: at)
                escalating.escalate()
                assert not escalating.waits()
            found = [s for s in queries.steps_of(sent) if s.act == "escalate"]
            assert len(found) == steps
        assert found[0].by == "requests"
        assert found[0].reason.startswith("look at it:")
        assert state(sent) == "received"
        assert Audit.objects.filter(act="request.escalated", actor="requests").count() == 3

    def test_both_sides_are_told(self, sent, monkeypatch):
        from onesystem.access.models import Notice
        from onesystem.care.requests import escalating

        at = now() + timedelta(days=4)
        monkeypatch.setattr(escalating, "now", lambda: at)
        escalating.escalate()
        told = Notice.objects.filter(topic="request.overdue")
        assert {(n.username, n.organisation) for n in told} == {("kiri", ""), ("", "community")}

    def test_what_a_feed_alone_tells_of_is_left_to_it(self, somebody):
        from onesystem import care
        from onesystem.care.requests import escalating
        from onesystem.vocabulary import RequestSeen

        identity, moment = people.identity_ids_of(somebody)[0], now() - timedelta(days=90)
        seen = RequestSeen(key="9", subject="x", at=moment, recorded=moment, service="nursing")
        care.take_requests([("gp", identity, 1, seen)], moment)
        assert not escalating.waits()


def test_who_shares_nothing_is_asked_first(somebody, asker):
    choices.opt_out(person=somebody, by=access.Actor.job("desk"), reason="said so")
    doctor = asker()
    with pytest.raises(NotPermitted, match="chosen not to share") as told:
        actions.send(person=somebody, service="nursing", by=doctor, words=ULCER)
    assert told.value.cure


def test_who_asked_follows_it_when_the_contact_is_long_over(sent, somebody, doctor):
    """The tie of the ED ended; that of what it asked for goes on to the answer."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE contacts_contact SET ended = 1, started = 1")
    access.require_open(doctor, somebody)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_request SET state = 'done', since = 1")
    with pytest.raises(NotPermitted):
        access.require_open(doctor, somebody)


def test_the_other_side_is_told_that_there_is_a_message(sent, doctor, nurse):
    from onesystem.access.models import Notice

    actions.comment(request=sent, by=doctor, reason="She is deaf: ring twice")
    actions.comment(request=sent, by=nurse, reason="Thank you")
    told = Notice.objects.filter(topic="request.written").order_by("id")
    assert [(n.username, n.organisation) for n in told] == [("", "community"), ("kiri", "")]
    assert "deaf" not in str(list(told.values()))
