"""Pooled funds in the store and the ledger: the plan follows, money moves once, a settled year
takes nothing more."""

from dataclasses import replace
from datetime import date

import pytest
from pooled_year import BEA, CORA, NOBODY, agreement

from onesystem.access import Actor
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.pooled import actions, queries, reading
from onesystem.budget.pooled.agreement import Contribution
from onesystem.budget.pooled.checks import Wrong
from onesystem.vocabulary import NotPermitted, UserError

JUNE = date(2025, 6, 1)
FUND = {"fund": "better-care", "year": "2025/26"}


@pytest.fixture
def kept(db, district):
    """A fund whose year is agreed; gives the step."""
    return actions.keep(agreement=agreement(), seen=0, by=BEA, why="Agreed by the board")


def plan():
    """What the plan book has on each line."""
    rows = ledger.balances(("line",), book="plan", account="budget", fund="better-care")
    return {row["line"]: row["amount"] for row in rows}


def spend(scheme, amount, month=JUNE, key=""):
    """Money that a scheme used."""
    return actions.spend(**FUND, scheme=scheme, month=month, amount=amount, by=BEA,
                         key=key or f"{scheme}-{month}-{amount}")  # fmt: skip


class TestThePlanFollowsTheAgreement:
    def test_to_the_penny(self, kept):
        assert plan() == {
            "better-care.reablement": 400_00, "better-care.home-care": 300_00,
            "better-care.homes": 100_00, "better-care.falls-car": 100_00,
            "better-care.risk-pool": 50_00, "better-care.unallotted": 50_00,
        }  # fmt: skip
        assert queries.position("better-care", "2025/26", by=BEA).differs == 0
        assert not ledger.verify()

    def test_each_partner_contributed_what_it_pays_in(self, kept):
        rows = ledger.balances(("organisation",), book="plan", account="contributed")
        assert {r["organisation"]: r["amount"] for r in rows} == {
            "hospital": -600_00, "community": -400_00,
        }  # fmt: skip

    def test_lines_are_tied_to_their_goal(self, kept):
        from onesystem.budget.funds import reading as funds

        line = funds.line("better-care.reablement")
        assert funds.goal(line.goal).words == "People are at home after hospital"

    def test_a_change_posts_only_what_changes(self, kept):
        changed = replace(agreement(), risk_pool=60_00)
        actions.keep(agreement=changed, seen=kept, by=BEA)
        assert plan()["better-care.risk-pool"] == 60_00
        assert sum(plan().values()) == 1000_00

    def test_undo_puts_the_plan_back(self, kept):
        before = plan()
        changed = replace(agreement(), schemes=agreement().schemes[:2])
        number = actions.keep(agreement=changed, seen=kept, by=BEA)
        actions.undo(**FUND, seen=number, by=BEA)
        assert {k: v for k, v in plan().items() if v} == before
        assert reading.standing("better-care", "2025/26").agreement == agreement()

    def test_there_is_nothing_to_undo_of_the_first(self, kept):
        with pytest.raises(UserError, match="nothing to undo"):
            actions.undo(**FUND, seen=kept, by=BEA)

    def test_the_same_again_makes_no_step(self, kept):
        assert actions.keep(agreement=agreement(), seen=kept, by=BEA) == kept

    def test_a_closed_month_never_changes(self, kept):
        from onesystem.budget.ledger import actions as books

        books.close(month=JUNE, by=Actor.job("test"))
        more = Contribution(code="winter", partner="community", kind="additional", amount=12_00)
        a = replace(agreement(), contributions=(*agreement().contributions, more))
        actions.keep(agreement=a, seen=kept, by=BEA)
        rows = ledger.balances(("month",), book="plan", account="contributed",
                               decision="winter")  # fmt: skip
        assert rows[0] == {"month": date(2025, 7, 1), "amount": -4_00, "legs": 2} or (
            rows[0]["month"] == date(2025, 7, 1) and rows[0]["amount"] == -4_00
        )


