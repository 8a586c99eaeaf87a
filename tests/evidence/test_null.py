"""Where nothing happened nothing is found, at the promised rate; what happened is found."""

from datetime import date

import numpy as np
import pytest
from evidence_cases import months

from onesystem.evidence.did import did
from onesystem.evidence.discontinuity import jump
from onesystem.evidence.its import coefficients, its
from onesystem.evidence.its_fit import fitted_series
from onesystem.evidence.panel import panel
from onesystem.evidence.posterior import posterior
from onesystem.evidence.series import timed
from onesystem.evidence.staggered import cells, staggered, together
from onesystem.evidence.steps import steps
from onesystem.evidence.synth import planned
from onesystem.evidence.wedge import design, mixed

DATES = months(48)
CHANGE = DATES[30]


def wander(rng, n, rho):
    """Errors of which each keeps a part of the one before."""
    e = rng.normal(size=n)
    for i in range(1, n):
        e[i] = rho * e[i - 1] + (1 - rho**2) ** 0.5 * e[i]
    return e


def rate(hits):
    """The share of hits, and the largest that chance allows at 5 per cent (3 standard errors)."""
    n = len(hits)
    return sum(hits) / n, 0.05 + 3 * (0.05 * 0.95 / n) ** 0.5


class TestInterruptedTimeSeries:
    def one(self, rng, rho, effect=0.0):
        y = 100 + 5 * wander(rng, 48, rho) + effect * (np.arange(48) >= 30)
        return self.step(timed(DATES, y.tolist(), kind="mean"))

    def step(self, series):
        fitted = fitted_series(series, [CHANGE], slope=False, waves=0, errors="auto")
        return coefficients(fitted, ["change"], 0.95)[0]

    @pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
    def test_errors_that_follow_one_another_or_not(self, rho):
        """Naive errors would find an effect in a third of those at 0.6."""
        rng = np.random.default_rng(2)
        found, most = rate([self.one(rng, rho).clear for _ in range(80)])
        assert found <= most

    def test_counts(self):
        rng = np.random.default_rng(3)
        hits = []
        for _ in range(80):
            y = rng.negative_binomial(20, 20 / (20 + 80), 48)  # four times the Poisson variance
            series = timed(DATES, y.tolist(), kind="count")
            hits.append(self.step(series).clear)
        found, most = rate(hits)
        assert found <= most

    def test_an_effect_is_recovered(self):
        rng = np.random.default_rng(4)
        found = [self.one(rng, 0.3, effect=-12.0) for _ in range(40)]
        assert np.mean([f.estimate for f in found]) == pytest.approx(-12, abs=1)
        assert np.mean([f.low <= -12 <= f.high for f in found]) >= 0.85


class TestDifferences:
    def make(self, rng, effect=0.0, starts=(4,)):
        values, start, unit = [], {}, 0
        for group in (*starts, None):
            for _ in range(15):
                level = rng.normal(50, 10)
                name = f"u{unit}"
                start[name], unit = group, unit + 1
                for t in range(8):
                    on = effect if group is not None and t >= group else 0.0
                    values.append((name, t, float(level + t + on + rng.normal(0, 3))))
        return panel(values, start)

    def test_two_groups(self):
        rng = np.random.default_rng(5)
        found, most = rate([did(self.make(rng)).main.clear for _ in range(200)])
        assert found <= most

    def test_staggered(self):
        rng = np.random.default_rng(6)
        hits = []
        for _ in range(150):
            data = self.make(rng, starts=(3, 5))
            after = [c for c in cells(data) if c.since >= 0]
            one = together(data, after)
            se = float(np.sqrt(np.sum(one.influence**2))) / len(data.units)
            hits.append(abs(one.att / se) > 2.02)
        found, most = rate(hits)
        assert found <= most + 0.02

    def test_growing_effects_are_recovered_where_a_two_way_regression_is_not(self):
        """Effects that grow with time: late against early starters biases the regression."""
        rng = np.random.default_rng(7)
        values, start = [], {}
        for unit in range(60):
            group = (2, 5, None)[unit % 3]
            start[f"u{unit}"] = group
            for t in range(8):
                on = 3.0 * (t - group + 1) if group is not None and t >= group else 0.0
                values.append((f"u{unit}", t, float(unit + t + on + rng.normal(0, 0.5))))
        found = staggered(panel(values, start))
        truth = np.mean([3.0 * (t - g + 1) for g in (2, 5) for t in range(g, 8)])
        assert found.main.estimate == pytest.approx(truth, rel=0.03)
        assert abs(found.facts["two_way"] - truth) > 0.5
        assert found.facts["forbidden"] > 0.05


