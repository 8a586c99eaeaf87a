"""What a year will come to, and how sure that is."""

from statistics import NormalDist

import numpy as np
import pytest

from onesystem.budget.funds.forecasting import added, by_twin, run_rate


def test_a_run_rate_is_the_average_of_whole_months_for_those_ahead():
    found = run_rate([100, 120, 110], 9)
    assert found.amount == 330 + 9 * 110
    # 80 %, two degrees of freedom: t = 1.886 (Student's table); s = 10; sqrt(9 + 81/3) = 6.
    assert found.high - found.amount == round(1.886 * 10 * 6)
    assert (found.method, found.words) == (
        "run-rate", "3 months so far, and their average for the 9 ahead",
    )  # fmt: skip


def test_one_month_says_how_much_and_not_how_sure():
    found = run_rate([100], 11)
    assert (found.amount, found.low, found.high) == (1200, None, None)
    assert run_rate([], 12) is None


def test_a_whole_year_is_what_it_is():
    found = run_rate([100] * 11 + [340], 0)
    assert (found.amount, found.low, found.high) == (1440, 1440, 1440)


def test_eight_years_in_ten_are_within_the_interval():
    """Drawn from a known spread: the interval covers as often as it says, give or take."""
    rng = np.random.default_rng(7)
    inside = 0
    for _ in range(2000):
        months = rng.normal(1000, 50, 12).round().astype(int).tolist()
        found = run_rate(months[:5], 7)
        inside += found.low <= sum(months) <= found.high
    assert 0.77 < inside / 2000 < 0.83


def test_the_twins_forecast_covers_as_often_as_it_says():
    """Runs of 100 days foretell 40 days, whose average varies more than that of a run."""
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(2000):
        runs = rng.normal(500, 60 / 10, 20)
        came = 10_000 + rng.normal(500, 60, 40).sum()
        found = by_twin(10_000, runs.tolist(), 40, over=100)
        inside += found.low <= came <= found.high
    assert 0.77 < inside / 2000 < 0.83


def test_the_twin_says_nothing_without_runs_and_not_how_sure_by_one():
    assert by_twin(5, [], 10, 100) is None
    assert by_twin(5, [2.0], 10, 100).low is None
    assert by_twin(5, [2.0, 4.0], 0, 100).amount == 5


def test_parts_that_vary_apart_are_surer_together():
    one = run_rate([100, 120, 110], 9)
    both = added([one, one])
    assert both.amount == 2 * one.amount
    assert both.high - both.amount == pytest.approx((one.high - one.amount) * 2**0.5, abs=1)
    assert added([one, run_rate([5], 11)]).low is None
    assert added([]) is None


def test_the_table_of_student_is_that_of_the_normal_beyond_its_end():
    assert round(NormalDist().inv_cdf(0.9), 3) == 1.282
