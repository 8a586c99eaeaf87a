"""Terms and facts that may not be used: each is refused with the rule and the cure."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from terms_made import APRIL, PARTIES, M, by_form, facts, rate, terms_of, year

from onesystem.budget.terms import (
    BadTerms,
    Element,
    Measured,
    Order,
    Party,
    Pot,
    Rate,
    Schedule,
    Slice,
    Step,
    Subcontract,
    Table,
    Threshold,
    Weight,
    problems,
    require_sound,
    settle,
)  # fmt: skip
from onesystem.budget.terms.forms import form, section_75
from onesystem.vocabulary import NotFound, UserError

OWN = (Weight(party="hospital", share=Fraction(1)),)


def element(*slices, of="over", unit="baseline", **said):
    """A rule with those slices, as (from, to, share)."""
    made = tuple(
        Slice(
            start=a if a is None else Fraction(a),
            end=b if b is None else Fraction(b),
            share=Fraction(share),
        )
        for a, b, share in slices
    )
    return Element(
        rule="rule", words="rule", pays="hospital", baseline=Measured(rate="plan"),
        outturn=Measured(fact="spend"), schedule=Schedule(slices=made, of=of, unit=unit), **said,
    )  # fmt: skip


def found(*elements, **said):
    said.setdefault("rates", (rate("plan", M),))
    return {(each.rule, each.where): each for each in problems(terms_of(*elements, **said))}


def one(problem, *elements, **said):
    """The one problem that there is."""
    every = found(*elements, **said)
    assert [rule for rule, _ in every] == [problem]
    return next(iter(every.values()))


class TestSlices:
    def test_a_gap_between_two(self):
        each = one("gap", element((None, 0, 1), ("1/10", None, 1)))
        assert each.what == "nothing is said between 0% and 10%"
        assert each.cure == "Begin the next slice where the one before ends."

    def test_a_gap_at_the_ends(self):
        assert one("gap", element((None, 1, 1))).what == "nothing is said above 100%"
        assert one("gap", element((0, None, 1))).what == "nothing is said below 0%"

    def test_an_outturn_begins_at_zero(self):
        assert not found(element((0, None, 1), of="outturn"))

    def test_an_overlap(self):
        each = one("overlap", element((None, "1/10", 1), ("1/20", None, 1)))
        assert each.what == "the slices … to 10% and 5% to … overlap"

    def test_amounts_are_named_as_amounts(self):
        each = one("gap", element((None, 100_00, 1), (200_00, None, 1), unit="amount"))
        assert each.what == "nothing is said between 10,000 and 20,000"

    def test_a_share_below_nothing(self):
        assert one("share", element((None, None, -1))).where == "rule"

    def test_a_slice_that_ends_before_it_begins(self):
        assert "order" in {
            rule for rule, _ in found(element((None, 1, 1), (1, 0, 1), (0, None, 1)))
        }

    def test_no_slices(self):
        assert one("gap", element()).what == "it has no slices"

    def test_slices_of_a_baseline_that_nobody_said(self):
        bare = replace(element((None, 0, 1), (0, None, 1)), baseline=None)
        assert one("no-baseline", bare).cure.startswith("Say the baseline")

    def test_a_share_below_a_deductible_would_be_taken_away_again(self):
        schedule = Schedule(
            slices=(Slice(share=Fraction(1)),),
            threshold=Threshold(share=Fraction(1, 50), first_dollar=False, below=Fraction(1, 2)),
        )
        bare = replace(element((None, None, 1)), schedule=schedule)
        assert one("threshold", bare).cure.startswith("Let it count from the first pound")

    def test_an_unknown_distance(self):
        assert one("of", element((None, None, 1), of="distance")).cure.startswith("Write one of")


class TestRates:
    def spans(self, *spans):
        rates = tuple(Rate(value=Fraction(1), since=a, until=b) for a, b in spans)
        table = Table(name="plan", rates=rates)
        terms = {"rates": (table,), "since": date(2026, 4, 1), "until": date(2027, 4, 1)}
        return [each.what for each in found(element((None, None, 1)), **terms).values()]

    def test_a_rate_that_is_missing_at_a_date(self):
        assert self.spans((None, date(2026, 6, 1)), (date(2026, 7, 1), None)) == [
            "no figure is in force from 2026-06-01 to 2026-07-01"
        ]
        assert self.spans((date(2026, 5, 1), None)) == [
            "no figure is in force from 2026-04-01 to 2026-05-01"
        ]
        assert self.spans((None, date(2027, 1, 1))) == [
            "no figure is in force from 2027-01-01 to 2027-04-01"
        ]

    def test_two_rates_at_a_date(self):
        assert self.spans((None, date(2026, 8, 1)), (date(2026, 7, 1), None)) == [
            "two figures are in force on 2026-07-01"
        ]

    def test_settling_says_which_rate_which_date_and_the_cure(self):
        table = Table(name="plan", rates=(Rate(value=Fraction(1), until=date(2026, 6, 1)),))
        terms = terms_of(element((None, None, 1)), rates=(table,))
        with pytest.raises(NotFound) as error:
            settle(terms, facts((date(2026, 6, 1),), spend=1))
        assert str(error.value) == (
            "the rate 'plan' has no figure on 1 June 2026. It is known from the first day to "
            "1 June 2026. Add a figure that is in force on that day."
        )

    def test_a_rate_that_is_not_written(self):
        assert (
            one("rate-missing", element((None, None, 1)), rates=()).what
            == "there is no rate 'plan'"
        )

    def test_a_rate_that_changes_needs_its_facts_by_month(self):
        rates = (
            Rate(value=Fraction(1), until=date(2026, 6, 1)),
            Rate(value=Fraction(2), since=date(2026, 6, 1)),
        )
        counted = form("fee-for-service").element(
            "r", "hospital", outturn=Measured(fact="units", rate="price")
        )
        terms = terms_of(counted, rates=(Table(name="price", rates=rates),))
        with pytest.raises(UserError, match="changes within the period"):
            settle(terms, facts(year(), units=12))
        by_month = facts(year(), monthly={"units": (1,) * 12})
        assert settle(terms, by_month).by_party["hospital"] == 2 * 1 + 10 * 2

    def test_another_currency(self):
        table = replace(rate("plan", 1), currency="NZD")
        each = one("currency", element((None, None, 1)), rates=(table,))
        assert each.what == "it is in NZD and the terms in GBP"

    def test_facts_in_another_currency_are_refused(self):
        with pytest.raises(UserError, match="the terms are in GBP and the facts in NZD"):
            settle(by_form("block", plan=1), facts(currency="NZD"))


class TestAlliances:
    """Everybody wins or loses together."""

    POT = Pot(code="pot", weights=(Weight(party="hospital", share=Fraction(1, 2)),
                                   Weight(party="community", share=Fraction(1, 2))))  # fmt: skip

    def shared(self, *more, pot=POT):
        gain = form("gain-and-loss-share").element(
            "gain", "pot", plan=Measured(rate="plan"), outturn=Measured(fact="cost"), scope="pot"
        )
        return found(gain, *more, pots=(pot,), rates=(rate("plan", M), rate("price", 100)))

    def test_a_line_tied_to_ones_own_volume_is_refused_in_the_pot(self):
        own = form("fee-for-service").element(
            "visits", "community", scope="pot",
            outturn=Measured(fact="visits", rate="price", whose="community"),
        )  # fmt: skip
        ((rule, where),) = self.shared(own)
        assert (rule, where) == ("own-volume", "visits")
        assert not self.shared(replace(own, scope=""))  # outside the pot it may stand

    def test_open_book_cost_may_be_ones_own(self):
        own = form("open-book").element(
            "limb-1", "community", scope="pot", outturn=Measured(fact="cost", whose="community")
        )
        assert not self.shared(own)

    def test_a_fixed_fee_may_stand_in_the_pot(self):
        fee = form("block").element("limb-2", "community", scope="pot", plan=Measured(rate="plan"))
        assert not self.shared(fee)

    def test_shares_that_do_not_sum(self):
        less = replace(self.POT, weights=self.POT.weights[:1])
        (each,) = self.shared(pot=less).values()
        assert (each.rule, each.what) == ("shares-sum", "the shares sum to 50%")

    def test_a_pot_that_nobody_pays_into(self):
        assert one("pot-empty", element((None, None, 1)), pots=(self.POT,)).where == "pot"

    def test_a_member_that_is_no_party(self):
        pot = replace(self.POT, weights=(Weight(party="nobody", share=Fraction(1)),))
        assert {rule for rule, _ in self.shared(pot=pot)} == {"party"}


class TestOrders:
    def order(self, *steps):
        order = Order(
            rule="over", words="over", host="hospital", baseline=Measured(fact="agreed"),
            outturn=Measured(fact="spent"), steps=steps,
        )  # fmt: skip
        return {rule for rule, _ in found(orders=(order,))}

    def test_what_no_step_takes_is_borne_by_nobody(self):
        limited = Step(rule="s", words="s", weights=OWN, limit="pool")
        assert self.order(limited) == {"unborne"}
        assert self.order() == {"unborne"}
        held = Step(rule="s", words="s", weights=(replace(OWN[0], most="most"),))
        assert self.order(held) == {"unborne"}
        assert not self.order(limited, Step(rule="rest", words="rest", weights=OWN))


class TestSubcontracts:
    def tree(self, *subs):
        return found(element((None, None, 1)), subcontracts=subs)

    def sub(self, rule, prime, party, **said):
        return Subcontract(rule=rule, words=rule, prime=prime, party=party, **said)

    def test_more_than_there_is(self):
        subs = (self.sub("a", "hospital", "community", share=Fraction(2, 3)),
                self.sub("b", "hospital", "practice", share=Fraction(1, 2)))  # fmt: skip
        ((rule, _),) = self.tree(*subs)
        assert rule == "shares-sum"

    def test_a_circle(self):
        subs = (self.sub("a", "hospital", "community", share=Fraction(1)),
                self.sub("b", "community", "hospital", share=Fraction(1)))  # fmt: skip
        assert {rule for rule, _ in self.tree(*subs)} == {"circle"}

    def test_neither_a_share_nor_an_amount(self):
        assert {rule for rule, _ in self.tree(self.sub("a", "hospital", "community"))} == {
            "subcontract"
        }

    def test_a_rule_that_is_not_there(self):
        bad = self.sub("a", "hospital", "community", share=Fraction(1), of=("none",))
        assert {rule for rule, _ in self.tree(bad)} == {"subcontract"}


class TestTheWhole:
    def test_nothing_is_paid(self):
        assert one("empty").cure == "Write a rule of payment."

    def test_a_name_twice(self):
        each = element((None, None, 1))
        assert one("name-twice", each, each).where == "rule"

    def test_they_end_before_they_begin(self):
        said = {"since": date(2027, 4, 1), "until": date(2026, 4, 1)}
        assert one("dates", element((None, None, 1)), **said).where == "terms"

    def test_a_payer_that_is_no_party(self):
        assert one("party", element((None, None, 1)), payer="king").where == "payer"

    def test_unsound_terms_are_refused_as_one(self):
        with pytest.raises(BadTerms) as error:
            require_sound(terms_of(element((None, 0, 1)), rates=()))
        assert len(error.value.problems) == 2
        assert error.value.exit_code == 9


class TestFacts:
    def test_a_fact_that_is_missing(self):
        with pytest.raises(NotFound, match="the fact 'spend' is not given"):
            settle(by_form("fee-for-service"), facts(spent=1))

    def test_a_month_too_few(self):
        with pytest.raises(UserError, match="1 values for 12 months"):
            settle(by_form("fee-for-service"), facts(year(), monthly={"spend": (1,)}))

    def test_half_a_penny(self):
        with pytest.raises(UserError, match="is money and came as 1/2"):
            settle(by_form("fee-for-service"), facts(spend=Fraction(1, 2)))

    def test_a_score_out_of_range(self):
        terms = by_form("shared-savings", plan=100)
        with pytest.raises(UserError, match="Give it between 0 and 1"):
            settle(terms, facts(spend=1, quality=2))

    @pytest.mark.parametrize("months", [(), (APRIL, APRIL), year()[::-1]])
    def test_months_out_of_order(self, months):
        with pytest.raises(UserError, match="months are missing or not in order"):
            settle(by_form("block"), facts(months))

    def test_a_month_outside_the_terms(self):
        terms = by_form("block", since=date(2026, 5, 1))
        with pytest.raises(
            UserError, match="version 1 of 'agreement' is not in force in April 2026"
        ):
            settle(terms, facts())

    def test_a_rule_for_half_of_the_months(self):
        late = replace(element((None, None, 1)), since=date(2026, 6, 1))
        terms = terms_of(late, rates=(rate("plan", M),))
        with pytest.raises(UserError, match="in force for some of the months only"):
            settle(terms, facts(year(), spend=1))
        assert not settle(terms, facts(spend=1)).lines  # in April it is not in force at all

    def test_another_engine(self):
        with pytest.raises(UserError, match="settled by engine '0'"):
            settle(by_form("block", engine="0"), facts())


class TestAnOverspendOfAPooledFund:
    """Section 75: underspends first, then the risk pool, uncommitted schemes, then the partners."""

    TERMS = terms_of(
        orders=(
            section_75(
                "icb",
                (Weight(party="council", share=Fraction(60), most="council most"),
                 Weight(party="board", share=Fraction(40))),
                rule="over", baseline=Measured(fact="agreed"), outturn=Measured(fact="spent"),
            ),
        ),
        parties=(*PARTIES, Party(code="council"), Party(code="board")),
    )  # fmt: skip

    def borne(self, over, **limits):
        given = {
            "underspends": 0,
            "risk pool": 0,
            "uncommitted": 0,
            "council most": 10**9,
            **limits,
        }
        made = settle(self.TERMS, facts(agreed=M, spent=M + over, **{
            name.replace("_", " "): value for name, value in given.items()
        }))  # fmt: skip
        found = Counter()
        for line in made.lines:
            if line.party:
                found[line.rule[5:], line.against] += line.amount
        return found

    def test_each_source_up_to_its_limit_in_order(self):
        assert self.borne(100_000, underspends=30_000, risk_pool=50_000, uncommitted=5_000) == {
            ("underspends", "icb"): 30_000, ("risk-pool", "icb"): 50_000,
            ("uncommitted", "icb"): 5_000, ("partners", "council"): 9_000,
            ("partners", "board"): 6_000,
        }  # fmt: skip

    def test_what_a_partner_may_not_bear_the_others_do(self):
        found = self.borne(100_000, **{"council most": 20_000})
        assert found == {("partners", "council"): 20_000, ("partners", "board"): 80_000}

    def test_an_odd_penny_has_its_line(self):
        assert self.borne(3) == {("partners", "council"): 2, ("partners", "board"): 1}

    def test_nothing_overspent_nothing_borne(self):
        assert self.borne(-5) == {}


class TestAPrimeContractor:
    """What passes through and what stays, down a tree of three."""

    def test_each_keeps_what_it_does_not_pass_on(self):
        subs = (
            Subcontract(rule="nights", words="nights", prime="community", party="practice",
                        amount=Measured(rate="nights")),
            Subcontract(rule="care", words="care at home", prime="hospital", party="community",
                        share=Fraction(1, 3)),
        )  # fmt: skip
        terms = terms_of(
            form("block").element("fixed", "hospital", plan=Measured(rate="plan")),
            subcontracts=subs, rates=(rate("plan", 100_000), rate("nights", 10_000)),
        )  # fmt: skip
        made = settle(terms, facts())
        assert made.by_party == {
            "hospital": 66_667, "community": 23_333, "practice": 10_000, "icb": -100_000,
        }  # fmt: skip
        assert (made.received("hospital"), made.passed("hospital")) == (100_000, 33_333)
        assert (made.received("community"), made.passed("community")) == (33_333, 10_000)
