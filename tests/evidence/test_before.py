"""Before a change: which design fits, and what it would find."""

import numpy as np
import pytest
from evidence_cases import months

from onesystem.evidence import power
from onesystem.evidence.advice import Situation, advise
from onesystem.evidence.its import its
from onesystem.evidence.series import timed
from onesystem.vocabulary import BadConfig

DATES = months(60)


class TestPower:
    def test_two_groups_as_in_every_textbook(self):
        """17 a group find one standard deviation with 0.8: se 0.343, (2.037 + 0.853) x se."""
        found = power.did(treated=17, untreated=17, sd=1.0)
        assert found.smallest == pytest.approx(0.99, abs=0.01)

    def test_what_it_promises_is_kept(self):
        """Of series with the smallest effect that is promised about eight of ten find it."""
        rng = np.random.default_rng(1)
        before = timed(DATES[:36], rng.normal(100, 5, 36).tolist(), kind="mean")
        size = power.its(before, periods=24, waves=0).smallest
        hits = []
        for _ in range(60):
            y = rng.normal(100, 5, 60) - size * (np.arange(60) >= 36)
            series = timed(DATES, y.tolist(), kind="mean")
            hits.append(its(series, [DATES[36]], slope=False, waves=0).main.clear)
        assert 0.6 <= np.mean(hits) <= 0.97

    def test_more_periods_find_less(self):
        rng = np.random.default_rng(2)
        before = timed(DATES[:36], rng.poisson(90, 36).tolist())
        sizes = [power.its(before, periods=n).smallest for n in (6, 12, 24)]
        assert sizes == sorted(sizes, reverse=True)
        assert power.soonest(before, 0.5) > DATES[35]
        assert power.soonest(before, 1e-6) is None

    def test_the_chance_is_a_half_where_the_effect_is_the_bar(self):
        assert power.found(1.96, 1.0) == pytest.approx(0.5, abs=0.01)
        assert power.found(0.0, 1.0) == pytest.approx(0.05, abs=1e-6)

    def test_few_places_warn(self):
        values = np.random.default_rng(3).normal(size=(6, 20)).cumsum(axis=1)
        found = power.synth(values, periods=5)
        assert "0.17" in found.facts["warning"]

    def test_a_step_is_seen_more_often_the_larger_it_is(self):
        found = power.changepoint(periods=24, level=100, effects=(0, -5, -20), sd=5, times=40)
        assert [c for _, c in found] == sorted(c for _, c in found)
        assert found[0][1] < 0.2
        assert found[2][1] > 0.9

    @pytest.mark.parametrize("wrong", [{"power": 0.01}, {"alpha": 0.0}, {"alpha": 1.0}])
    def test_nonsense_is_refused(self, wrong):
        with pytest.raises(BadConfig):
            power.did(treated=5, untreated=5, sd=1.0, **wrong)


class TestAdvice:
    @pytest.mark.parametrize(
        ("situation", "best"),
        [
            (Situation(), "its"),
            (Situation(untreated=1), "controlled"),
            (Situation(untreated=12), "synth"),
            (Situation(treated=5, untreated=5), "did"),
            (Situation(treated=5, untreated=5, same_start=False), "staggered"),
            (Situation(treated=8, same_start=False, everybody_in_the_end=True, drawn_order=True),
             "wedge"),
            (Situation(threshold=True), "rd"),
            (Situation(date_known=False), "changepoint"),
        ],
    )  # fmt: skip
    def test_the_strongest_comparison_comes_first(self, situation, best):
        found = advise(situation)
        assert (found[0].design, found[0].fits) == (best, "best")
        assert sum(a.fits == "best" for a in found) == 1
        assert all(a.why for a in found)

    def test_nothing_fits_two_periods(self):
        assert {a.fits for a in advise(Situation(periods_before=2, periods_after=1))} == {"not"}
