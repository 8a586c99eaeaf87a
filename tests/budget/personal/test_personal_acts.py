"""A personal budget from its assessment to its end, on the ledger to the penny."""

from datetime import timedelta

import pytest
from personal_data import HOLDER, KEEPER, OTHER, PNG

from onesystem.budget.ledger import queries as ledger
from onesystem.budget.personal import actions, asking, ending, queries, spending
from onesystem.budget.personal.posting import today
from onesystem.vocabulary import Money, NotPermitted, UserError


def told(number):
    return queries.statement(queries.one(number))


def buy(number, amount, *, by=KEEPER):
    return spending.spend(
        budget=number, item="respite", way="notional", amount=amount, day=today(), by=by
    )


def test_an_indicative_budget_reaches_the_floor(assessed):
    """650 and 260 are 910: up to 1,000 each purse adds its share of 90."""
    row = queries.one(assessed)
    assert row.indicative == 100_000
    assert {p.line: p.indicative for p in row.purses.all()} == {"phb": 71_429, "asc": 28_571}
    assert [line["rule"] for line in queries.working(row)] == ["need", "need", "floor", "floor"]


def test_signing_sets_aside_what_each_purse_agreed(live):
    assert ledger.available("phb") == 500_000 - 71_429
    assert ledger.available("asc") == 300_000 - 28_571
    assert told(live).ledger_reserved == 100_000
    assert told(live).differences == {}


def test_spending_draws_each_purse_in_proportion(live):
    spending.spend(
        budget=live, item="respite", way="notional", amount=9_999, day=today(), by=KEEPER
    )
    found = told(live)
    assert {p.line: p.drawn for p in found.purses} == {"phb": 7_142, "asc": 2_857}
    assert (found.ledger_spent, found.ledger_reserved, found.left) == (9_999, 90_001, 90_001)
    assert found.differences == {}


def test_a_direct_payment_is_paid_then_shown_by_receipts(live):
    spending.pay(budget=live, amount=20_000, day=today(), by=KEEPER)
    number = spending.spend(budget=live, item="respite", way="direct", amount=7_550, day=today(),
                            by=HOLDER, receipt=PNG)  # fmt: skip
    found = told(live)
    assert (found.spent, found.account, found.ledger_spent) == (7_550, 12_450, 20_000)
    assert found.differences == {}
    with pytest.raises(UserError, match="sent already"):
        spending.spend(budget=live, item="respite", way="direct", amount=1, day=today(),
                       by=HOLDER, receipt=PNG)  # fmt: skip
    spending.take_back(spend=number, why="Not for this", by=KEEPER)
    assert (told(live).spent, told(live).account) == (0, 20_000)
    assert told(live).differences == {}


def test_what_was_bought_through_us_is_taken_back_and_set_aside_anew(live):
    number = spending.spend(budget=live, item="respite", way="notional", amount=9_999,
                            day=today(), by=KEEPER)  # fmt: skip
    spending.take_back(spend=number, why="The stay was called off", by=KEEPER)
    found = told(live)
    assert (found.spent, found.left, found.ledger_spent) == (0, 100_000, 0)
    assert found.ledger_reserved == 100_000
    assert found.differences == {}


@pytest.mark.parametrize("item", ["general-practice", "emergency"])
def test_general_practice_and_emergency_care_are_outside(live, item):
    """IPC announcement, July 2014: "GP and emergency care is not included"."""
    with pytest.raises(UserError, match="outside personal budgets"):
        spending.spend(budget=live, item=item, way="notional", amount=100, day=today(), by=KEEPER)


def test_the_last_pound_is_spent_once(live):
    spending.spend(
        budget=live, item="respite", way="notional", amount=49_950, day=today(), by=KEEPER
    )
    with pytest.raises(UserError, match=r"between nothing and the £0.50"):
        spending.spend(
            budget=live, item="respite", way="notional", amount=51, day=today(), by=OTHER
        )
    assert told(live).differences == {}


def test_the_same_gesture_again_changes_nothing(live):
    said = {"budget": live, "item": "respite", "way": "notional", "amount": 100, "day": today(),
            "by": KEEPER, "act": "click"}  # fmt: skip
    assert spending.spend(**said) == spending.spend(**said)
    assert told(live).spent == 100