class TestWhatIsRefused:
    def test_two_who_keep_at_once(self, kept):
        actions.keep(agreement=replace(agreement(), risk_pool=1), seen=kept, by=CORA)
        with pytest.raises(actions.Overtaken, match="cora changed it"):
            actions.keep(agreement=replace(agreement(), risk_pool=2), seen=kept, by=BEA)

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ({"host": "moon"}, "host is none of the partners"),
            ({"order": ("underspends",)}, "leaves a step out"),
            ({"minimum_social_care": 401_00}, "400.00 of the NHS minimum goes to adult social"),
            ({"risk_pool": 101_00}, "more than what is paid in"),
            ({"year": "2025/27"}, "is no financial year"),
        ],
    )
    def test_an_agreement_that_cannot_stand(self, db, district, change, what):
        with pytest.raises(Wrong, match=what):
            actions.keep(agreement=replace(agreement(), **change), seen=0, by=BEA)

    def test_schemes_that_take_more_than_their_contribution(self, db, district):
        big = replace(agreement().schemes[0], amount=501_00)
        with pytest.raises(Wrong, match=r"schemes take 601\.00"):
            actions.keep(
                agreement=replace(agreement(), schemes=(big, *agreement().schemes[1:])), seen=0,
                by=BEA,
            )  # fmt: skip

    def test_who_may_not(self, db, district):
        with pytest.raises(NotPermitted):
            actions.keep(agreement=agreement(), seen=0, by=NOBODY)

    def test_more_than_was_agreed_comes_in(self, kept):
        with pytest.raises(UserError, match=r"1\.00 more came in than was agreed.*additional"):
            actions.receive(
                **FUND, contribution="grant", month=JUNE, amount=301_00, by=BEA, key="a"
            )

    def test_money_after_the_end_of_a_scheme(self, kept):
        with pytest.raises(UserError, match=r"Falls car ended on 31 December 2025.*later end"):
            spend("falls-car", 1_00, date(2026, 1, 1))

    def test_a_month_of_another_year(self, kept):
        with pytest.raises(UserError, match="is not in 2025/26"):
            spend("reablement", 1_00, date(2026, 4, 1))

    def test_nothing_half_done(self, kept):
        """The ledger refuses a closed month: no step, no posting."""
        from onesystem.budget.ledger import actions as books

        books.close(month=JUNE, by=Actor.job("test"))
        with pytest.raises(UserError, match="closed"):
            spend("reablement", 1_00)
        assert ledger.balance(book="actual", account="spent") == 0


class TestMoneyMovesOnce:
    def test_the_same_key_again_adds_nothing(self, kept):
        for _ in range(2):
            spend("reablement", 30_00, key="invoice 7")
        assert ledger.balance(book="actual", account="spent") == 30_00

    def test_what_was_taken_back_is_gone(self, kept):
        number = spend("reablement", 30_00)
        actions.take_back(**FUND, posting=number, why="Paid twice", by=BEA)
        assert queries.position("better-care", "2025/26", by=BEA).spent == 0


class TestTheEndOfAYear:
    @pytest.fixture
    def over(self, kept):
        """A year in which reablement cost 70.00 more, and home care 10.00 less."""
        spend("reablement", 470_00)
        spend("home-care", 290_00)
        spend("homes", 100_00)
        spend("falls-car", 100_00)
        return kept

    def test_it_is_shared_by_the_agreements_order(self, over):
        """70 over: 10 of home care's underspend, 50 of the risk pool, 10 of what is in no scheme;
        the other 40 of that go back pro rata, 26.67 and 13.33."""
        result = actions.settle(**FUND, seen=over, by=BEA)
        assert [(li.rule, li.amount) for li in result.lines] == [
            ("overspend", 70_00), ("underspends", -10_00), ("risk-pool", -50_00),
            ("uncommitted", -10_00), ("return", -26_67), ("return", -13_33),
        ]  # fmt: skip
        assert result.pays == {"hospital": -26_67, "community": -13_33}

    def test_the_ledger_has_it(self, over):
        actions.settle(**FUND, seen=over, by=BEA)
        rows = ledger.balances(("organisation",), book="actual", account="shared")
        assert {r["organisation"]: r["amount"] for r in rows} == {
            "hospital": 26_67, "community": 13_33,
        }  # fmt: skip

    def test_a_late_contribution_is_refused_with_the_cure(self, over):
        actions.settle(**FUND, seen=over, by=BEA)
        with pytest.raises(actions.Settled, match=r"2025/26 was settled.*2026/27, or let the part"):
            actions.receive(**FUND, contribution="grant", month=JUNE, amount=1_00, by=BEA, key="l")
        late = Contribution(code="late", partner="community", kind="additional", amount=5_00)
        a = replace(agreement(), contributions=(*agreement().contributions, late))
        with pytest.raises(actions.Settled):
            actions.keep(agreement=a, seen=over + 1, by=BEA)
        with pytest.raises(actions.Settled):
            spend("reablement", 1_00)

    def test_it_can_be_opened_again_with_a_reason(self, over):
        actions.settle(**FUND, seen=over, by=BEA)
        with pytest.raises(UserError, match="for a reason"):
            actions.reopen(**FUND, seen=over + 1, by=BEA, why=" ")
        actions.reopen(**FUND, seen=over + 1, by=BEA, why="An invoice came late")
        assert not any(r["amount"] for r in ledger.balances(("organisation",), account="shared"))
        spend("reablement", 1_00)

    def test_a_running_year_is_not_settled(self, db, district):
        number = actions.keep(agreement=agreement("2026/27"), seen=0, by=BEA)
        with pytest.raises(UserError, match=r"not over yet.*31 March 2027"):
            actions.settle(fund="better-care", year="2026/27", seen=number, by=BEA)

    def test_what_nobody_carries_settles_nothing(self, over):
        spend("home-care", 500_00, key="more")
        most = tuple(replace(p, most=1_00) for p in agreement().partners)
        number = actions.keep(agreement=replace(agreement(), partners=most), seen=over, by=BEA)
        with pytest.raises(UserError, match="beyond every partner's maximum"):
            actions.settle(**FUND, seen=number, by=BEA)
        assert not reading.standing("better-care", "2025/26").settled


