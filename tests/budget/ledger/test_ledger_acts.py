"""What can be done with the ledger, and what is refused with the rule and the cure."""

from datetime import date

import pytest
from ledger_words import ANN, APRIL, JUNE, MAY, OCTOBER, bill, funded

from onesystem.access import Actor
from onesystem.access.models import Audit
from onesystem.budget.ledger import actions, queries, store
from onesystem.budget.ledger.entry import Leg, Posting, Unbalanced
from onesystem.vocabulary import BadConfig, Money, NotFound, NotPermitted, UserError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]


def post(posting, **more):
    return actions.post(
        book=posting.book, month=posting.month, legs=posting.legs, words=posting.words,
        by=ANN, **more,
    )  # fmt: skip


class TestPosting:
    def test_says_who_when_and_what_for(self):
        number = funded()
        kept = queries.posting(number)
        assert (kept.by, kept.kind, kept.currency, kept.month) == ("ann", "person", "GBP", APRIL)
        assert [leg.amount for leg in kept.legs] == [100_000, -100_000]
        assert kept.legs[0].fund == "pool"
        assert Audit.objects.latest("id").act == "ledger.posted"

    def test_the_same_key_again_is_the_same_posting(self):
        first = post(bill(500), key="bill-1")
        assert post(bill(500), key="bill-1") == first
        assert queries.balance(book="actual", account="spent") == 500

    def test_a_key_that_was_used_for_something_else_is_refused(self):
        post(bill(500), key="bill-1")
        with pytest.raises(Unbalanced, match="says something else"):
            post(bill(501), key="bill-1")

    def test_a_key_twice_in_one_go_is_one_posting(self):
        numbers = actions.post_many([bill(500, key="a"), bill(7), bill(500, key="a")], by=ANN)
        assert numbers == [1, 2, 1]
        assert queries.balance(account="spent") == 507

    def test_in_bulk_it_is_all_or_nothing(self):
        wrong = Posting("actual", APRIL, (Leg("spent", 5), Leg("owed", -4)), "Slip")
        with pytest.raises(Unbalanced):
            actions.post_many([bill(500), wrong], by=ANN)
        assert queries.entries() == []
        assert queries.verify() == []

    def test_nobody_posts_namelessly(self):
        with pytest.raises(TypeError, match="a person or a named job"):
            actions.post(book="actual", month=APRIL, legs=bill(5).legs, words="x", by="ann")

    def test_a_currency_mixed_in_is_refused(self):
        legs = (Leg("spent", Money(500, "NZD")), Leg("owed", Money(-500, "NZD")))
        with pytest.raises(Unbalanced, match=r"\$5.00 is in NZD, and the ledger is in GBP"):
            actions.post(book="actual", month=APRIL, legs=legs, words="x", by=ANN)
        with pytest.raises(Unbalanced, match="the posting is in NZD"):
            post(bill(5), currency="NZD")

    def test_money_of_the_districts_currency_is_its_minor_units(self):
        legs = (Leg("spent", Money(500, "GBP")), Leg("owed", Money(-500, "GBP")))
        actions.post(book="actual", month=APRIL, legs=legs, words="x", by=ANN)
        assert queries.balance(account="spent") == 500

    def test_a_district_that_changed_its_currency_is_told(self, district, monkeypatch):
        from dataclasses import replace

        funded()
        monkeypatch.setattr(store, "current", lambda: replace(district, currency="NZD"))
        with pytest.raises(UserError, match="the ledger is in GBP, and the district in NZD"):
            funded()

    def test_a_leg_says_what_its_line_is_for(self, monkeypatch):
        monkeypatch.setattr(store, "_described_by", [
            lambda line: {"fund": "pool", "setting": "ED", "service": ""} if line == "ed" else None
        ])  # fmt: skip
        legs = (Leg("spent", 5, line="ed", setting="ward"), Leg("owed", -5))
        actions.post(book="actual", month=APRIL, by=ANN, words="x", legs=legs)
        [leg, _] = queries.posting(1).legs
        assert (leg.fund, leg.setting, leg.service) == ("pool", "ward", "")