def test_another_currency_is_refused(live):
    with pytest.raises(UserError, match="NZD"):
        spending.spend(budget=live, item="respite", way="notional", amount=Money(100, "NZD"),
                       day=today(), by=KEEPER)  # fmt: skip


def test_the_year_ends_with_weeks_kept_and_the_rest_returned(live, monkeypatch):
    """50,000 as direct payment: 8 of 52 weeks, rounded down, are 7,692 that may stay."""
    spending.pay(budget=live, amount=40_000, day=today(), by=KEEPER)
    spending.spend(budget=live, item="respite", way="direct", amount=10_000, day=today(),
                   by=HOLDER, receipt=PNG)  # fmt: skip
    row = queries.one(live)
    monkeypatch.setattr("onesystem.budget.personal.posting.today", lambda: row.ends)
    found = ending.end(budget=live, why="year", on=row.ends, by=KEEPER)
    assert (found.stays, found.returned, found.released) == (7_692, 22_308, 60_000)
    said = told(live)
    assert (said.ledger_spent, said.ledger_reserved, said.account) == (17_692, 0, 7_692)
    assert said.differences == {}
    assert ledger.verify() == []


def test_after_a_death_all_that_is_on_the_account_goes_back(live):
    spending.pay(budget=live, amount=40_000, day=today(), by=KEEPER)
    found = ending.end(budget=live, why="died", on=today(), by=KEEPER)
    assert (found.stays, found.returned) == (0, 40_000)
    assert ledger.available("phb") == 500_000
    assert ledger.available("asc") == 300_000
    assert told(live).differences == {}


def test_a_paused_budget_buys_nothing(live):
    actions.pause(budget=live, why="hospital", by=KEEPER)
    with pytest.raises(UserError, match="while it is: paused"):
        spending.spend(
            budget=live, item="respite", way="notional", amount=1, day=today(), by=KEEPER
        )
    actions.resume(budget=live, by=KEEPER)
    spending.spend(budget=live, item="respite", way="notional", amount=1, day=today(), by=KEEPER)


def test_more_money_is_set_aside_and_stands_in_the_statement(live):
    actions.add(budget=live, line="asc", way="direct", amount=5_000, why="Needs grew", by=KEEPER)
    found = told(live)
    assert (found.agreed, found.left) == (105_000, 105_000)
    assert [line.kind for line in found.lines] == ["agreed", "added"]
    assert found.differences == {}


def test_money_that_a_line_has_not_is_not_signed_for(assessed):
    actions.agree(budget=assessed, by=KEEPER, sums={"phb": 500_001, "asc": 0},
                  ways={"notional": 500_001}, why="Much is needed")  # fmt: skip
    with pytest.raises(UserError, match=r"has £5,000\.00 left"):
        actions.sign(budget=assessed, by=HOLDER)
    assert queries.one(assessed).state == "agreed"
    assert ledger.available("phb") == 500_000