class TestReturns:
    ANSWERS = {"met.agreed": "yes", "evidence.agreed": "Minute 12", "successes": "Home first"}

    def test_income_and_expenditure_are_the_ledgers(self, kept):
        actions.receive(**FUND, contribution="minimum", month=JUNE, amount=150_00, by=BEA, key="r")
        spend("reablement", 101_01)
        made = queries.draft_return("better-care", "2025/26", 1, {}, by=BEA)
        assert (made.came, made.went) == (150_00, 101_01)
        assert [(i.code, i.due) for i in made.income][:2] == [("minimum", 150_00), ("grant", 75_00)]

    def test_conditions_say_what_the_books_say(self, kept):
        made = queries.draft_return("better-care", "2025/26", 1, self.ANSWERS, by=BEA)
        told = {c.code: (c.met, c.holds) for c in made.conditions}
        assert told == {"agreed": ("yes", "yes"), "objectives": ("", "yes"), "grants": ("", "yes"),
                        "oversight": ("", "yes")}  # fmt: skip

    def test_measures_say_what_cannot_be_known(self, kept):
        made = queries.draft_return("better-care", "2025/26", 1, {}, by=BEA)
        delay = next(m for m in made.measures if m.name == "discharge-delay")
        assert delay.value is None
        assert delay.target == 4.0
        assert any("day of being ready" in note for note in delay.notes)

    def test_partners_sign_what_they_saw(self, kept):
        actions.make_return(**FUND, quarter=1, answers=self.ANSWERS, by=BEA)
        for by in (BEA, CORA):
            actions.sign(**FUND, quarter=1, version=1, by=by)
        made = reading.made("better-care", "2025/26", 1)
        assert made.missing(["hospital", "community"]) == []
        with pytest.raises(UserError, match=r"signed already.*why"):
            actions.make_return(**FUND, quarter=1, answers={}, by=BEA, seen=1)
        actions.make_return(**FUND, quarter=1, answers={}, by=BEA, seen=1, why="A figure was late")
        assert reading.made("better-care", "2025/26", 1).missing(["hospital"]) == ["hospital"]
        with pytest.raises(actions.Overtaken, match="newer version"):
            actions.sign(**FUND, quarter=1, version=1, by=BEA)

    def test_only_a_partner_signs(self, kept):
        actions.make_return(**FUND, quarter=1, answers={}, by=BEA)
        other = Actor(name="olly", roles=frozenset({"better-care-lead"}), organisation="practice")
        with pytest.raises(NotPermitted, match="does not act for a partner"):
            actions.sign(**FUND, quarter=1, version=1, by=other)

    def test_a_return_never_changes(self, kept):
        from django.db import DatabaseError

        from onesystem.budget.pooled.rows import PooledReturn

        actions.make_return(**FUND, quarter=1, answers={}, by=BEA)
        with pytest.raises(DatabaseError, match="never changes"):
            PooledReturn.objects.update(body="{}")

    def test_a_year_without_rules_says_so(self, db, district):
        from onesystem.budget.months import Year
        from onesystem.budget.pooled.frameworks import framework

        with pytest.raises(UserError, match="no Better Care Fund framework is known for 2031/32"):
            framework(Year.of("2031/32"))


class TestThePoolPaysItsPart:
    """What contacts of a scheme's services cost stands on other lines first."""

    @pytest.fixture
    def costed(self, db, district):
        from onesystem.budget.ledger import actions as books
        from onesystem.budget.ledger.entry import Leg

        first = replace(agreement().schemes[0], services=("ed", "ward-a"), share=60)
        a = replace(agreement(), schemes=(first, *agreement().schemes[1:]))
        actions.keep(agreement=a, seen=0, by=BEA)
        for service, amount in (("ed", 100_01), ("ward-a", 50_00), ("nursing", 7_00)):
            about = {"line": f"core.{service}", "fund": "core", "service": service}
            legs = (Leg("spent", amount, **about), Leg("owed", -amount, organisation="hospital"))
            books.post(book="actual", month=JUNE, legs=legs, words="Costs", by=Actor.job("test"))
        return a

    def test_nothing_counts_twice(self, costed):
        before = ledger.balance(book="actual", account="spent")
        assert actions.recharge(**FUND, month=JUNE, by=BEA) == {"reablement": 60_00 + 30_00}
        assert ledger.balance(book="actual", account="spent") == before
        assert queries.position("better-care", "2025/26", by=BEA).spent == 90_00

    def test_a_month_is_charged_once(self, costed):
        actions.recharge(**FUND, month=JUNE, by=BEA)
        assert actions.recharge(**FUND, month=JUNE, by=BEA) == {}

    def test_and_what_came_later_besides(self, costed):
        from onesystem.budget.ledger import actions as books
        from onesystem.budget.ledger.entry import Leg

        actions.recharge(**FUND, month=JUNE, by=BEA)
        about = {"line": "core.ed", "fund": "core", "service": "ed"}
        legs = (Leg("spent", 10_00, **about), Leg("owed", -10_00, organisation="hospital"))
        books.post(book="actual", month=JUNE, legs=legs, words="More", by=Actor.job("test"))
        assert actions.recharge(**FUND, month=JUNE, by=BEA) == {"reablement": 6_00}
