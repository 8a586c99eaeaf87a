"""Committing together in the store: all of a decision goes live with its money, or nothing does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from funded import (
    ASKS,
    SLUG,
    TRUST,
    all_confirm,
    asked,
    confirm,
    everybody,
    running_from,
    signed_pathway,
)
from funds_data import APRIL, FERN
from seating import BOARD, CHAIR, CODE, COUNCIL, NURSE

from onesystem import access
from onesystem.alliance.charter import actions as charter
from onesystem.alliance.charter.rows import Member
from onesystem.alliance.commit import actions, queries
from onesystem.alliance.commit.rows import FunderWord, Hindered, ReservedMonth, Resourced
from onesystem.alliance.meeting import queries as meeting
from onesystem.alliance.meeting import store as register
from onesystem.alliance.proof.rows import Judged, Review
from onesystem.budget.ledger import actions as books
from onesystem.budget.ledger import queries as ledger
from onesystem.care.pathways import queries as pathways
from onesystem.care.services import reading
from onesystem.care.triage import queries as tables
from onesystem.evidence.models import Evaluation
from onesystem.flow.models import Mark
from onesystem.vocabulary import NotPermitted, UserError

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(district):
    """Who sits, three of them for funders, over a budget with lines."""
    running_from(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return everybody()


def reserved(line):
    return -ledger.balance(book="commitment", account="promised", line=line)


def nothing_happened(decision):
    """No reservation, no change, no review: only what was said, and why."""
    return (
        meeting.decision(decision).state == "agreed"
        and not Resourced.objects.exists() and not ReservedMonth.objects.exists()
        and not any(reserved(ask.line) for ask in ASKS)
        and not Review.objects.exists() and not Evaluation.objects.exists()
        and reading.entry("nursing").amounts == () and tables.in_use("copd-at-home") is None
        and not Mark.objects.exists()
    )  # fmt: skip


class TestGoingLive:
    def test_it_waits_for_the_last_funder(self, members):
        signed_pathway()
        number = asked(members)
        assert confirm(number, 0, BOARD).missing == ("community", "practice")
        assert confirm(number, 1, COUNCIL).missing == ("practice",)
        assert nothing_happened(number)
        assert confirm(number, 2, TRUST).resourced

    def test_all_of_it_comes_in_one_step(self, members):
        signed_pathway()
        number = asked(members)
        assert all_confirm(number).resourced
        assert meeting.decision(number).state == "resourced"
        assert [reserved(ask.line) for ask in ASKS] == [ask.amount for ask in ASKS]
        months = ReservedMonth.objects.filter(nth=1).order_by("month")
        assert [row.amount for row in months] == [1001, 1000, 1000, 1000]
        assert pathways.published(SLUG).number == 1
        [places] = reading.entry("nursing").amounts
        assert (places.amount, places.since) == (12, ASKS[0].since)
        assert tables.in_use("copd-at-home").key == "copd-at-home"
        assert "Decision 1 of the alliance" in Mark.objects.get().text
        review = Review.objects.get()
        assert review.due == meeting.decision(number).review
        assert list(Judged.objects.values_list("measure", "compares")) == [
            ("ed-attendances", False), ("ed-attendances", True),
        ]  # fmt: skip
        assert Evaluation.objects.get().title == "Decision 1: COPD at home"
        assert [e.entry.kind for e in register.entries()] == ["decided", "resourced"]
        assert register.verify() == ledger.verify() == access.verify_trail() == []
        assert {(c.kind, c.code) for c in queries.in_force("pathway", "service")} == {
            ("pathway", SLUG), ("service", "nursing"),
        }  # fmt: skip

    def test_a_design_without_money_waits_openly(self, members):
        """Design first, fund second."""
        number = asked(members, asks=(), funding="later")
        assert not actions.resource(decision=number, by=BOARD).resourced
        assert [each.decision.number for each in queries.waiting()] == [number]
        assert nothing_happened(number)

    def test_what_needs_no_money_goes_live_at_once(self, members):
        number = asked(members, asks=(), funding="none", changes=())
        assert actions.resource(decision=number, by=CHAIR).resourced


class TestRefused:
    """Bad input of the issue: decisions never half made."""

    def test_two_confirm_while_a_third_withdraws(self, members):
        signed_pathway()
        number = asked(members)
        confirm(number, 2, TRUST)
        confirm(number, 0, BOARD)
        actions.withdraw(decision=number, nth=2, reason="The winter plan needs it", by=TRUST)
        assert confirm(number, 1, COUNCIL).missing == ("practice",)
        assert nothing_happened(number)
        assert [word.said for word in queries.words(number)] == [
            "confirmed", "confirmed", "withdrawn", "confirmed",
        ]  # fmt: skip
        assert confirm(number, 2, TRUST).resourced

    def test_a_reservation_that_the_ledger_refuses(self, members):
        """The line of the second funder has 120.00, and the first's was reserved before it."""
        signed_pathway()
        number = asked(members)
        confirm(number, 0, BOARD)
        confirm(number, 2, TRUST, line="nurses")
        told = confirm(number, 1, COUNCIL)
        assert "has £79.99 left" in told.hindered or "'nurses' has" in told.hindered
        assert told.cure
        assert nothing_happened(number)
        assert pathways.found(SLUG) is None
        assert queries.hindered(number).what == told.hindered
        assert confirm(number, 2, TRUST, line="home").resourced
        assert queries.hindered(number) is None
        assert Hindered.objects.count() == 1

    def test_a_change_that_its_room_refuses(self, members):
        """Nobody has signed the pathway: the money, which was there, is not reserved either."""
        number = asked(members)
        told = all_confirm(number)
        assert SLUG in told.hindered
        assert nothing_happened(number)
        signed_pathway()
        assert actions.resource(decision=number, by=BOARD).resourced

    def test_a_month_that_is_closed(self, members):
        books.close(month=APRIL, by=FERN, override="unposted", why="Test")
        asks = (replace(ASKS[0], since=APRIL, until=APRIL),)
        number = asked(members, asks=asks, changes=())
        told = actions.confirm(decision=number, nth=0, amount=10_000, since=APRIL, until=APRIL,
                               line="wards", by=BOARD)  # fmt: skip
        assert "April 2026 is closed" in told.hindered
        assert nothing_happened(number)

    def test_less_than_was_agreed_is_another_proposal(self, members):
        number = asked(members)
        with pytest.raises(UserError, match="was agreed"):
            confirm(number, 0, BOARD, amount=9_999)
        with pytest.raises(UserError, match="no budget line 'wads'"):
            confirm(number, 0, BOARD, line="wads")
        assert not FunderWord.objects.exists()

    def test_nobody_commits_the_money_of_others(self, members):
        number = asked(members)
        for by in (COUNCIL, NURSE, CHAIR):
            with pytest.raises(NotPermitted):
                confirm(number, 0, by)

    def test_who_is_suspended_commits_nothing(self, members):
        """The charter's rule of the moment, and not of the meeting, says who may."""
        number = asked(members)
        charter.suspend(alliance=CODE, member=members["funder.health"], why="Breach", by=CHAIR)
        with pytest.raises(NotPermitted, match="is suspended: Breach"):
            confirm(number, 0, BOARD)

    def test_a_member_may_commit_up_to_their_limit(self, members):
        Member.objects.filter(username="funder.health").update(most=9_999)
        number = asked(members)
        with pytest.raises(NotPermitted, match=r"up to £99\.99"):
            confirm(number, 0, BOARD)


class TestAfter:
    def test_what_is_reserved_is_not_withdrawn(self, members):
        signed_pathway()
        number = asked(members)
        all_confirm(number)
        with pytest.raises(UserError, match="bring a proposal"):
            actions.withdraw(decision=number, nth=0, reason="Changed our mind", by=BOARD)

    def test_stopping_frees_what_is_not_drawn_and_ends_what_goes_on(self, members):
        signed_pathway()
        number = asked(members)
        all_confirm(number)
        told = actions.stop(decision=number, reason="No effect", by=CHAIR)
        assert any("£340.01" in each for each in told)
        assert [reserved(ask.line) for ask in ASKS] == [0, 0, 0]
        assert reading.entry("nursing").amounts == ()  # they were still to come
        assert tables.in_use("copd-at-home") is None
        assert all(each.until for each in queries.in_force())

    @pytest.mark.parametrize("what", ["UPDATE", "DELETE"])
    def test_the_database_refuses_to_change_it(self, members, what):
        signed_pathway()
        number = asked(members)
        all_confirm(number)
        for table in ("alliance_funder_word", "alliance_reserved"):
            sql = f"DELETE FROM {table}" if what == "DELETE" else f"UPDATE {table} SET amount = 1"
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                connection.cursor().execute(sql)