class TestOthers:
    def test_synthetic_control_ranks_are_even(self):
        """Among places that are alike, each is first as often as any other."""
        rng = np.random.default_rng(8)
        hits = []
        for _ in range(60):
            values = rng.normal(size=(10, 14)).cumsum(axis=1) + 50
            cells_ = [(f"p{i}", t, float(values[i, t])) for i in range(10) for t in range(14)]
            plan = planned(panel(cells_, {"p0": 9}))
            done = [plan.do(i) for i in range(plan.pieces)]
            p = (1 + sum(m.ratio >= done[0].ratio for m in done[1:])) / len(done)
            hits.append(p <= 0.1)
        assert sum(hits) / len(hits) <= 0.1 + 3 * (0.09 / 60) ** 0.5

    def test_stepped_wedge(self):
        rng = np.random.default_rng(9)
        x = np.repeat(np.tri(4, 5, k=0)[::-1][:, ::-1], 3, axis=0)
        hits = []
        for _ in range(150):
            level = rng.normal(0, 1, 12)
            data = steps(
                [
                    (str(c), p, bool(x[c, p]), float(level[c] + 0.3 * p + rng.normal()), 1.0)
                    for c in range(12)
                    for p in range(5)
                ]
            )
            found = mixed(data.mean, design(data), data.cluster, data.size)
            hits.append(abs(found.beta[0]) / found.cov[0, 0] ** 0.5 > 2.228)
        found, most = rate(hits)
        assert found <= most

    def test_discontinuity(self):
        """The robust interval, at a bent curve."""
        rng = np.random.default_rng(10)
        hits = []
        for _ in range(150):
            x = rng.uniform(-1, 1, 400)
            y = x + 2 * x**2 + rng.normal(0, 0.5, 400)
            one = jump(x, y, h=0.5, order=2)
            hits.append(abs(one.value) > 1.97 * one.se)
        found, most = rate(hits)
        assert found <= most

    def test_change_points(self):
        """A chance of a change above 0.95 comes in at most one of twenty quiet series."""
        rng = np.random.default_rng(11)
        hits, seen = [], []
        for _ in range(40):
            quiet = timed(DATES, rng.poisson(8, 48).tolist(), kind="count")
            hits.append(posterior(quiet, most=1, model="poisson", draws=2).number[0] < 0.05)
            y = rng.poisson(np.where(np.arange(48) < 30, 8, 4))
            stepped = timed(DATES, y.tolist(), kind="count")
            found = posterior(stepped, most=1, model="poisson", draws=2)
            seen.append(abs(int(np.argmax(found.places[0])) - 30) <= 3 if len(found.places) else 0)
        assert sum(hits) <= 4
        assert sum(seen) >= 30


def test_an_effect_that_was_declared_is_found_at_its_date():
    rng = np.random.default_rng(12)
    y = 100 + rng.normal(0, 4, 48) - 20 * (np.arange(48) >= 30)
    found = its(timed(DATES, y.tolist(), kind="mean"), [CHANGE], slope=False, waves=0)
    assert found.check("when").verdict == "passed"
    early = its(timed(DATES, y.tolist(), kind="mean"), [date(2021, 3, 1)], slope=False, waves=0)
    assert early.check("when").verdict == "doubtful"
