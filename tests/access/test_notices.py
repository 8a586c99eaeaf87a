"""Notices: to a user or an organisation, on their page and by e-mail, with nothing of a person."""

import smtplib

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from onesystem import access
from onesystem.access import Actor
from onesystem.access.models import Audit, Letter, Notice, User
from onesystem.access.notices import acting, mailing, reading
from onesystem.access.notices.topics import TOPICS
from onesystem.vocabulary import NotFound, UserError

NURSE = Actor("kiri", frozenset({"ed-nurse"}), organisation="hospital")
OTHER = Actor("moana", frozenset({"ed-nurse"}), organisation="hospital")
ELSEWHERE = Actor("tane", frozenset({"district-nurse"}), organisation="community")
MANAGER = Actor("mere", frozenset({"manager"}), organisation="hospital")


@pytest.fixture
def staff(db, district):
    for each in (NURSE, OTHER, ELSEWHERE, MANAGER):
        User.objects.create(
            username=each.name, roles=" ".join(each.roles), organisation=each.organisation,
            is_active=True,
        )  # fmt: skip


class TestWhoIsTold:
    """A user's own notices are theirs; an organisation's are for those who open people."""

    def test_a_user(self, staff):
        access.notify(topic="request.answered", username="kiri", link="/requests/1/")
        assert [n.words for n in reading.notices(by=NURSE)] == [TOPICS["request.answered"]]
        assert [reading.unread(a) for a in (NURSE, OTHER, ELSEWHERE, MANAGER)] == [1, 0, 0, 0]

    def test_an_organisation(self, staff):
        access.notify(topic="request.sent", organisation="hospital", words="Ultrasound")
        assert [reading.unread(a) for a in (NURSE, OTHER, ELSEWHERE, MANAGER)] == [1, 1, 0, 0]
        assert [n.more for n in reading.notices(by=OTHER)] == ["Ultrasound"]

    def test_who_reads_it_reads_it_for_all_and_can_take_that_back(self, staff):
        access.notify(topic="request.sent", organisation="hospital")
        [told] = reading.notices(by=NURSE)
        assert acting.see(notices=[told.notice], by=NURSE) == 1
        assert acting.see(notices=[told.notice], by=OTHER) == 0
        assert [n.seen_by for n in reading.notices(by=OTHER)] == ["kiri"]
        assert acting.unsee(notices=[told.notice], by=OTHER) == 0
        assert acting.unsee(notices=[told.notice], by=NURSE) == 1
        assert reading.unread(OTHER) == 1
        assert Audit.objects.filter(act__startswith="notice.").count() == 2

    def test_nobody_reads_another_organisations(self, staff):
        access.notify(topic="request.sent", organisation="hospital")
        with pytest.raises(NotFound, match="no such notice"):
            acting.see(notices=[Notice.objects.get().pk], by=ELSEWHERE)

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"topic": "requst.sent", "username": "kiri"}, "request.sent"),
            ({"topic": "elsewhere"}, "a user or"),
            ({"topic": "elsewhere", "username": "kiri", "organisation": "hospital"}, "a user or"),
            ({"topic": "elsewhere", "username": "kiri", "link": "https://x.example"}, "of ours"),
            ({"topic": "elsewhere", "username": "kiri", "link": "//x.example"}, "of ours"),
        ],
    )
    def test_what_cannot_be_told(self, staff, asked, said):
        with pytest.raises(ValueError, match=said):
            access.notify(**asked)


class TestByMail:
    """Only who asked gets one, and it says nothing of a person."""

    @pytest.fixture
    def _mailed(self, staff):
        acting.mail(on=True, address="kiri@hospital.example", by=NURSE)

    @given(st.sampled_from(sorted(TOPICS)))
    def test_topics_name_no_condition(self, topic):
        words = TOPICS[topic].lower()
        assert not any(w in words for w in ("diagnos", "result", "test", "cancer", "medicine"))

    @pytest.mark.usefixtures("_mailed")
    def test_it_says_that_and_never_what(self, staff, settings):
        settings.ADDRESS = "https://district.example/"
        access.notify(
            topic="request.sent", organisation="hospital", words="Ward A", link="/inbox/", person=7
        )
        assert mailing.waits()
        assert mailing.send() == 1
        [sent] = mail.outbox
        assert (sent.to, sent.subject) == (
            ["kiri@hospital.example"], "Testshire: something waits for you",
        )  # fmt: skip
        assert "https://district.example/inbox/" in sent.body
        assert "Ward A" not in sent.body
        assert not mailing.waits()
        assert mailing.send() == 0

    @pytest.mark.usefixtures("_mailed")
    def test_what_was_read_meanwhile_is_not_sent(self, staff):
        access.notify(topic="request.sent", organisation="hospital")
        acting.see(notices=[Notice.objects.get().pk], by=OTHER)
        assert mailing.send() == 0
        assert mail.outbox == []

    @pytest.mark.usefixtures("_mailed")
    def test_a_server_that_is_away_is_tried_again_and_given_up(self, staff, monkeypatch):
        def away(*_args, **_more):
            raise smtplib.SMTPServerDisconnected("away")

        monkeypatch.setattr(mailing.EmailMessage, "send", away)
        access.notify(topic="request.sent", organisation="hospital")
        for tries in range(1, mailing.TRIES):
            assert mailing.send() == 0
            assert Letter.objects.get().tries == tries
            assert not mailing.waits()
            Letter.objects.update(due_at=0)
        mailing.send()
        assert not Letter.objects.filter(sent_at__isnull=True).exists()

    def test_who_did_not_ask_gets_none(self, staff):
        access.notify(topic="request.sent", organisation="hospital")
        assert not mailing.waits()

    @pytest.mark.usefixtures("_mailed")
    def test_it_can_be_stopped(self, staff):
        acting.mail(on=False, address="", by=NURSE)
        assert reading.mailed(NURSE) == (False, "kiri@hospital.example")
        access.notify(topic="request.sent", organisation="hospital")
        assert not mailing.waits()

    @pytest.mark.parametrize(
        "wrong", ["", "kiri", "kiri@hospital", "a@b@c.example", "a b@c.example"]
    )
    def test_a_wrong_address_says_so(self, staff, wrong):
        with pytest.raises(UserError, match="e-mail address"):
            acting.mail(on=True, address=wrong, by=NURSE)
