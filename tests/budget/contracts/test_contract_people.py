"""Funders who share what they pay, contracts for some people alone, and a quality that is drawn."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from contract_made import AROUND, alliance, direct
from cost_facts import told as told_contacts
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem import access, wiring
from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import (
    attributing,
    behind,
    checks,
    codec,
    costs,
    gathering,
    simulating,
    wording,
)
from onesystem.budget.contracts.agreement import Party, Quality, Scope
from onesystem.budget.contracts.editing import agreement_of, raw_of
from onesystem.budget.contracts.terming import terms_of
from onesystem.budget.costing import actions as costing
from onesystem.budget.terms.settling import settle
from onesystem.budget.terms.sharing import FUNDED
from onesystem.budget.terms.terms import Facts
from onesystem.flow.measures import who
from onesystem.flow.measures.world import Somebody

F = Fraction
MAY = date(2025, 5, 1)
NEAR = replace(AROUND, organisations={**AROUND.organisations, "council": "The council"},
               practices={"P1": "Mill Road Surgery", "P2": "High Street"})  # fmt: skip


THREE, TWO = F(3, 5), F(2, 5)


def funded(first=THREE, second=TWO):
    """The board and the council pay for the plan together."""
    made = direct()
    council = Party(organisation="council", role=of.FUNDER, share=second)
    board, *others = made.parties
    return replace(made, parties=(replace(board, share=first), council, *others))


def settled(made, contacts=11_000):
    terms = terms_of(made, code="x", version=1, currency="GBP")
    months = tuple(gathering.months_of(made.since, made.until))
    spread = tuple(contacts // 12 + (n < contacts % 12) for n in range(12))
    facts = Facts(months=months, currency="GBP", monthly={"contacts.1": spread})
    return settle(terms, facts)


class TestFunders:
    def test_they_share_as_the_agreement_says(self):
        """1,000,000.00, and three quarters of 100.00 for each of 1,000 stays above the plan."""
        found = settled(funded()).by_party
        assert found == {"hospital": 107_500_000, "icb": -64_500_000, "council": -43_000_000}

    def test_without_shares_the_first_pays_as_before(self):
        made = replace(funded(), parties=tuple(replace(p, share=F(0)) for p in funded().parties))
        assert settled(made).by_party == {"hospital": 107_500_000, "icb": -107_500_000}
        assert settled(made).lines == settled(direct()).lines

    def test_a_line_that_names_its_payer_is_not_shared(self):
        made = funded()
        own = replace(made, payments=(replace(made.payments[0], payer="council"),))
        assert settled(own).by_party == {"hospital": 107_500_000, "council": -107_500_000}
        assert not settled(own).under(FUNDED)

    @settings(max_examples=300, deadline=None)
    @given(st.integers(0, 30_000), st.integers(1, 99))
    def test_they_pay_it_all_and_no_penny_more(self, contacts, percent):
        found = settled(funded(F(percent, 100), F(100 - percent, 100)), contacts).by_party
        assert sum(found.values()) == 0
        assert abs(found.get("council", 0) + found["hospital"] * F(100 - percent, 100)) <= 1

    def test_shares_that_do_not_sum_are_refused_with_the_cure(self):
        found = checks.problems(funded(F(1, 2), F(1, 4)), NEAR)
        assert "The funders' shares sum to 75%" in [p.what for p in found]

    def test_it_reads_as_it_is(self):
        said = str(wording.clauses(funded(), NEAR, "GBP"))
        assert "60% of what the funders pay together" in said
        assert codec.unpacked(codec.packed(funded())) == funded()


class TestPopulation:
    @pytest.fixture
    def people(self, db, district, monkeypatch):
        """Three people on Ward A in May: of 70 and 40 with practice P1, of 70 with P2."""
        wiring.connect()
        born = {1: (70, "P1"), 2: (40, "P1"), 3: (70, "P2")}
        here = {
            n: Somebody(n, (date(2025 - age, 1, 1) - date(1970, 1, 1)).days, None, "female", code,
                        "", "")
            for n, (age, code) in born.items()
        }  # fmt: skip
        monkeypatch.setattr(who, "everybody", lambda: here)
        told_contacts(*((f"s{n}", "ward-a", "ward", f"2025-05-0{n} 10:00", f"2025-05-2{n} 10:00",
                         False) for n in born))  # fmt: skip
        costing.refresh(by=access.Actor.job("test"))

    @pytest.mark.parametrize(("scope", "many"), [
        (Scope(from_age=65), 2), (Scope(below_age=65), 1), (Scope(practices=("P1",)), 2),
        (Scope(from_age=65, practices=("P1",)), 1), (Scope(from_age=40, below_age=41), 1),
        (Scope(from_age=90), 0),
    ])  # fmt: skip
    def test_only_those_count_for_whom_it_is(self, people, scope, many):
        found = attributing.of_people(scope, {"ward-a"}, MAY, MAY)
        assert sum(c.contacts for c in found) == many
        [whole] = costs.of_services({"ward-a"}, MAY, MAY)
        assert 3 * sum(c.minor for c in found) == many * whole.minor

    def test_ages_together_are_the_whole(self, people):
        [whole] = costs.of_services({"ward-a"}, MAY, MAY)
        parts = [attributing.of_people(s, {"ward-a"}, MAY, MAY)[0]
                 for s in (Scope(from_age=65), Scope(below_age=65))]  # fmt: skip
        assert sum(p.minor for p in parts) == whole.minor

    def test_a_figure_leads_to_their_contacts_and_no_others(self, people, monkeypatch):
        monkeypatch.setattr(behind.people, "person_of", lambda ids: {i: i for i in ids})
        job = access.Actor.job("test")
        found = behind.of("ward-a", str(MAY), by=job, scope=Scope(from_age=65))
        assert {each.person for each in found} == {1, 3}
        assert len(behind.of("ward-a", str(MAY), by=job)) == 3

    def test_what_is_owed_already_is_taken_off_in_its_part(self):
        cost = costs.Cost
        whole = [cost(service="ward-a", month=MAY, contacts=3, minor=900)]
        mine = [cost(service="ward-a", month=MAY, contacts=2, minor=600)]
        assert gathering.parts_of(mine, whole) == {("ward-a", MAY): F(2, 3)}

    def test_it_reads_as_it_is_and_comes_back_from_the_form(self):
        scope = replace(alliance().scope, from_age=65, practices=("P1", "P2"))
        made = alliance(scope=scope)
        words = "people of 65 and over registered with Mill Road Surgery and High Street"
        assert words in str(wording.clauses(made, NEAR, "GBP"))
        again, wrong = agreement_of(raw_of(made, NEAR), made, NEAR)
        assert (again.scope.from_age, again.scope.practices, wrong) == (65, ("P1", "P2"), [])

    @pytest.mark.parametrize(("change", "where", "said"), [
        ({"from_age": 65, "below_age": 65}, "whom", "Nobody is 65 or over and under 65"),
        ({"from_age": 200}, "whom", "That is no age"),
        ({"practices": ("P9",)}, "practices", "There is no practice 'P9'"),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, change, where, said):
        made = alliance(scope=replace(alliance().scope, **change))
        assert (where, said) in [(p.where, p.what) for p in checks.problems(made, NEAR)]


class TestQuality:
    MADE = alliance(quality=(
        Quality(measure="ed-4-hours", most=False, bound=F(78), weight=F(3, 4)),
        Quality(measure="ed-4-hours", most=False, bound=F(90), weight=F(1, 4)),
    ))  # fmt: skip

    def test_it_is_reached_as_said(self):
        assert simulating.qualities(self.MADE, 3) == [1, 1, 1]
        assert simulating.qualities(self.MADE, 2, reached=F(1, 2)) == [F(1, 2), F(1, 2)]

    def test_or_drawn_and_the_same_luck_for_every_question(self):
        found = simulating.qualities(self.MADE, 400, chance=F(4, 5))
        assert found == simulating.qualities(self.MADE, 400, chance=F(4, 5))
        assert set(found) <= {0, F(1, 4), F(3, 4), 1}
        assert abs(sum(found) / 400 - F(4, 5)) < F(1, 20)
        assert simulating.qualities(self.MADE, 9, chance=F(0)) == [0] * 9
        assert simulating.qualities(self.MADE, 9, chance=F(1)) == [1] * 9