class TestReservations:
    def test_what_is_drawn_leaves_the_reservation_once(self):
        """ERPNext issue 36610: an order of 500 under a budget of 1,000, of which 200 is billed.
        Its check of the budget added the bill to the whole order (700); 500 is right, before and
        after."""
        funded(1_000_00)
        order = actions.reserve(line="ed", amount=500_00, month=APRIL, words="Order", by=ANN)
        assert queries.available("ed") == 500_00
        actions.draw(reservation=order, amount=200_00, month=APRIL, words="Invoice", by=ANN)
        assert queries.available("ed") == 500_00
        assert queries.held(order) == 300_00
        assert queries.balance(book="actual", account="spent", line="ed") == 200_00
        actions.draw(reservation=order, amount=300_00, month=MAY, words="Rest", by=ANN)
        assert queries.available("ed") == 500_00
        assert queries.held(order) == 0

    def test_what_is_not_needed_is_released(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        actions.draw(reservation=order, amount=200, month=APRIL, words="Invoice", by=ANN)
        actions.release(reservation=order, by=ANN, words="Less came", amount=100)
        assert (queries.held(order), queries.available("ed")) == (300, 500)
        [kept] = queries.reservations(line="ed")
        assert (kept["number"], kept["left"], kept["words"]) == (order, 300, "Order")
        actions.release(reservation=order, by=ANN, words="Nothing more comes")
        assert (queries.held(order), queries.available("ed")) == (0, 800)
        assert queries.reservations() == []
        with pytest.raises(actions.TooLittle, match="holds nothing any more"):
            actions.release(reservation=order, by=ANN, words="Again")

    def test_more_than_the_line_has_is_refused(self):
        funded(1_000)
        with pytest.raises(actions.TooLittle) as told:
            actions.reserve(line="ed", amount=1_001, month=APRIL, words="Order", by=ANN)
        assert told.value.what == ("the line 'ed' has £10.00 left, and £10.01 was to be reserved")
        assert "move money to the line" in told.value.cure
        assert queries.reservations() == []

    def test_more_than_the_reservation_holds_is_refused(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        with pytest.raises(actions.TooLittle, match=r"holds £6.00, and £6.01 was asked"):
            actions.draw(reservation=order, amount=601, month=APRIL, words="Invoice", by=ANN)
        assert queries.balance(book="actual") == 0
        assert queries.many(book="actual") == 0

    @pytest.mark.parametrize("amount", [0, -5])
    def test_nothing_is_not_reserved(self, amount):
        with pytest.raises(Unbalanced, match="nothing to move"):
            actions.reserve(line="ed", amount=amount, month=APRIL, words="Order", by=ANN)

    def test_the_same_key_again_takes_nothing_twice(self):
        funded(1_000)
        asked = {"line": "ed", "amount": 800, "month": APRIL, "words": "Order", "by": ANN}
        order = actions.reserve(key="o", **asked)
        assert actions.reserve(key="o", **asked) == order
        drawn = {"reservation": order, "amount": 500, "month": APRIL, "words": "Bill", "by": ANN}
        bill = actions.draw(key="b", **drawn)
        assert actions.draw(key="b", **drawn) == bill
        assert (queries.held(order), queries.available("ed")) == (300, 200)
        back = actions.release(reservation=order, words="Rest", by=ANN, key="r")
        assert actions.release(reservation=order, words="Rest", by=ANN, key="r") == back

    def test_only_a_reservation_is_drawn(self):
        number = funded(1_000)
        with pytest.raises(NotFound, match="posting 1 is no reservation"):
            actions.draw(reservation=number, amount=5, month=APRIL, words="Bill", by=ANN)
        with pytest.raises(NotFound, match="no posting 99"):
            actions.release(reservation=99, words="x", by=ANN)

    def test_each_carries_contract_and_decision(self):
        funded(1_000)
        order = actions.reserve(
            line="ed", amount=600, month=APRIL, words="Order", by=ANN, contract="alliance",
            decision="d-7", organisation="hospital",
        )  # fmt: skip
        actions.draw(reservation=order, amount=100, month=APRIL, words="Bill", by=ANN)
        assert queries.balance(account="spent", contract="alliance", decision="d-7",
                               organisation="hospital") == 100  # fmt: skip


class TestCorrecting:
    def test_a_draw_is_reversed_in_both_books(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        bill = actions.draw(reservation=order, amount=200, month=APRIL, words="Bill", by=ANN)
        contras = actions.correct(posting=bill, by=ANN, why="Billed twice")
        assert len(contras) == 2
        assert (queries.held(order), queries.available("ed")) == (600, 400)
        assert queries.posting(bill).reversed_by == contras[0]
        assert queries.posting(contras[0]).words == f"Corrects {bill}: Billed twice"

    def test_once_and_not_back_again(self):
        number = funded()
        [contra] = actions.correct(posting=number, by=ANN, why="Wrong line")
        with pytest.raises(UserError, match="reversed already, by posting 2"):
            actions.correct(posting=number, by=ANN, why="Again")
        with pytest.raises(UserError, match="reverses posting 1"):
            actions.correct(posting=contra, by=ANN, why="Back")

    def test_a_reservation_that_was_drawn_is_released_instead(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        actions.draw(reservation=order, amount=200, month=APRIL, words="Bill", by=ANN)
        with pytest.raises(UserError, match="drawn or released"):
            actions.correct(posting=order, by=ANN, why="Not agreed")

    def test_an_untouched_reservation_is_reversed(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        actions.correct(posting=order, by=ANN, why="Not agreed")
        assert (queries.held(order), queries.available("ed")) == (0, 1_000)

    def test_what_lies_in_a_closed_month_is_reversed_in_an_open_one(self):
        number = funded(1_000)
        actions.close(month=APRIL, by=ANN)
        actions.correct(posting=number, by=ANN, why="Wrong")
        assert queries.balance(account="budget", month_to=APRIL) == 1_000
        assert queries.balance(account="budget") == 0

    def test_a_reason_is_needed(self):
        with pytest.raises(Unbalanced, match="needs a reason"):
            actions.correct(posting=funded(), by=ANN, why=" ")


class TestClosing:
    def test_a_closed_month_refuses_entries(self):
        funded(1_000, month=MAY)
        actions.close(month=MAY, by=ANN)
        for month in (APRIL, MAY):
            with pytest.raises(Unbalanced) as told:
                post(bill(5, month=month))
            assert "is closed" in told.value.what
            assert "June 2026 or later" in told.value.cure
        post(bill(5, month=JUNE))
        assert [m.closed for m in queries.months()] == [True, False]
        assert queries.first_open() == JUNE

    def test_a_contribution_after_the_year_closed_is_refused(self):
        funded(1_000, month=date(2026, 3, 1))
        actions.close(month=date(2026, 3, 1), by=ANN)
        with pytest.raises(Unbalanced, match="October 2025 is closed"):
            funded(500, month=date(2025, 10, 1))

    def test_only_what_is_over_and_still_open(self):
        with pytest.raises(UserError, match="is not over yet"):
            actions.close(month=date(2099, 1, 1), by=ANN)
        with pytest.raises(BadConfig, match="no month"):
            actions.close(month=date(2026, 4, 2), by=ANN)
        actions.close(month=APRIL, by=ANN)
        with pytest.raises(UserError, match="closed already"):
            actions.close(month=APRIL, by=ANN)

    def test_it_takes_the_right(self):
        with pytest.raises(NotPermitted, match="Finance manager"):
            actions.close(month=APRIL, by=Actor("bo", frozenset({"commissioner"})))

    def test_a_release_after_its_month_closed_lies_in_an_open_one(self):
        funded(1_000)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN)
        actions.close(month=OCTOBER, by=ANN)
        actions.release(reservation=order, by=ANN, words="Over")
        assert queries.balance(account="reserved", month_to=APRIL) == 600
        assert queries.held(order) == 0


class TestAsking:
    @pytest.fixture(autouse=True)
    def _posted(self, district):
        funded(1_000)
        funded(500, line="ward", month=MAY)
        actions.post_many([bill(10), bill(20, line="ward", month=MAY, cause="contract:7"),
                           bill(30, month=MAY)], by=ANN)  # fmt: skip

    def test_balances_by_what_is_asked(self):
        assert queries.balance(book="actual", account="spent", line="ed") == 40
        assert queries.balance(book="actual", account="spent", month_from=MAY) == 50
        assert queries.balance(account="spent", line=["ed", "ward"]) == 60
        assert queries.balances(by=("line",), account="spent") == [
            {"line": "ed", "amount": 40, "legs": 2}, {"line": "ward", "amount": 20, "legs": 1},
        ]  # fmt: skip
        assert queries.balances(by=("month",), book="actual", account="owed") == [
            {"month": APRIL, "amount": -10, "legs": 1}, {"month": MAY, "amount": -50, "legs": 2},
        ]  # fmt: skip

    def test_what_is_left_on_a_line_to_a_month(self):
        assert queries.available("ed") == 960
        assert queries.available("ed", month_to=APRIL) == 990

    def test_entries_are_filtered_searched_and_paged(self):
        assert queries.many() == 10
        assert [e.posting for e in queries.entries(line="ward")] == [4, 2]
        assert [e.posting for e in queries.entries(cause="contract:7")] == [4, 4]
        assert queries.many(search="OPENING") == 4
        assert queries.many(by="ann", book="actual") == 6
        assert [e.posting for e in queries.entries(per_page=4, page=2)] == [3, 3, 2, 2]

    def test_a_word_that_the_ledger_does_not_have_is_refused(self):
        with pytest.raises(BadConfig, match="no 'lin'"):
            queries.balance(lin="ed")
        with pytest.raises(BadConfig, match="no 'persons'"):
            queries.balances(by=("persons",))