class TestAsking:
    """Every request has a clock and an owner, every refusal a reason."""

    def ask(self, live, **more):
        said = {"kind": "spend", "item": "large-equipment", "amount": 40_000,
                "words": "A tricycle"} | more  # fmt: skip
        return asking.ask(budget=live, by=HOLDER, **said)

    def wait(self, live, number):
        return next(w for w in queries.waits(queries.one(live)) if w.ask == number)

    def test_has_a_clock_and_an_owner(self, live):
        found = self.wait(live, self.ask(live))
        assert (found.due - found.asked, found.owner) == (timedelta(days=5), "sol")

    def test_is_agreed_and_bought_once(self, live):
        number = self.ask(live)
        asking.agree(ask=number, by=KEEPER, amount=30_000)
        with pytest.raises(UserError, match=r"more than the £300.00"):
            spending.spend(budget=live, item="large-equipment", way="notional", amount=30_001,
                           day=today(), by=KEEPER, ask=number)  # fmt: skip
        spending.spend(budget=live, item="large-equipment", way="notional", amount=30_000,
                       day=today(), by=KEEPER, ask=number)  # fmt: skip
        with pytest.raises(UserError, match="used already"):
            spending.spend(budget=live, item="large-equipment", way="notional", amount=1,
                           day=today(), by=KEEPER, ask=number)  # fmt: skip

    def test_can_be_bought_again_when_it_was_taken_back(self, live):
        number = self.ask(live)
        asking.agree(ask=number, by=KEEPER)
        said = {"budget": live, "item": "large-equipment", "way": "notional", "amount": 100,
                "day": today(), "by": KEEPER, "ask": number}  # fmt: skip
        spending.take_back(spend=spending.spend(**said), why="Broken when it came", by=KEEPER)
        assert self.wait(live, number).state == "agreed"
        spending.spend(**said)
        assert told(live).spent == 100

    def test_is_refused_with_a_reason_and_looked_at_again_by_somebody_else(self, live):
        number = self.ask(live)
        with pytest.raises(UserError, match="needs words"):
            asking.refuse(ask=number, reason="needs-more", words=" ", by=KEEPER)
        asking.refuse(ask=number, reason="needs-more", words="What does it cost?", by=KEEPER)
        again = asking.appeal(ask=number, words="Here is the price", by=HOLDER)
        with pytest.raises(NotPermitted, match="does not look at it again"):
            asking.agree(ask=again, by=KEEPER)
        asking.agree(ask=again, by=OTHER)
        assert self.wait(live, number).state == "agreed"
        with pytest.raises(UserError, match="not refused"):
            asking.appeal(ask=number, words="Once more", by=HOLDER)

    def test_what_the_rules_refuse_waits_for_nobody(self, live):
        with pytest.raises(UserError, match="outside personal budgets"):
            self.ask(live, item="surgery")

    def test_what_needs_an_answer_is_not_bought_without(self, live):
        with pytest.raises(UserError, match="we answer first"):
            spending.spend(budget=live, item="large-equipment", way="notional", amount=1,
                           day=today(), by=KEEPER)  # fmt: skip
        with pytest.raises(UserError, match=r"above £250\.00"):
            spending.spend(budget=live, item="small-equipment", way="notional", amount=25_001,
                           day=today(), by=KEEPER)  # fmt: skip

    def test_is_taken_back_while_it_waits(self, live):
        number = self.ask(live)
        asking.withdraw(ask=number, by=HOLDER)
        with pytest.raises(UserError, match="withdrawn already"):
            asking.agree(ask=number, by=KEEPER)


class TestWhoMay:
    def test_nobody_keeps_their_own(self, live, somebody):
        from onesystem.access import Actor

        both = Actor("maia", frozenset({"person", "social-worker"}))
        with pytest.raises(NotPermitted, match="nobody keeps their own"):
            actions.pause(budget=live, why="choice", by=both)

    def test_a_stranger_buys_nothing(self, live):
        from onesystem.access import Actor

        with pytest.raises(NotPermitted):
            spending.spend(budget=live, item="respite", way="direct", amount=1, day=today(),
                           by=Actor("eve", frozenset({"person"})), receipt=PNG)  # fmt: skip

    def test_who_comes_second_is_told(self, live):
        row = queries.one(live)
        actions.pause(budget=live, why="hospital", by=KEEPER, seen=row.steps)
        with pytest.raises(UserError, match="somebody else did something since: paused"):
            actions.resume(budget=live, by=OTHER, seen=row.steps)

    def test_no_name_on_the_ledger_or_in_the_trail(self, live):
        from onesystem.access.models import Audit

        for entry in ledger.entries(per_page=0):
            assert "Māia" not in f"{entry}"
            assert "Ngāpuhi" not in f"{entry}"
        for row in Audit.objects.filter(act__startswith="personal-budget"):
            assert "walk to the shop" not in str(row.__dict__)


def test_the_ledger_keeps_its_sums_when_the_person_is_forgotten(live, somebody):
    from onesystem import people
    from onesystem.budget.personal.forgetting import forget
    from onesystem.budget.personal.rows import PersonalBudget

    buy(live, 100)
    assert forget(people.identity_ids_of(somebody)) > 5
    assert not PersonalBudget.objects.exists()
    assert ledger.balance(book="actual", account="spent") == 100
    assert ledger.balance(book="commitment", account="reserved") == 0
    assert ledger.verify() == []
