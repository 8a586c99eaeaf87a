"""The rules around a pooled fund: years, phasing, the plan by month, benefit tests, frameworks."""

import os
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pooled_year import agreement

from onesystem.budget.months import Year
from onesystem.budget.pooled import agreement as shapes
from onesystem.budget.pooled import metrics, plan
from onesystem.budget.pooled.agreement import Contribution, Scheme
from onesystem.budget.pooled.benefit import benefit
from onesystem.budget.pooled.editing import agreement_from, raw_of
from onesystem.budget.pooled.frameworks import framework, frameworks
from onesystem.budget.pooled.phasing import PHASINGS, phased
from onesystem.budget.pooled.typed import pence, pounds
from onesystem.flow.measures import library
from onesystem.vocabulary import UserError

MANY = settings(max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "200")))
YEAR = Year.of("2025/26")


class TestFrameworks:
    def test_the_conditions_of_2025_26(self):
        """East Sussex Health and Wellbeing Board, 15 July 2025: plans jointly agreed; implementing
        the objectives; complying with grant and funding conditions; and, by the planning
        requirements, with oversight and support."""
        codes = [c.code for c in framework(YEAR).conditions]
        assert codes == ["agreed", "objectives", "grants", "oversight"]

    def test_the_headline_measures_of_2025_26(self):
        """Housing LIN on the framework of 30 January 2025: goals for unplanned hospital
        admissions, delayed discharges and long-term care home admissions."""
        names = [m.name for m in framework(YEAR).measures if m.headline]
        assert names == ["emergency-admissions-65", "discharge-delay", "care-home-admissions-65"]

    def test_two_years_have_one_framework(self):
        """2023 to 2025, a two-year plan."""
        assert framework(Year.of("2023/24")) is framework(Year.of("2024/25"))

    def test_each_says_its_source_and_what_was_read(self):
        assert all(f.source.startswith("DHSC") and f.read for f in frameworks())

    def test_every_measure_is_one_of_the_library(self):
        known = library.shipped()
        assert {m.name for f in frameworks() for m in f.measures} <= set(known)


class TestPhasing:
    @MANY
    @given(some.integers(0, 10**12), some.sampled_from(sorted(PHASINGS)))
    def test_months_sum_to_the_year(self, amount, phasing):
        assert sum(phased(amount, phasing, YEAR).values()) == amount

    def test_winter_is_november_to_march(self):
        assert [m.month for m in phased(500, "winter", YEAR)] == [11, 12, 1, 2, 3]


class TestThePlan:
    @MANY
    @given(some.lists(some.integers(1, 10**9), min_size=1, max_size=4), some.integers(0, 12))
    def test_every_month_sums_to_nothing_and_no_closed_one_changes(self, amounts, closed):
        before = agreement()
        after = replace(
            before,
            contributions=before.contributions + tuple(
                Contribution(code=f"more{n}", partner="hospital", kind="additional",
                             amount=amount, phasing=sorted(PHASINGS)[n])
                for n, amount in enumerate(amounts)
            ),
        )  # fmt: skip
        shut = YEAR.months[:closed]
        found = plan.moves(before, after, shut)
        assert all(sum(move.amounts.values()) == 0 for move in found)
        paid = sum(v for m in found for k, v in m.amounts.items() if k[0] == "contributed")
        assert paid == -sum(amounts)
        if closed < 12:
            assert not {m.month for m in found} & set(shut)

    def test_there_and_back_is_nothing(self):
        one, other = agreement(), agreement(risk_pool=0)
        there, back = plan.moves(one, other, []), plan.moves(other, one, [])
        assert [m.amounts for m in there] == [{k: -v for k, v in m.amounts.items()} for m in back]


class TestMoneyForALimitedTime:
    SCHEME = Scheme(code="car", name="Car", owner="hospital", type="transformation", provider="x",
                    paid_from="m", amount=1, goal="g", until=date(2026, 3, 31),
                    test=shapes.Test(measure="falls-65", figure=2000,
                                     due=date(2026, 3, 31)))  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "value", "state"),
        [
            (date(2025, 12, 1), 2500, "running"), (date(2026, 1, 1), 2500, "ends-soon"),
            (date(2026, 3, 31), None, "due"), (date(2026, 3, 31), 2000, "met"),
            (date(2026, 4, 1), 2000.1, "not-met"),
        ],
    )  # fmt: skip
    def test_its_end_and_its_test(self, day, value, state):
        assert benefit(self.SCHEME, value, "down", day).state == state

    def test_without_a_test_it_ends(self):
        scheme = replace(self.SCHEME, test=None)
        assert benefit(scheme, None, "down", date(2026, 4, 1)).state == "ended"


class TestFigures:
    def figures(self, **more):
        quarters = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1)]
        said = {"measure": library.shipped()["discharged-home"], "periods": quarters,
                "numerator": [90, 45, 10], "denominator": [100, 50, 10], "value": [90.0, 90.0, 100],
                "hidden": [False] * 3, "whole": [True, True, False]}  # fmt: skip
        return SimpleNamespace(**(said | more))

    def test_a_year_is_its_sums_and_not_the_mean_of_its_quarters(self):
        found = self.figures(numerator=[90, 10, 10])
        assert metrics._over(found, found.periods) == pytest.approx(100 * 100 / 150)

    def test_a_quarter_that_is_not_over_is_not_in_it(self):
        found = self.figures()
        assert metrics._over(found, found.periods[2:]) is None

    def test_one_hidden_period_hides_the_year(self):
        found = self.figures(hidden=[False, True, False])
        assert metrics._over(found, found.periods) is None

    @pytest.mark.parametrize(
        ("value", "target", "way", "said"),
        [(92, 92, "up", "yes"), (91.9, 92, "up", "no"), (4, 3, "down", "no"), (None, 3, "up", ""),
         (3, None, "up", "")],
    )  # fmt: skip
    def test_on_track(self, value, target, way, said):
        assert metrics._on_track(value, target, way) == said


class TestWhatPeopleType:
    @MANY
    @given(some.integers(0, 10**13))
    def test_money_comes_back(self, minor):
        assert pence(pounds(minor)) == minor

    @pytest.mark.parametrize("text", ["", "x", "1.234", "-5", "1,00", "1e9"])
    def test_what_is_no_money_is_refused(self, text):
        with pytest.raises(UserError, match="is no amount"):
            pence(text)

    def test_an_agreement_comes_back_from_its_form(self):
        made, wrong = agreement_from(raw_of(agreement()), agreement())
        assert (made, wrong) == (agreement(), [])
