"""What no change of units, of order or of names may change."""

from datetime import date

import numpy as np
import pytest
from evidence_cases import months
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.evidence.did import did
from onesystem.evidence.discontinuity import bandwidth, jump
from onesystem.evidence.its import its
from onesystem.evidence.linear import fit, newey_west_lags, whiten
from onesystem.evidence.panel import panel
from onesystem.evidence.posterior import posterior, summed
from onesystem.evidence.series import timed
from onesystem.evidence.simplex import simplex
from onesystem.evidence.synth import synth

DATES = months(36)
SHIFTS = st.floats(-1000, 1000)
SCALES = st.floats(0.01, 1000)


def noisy(seed, n=36):
    return np.random.default_rng(seed).normal(50, 5, n)


@given(seed=st.integers(0, 10**6), shift=SHIFTS, scale=SCALES)
@settings(max_examples=15)
def test_means_shift_and_scale(seed, shift, scale):
    y = noisy(seed)
    at = [DATES[20]]
    one = its(timed(DATES, y.tolist(), kind="mean"), at, waves=0, errors="newey-west").main
    two = its(timed(DATES, (shift + scale * y).tolist(), kind="mean"), at, waves=0,
              errors="newey-west").main  # fmt: skip
    assert two.estimate == pytest.approx(scale * one.estimate, rel=1e-5, abs=1e-5 * scale)
    assert two.high - two.low == pytest.approx(scale * (one.high - one.low), rel=1e-5)


@given(seed=st.integers(0, 10**6), scale=st.floats(0.1, 1000))
@settings(max_examples=10)
def test_rates_do_not_care_for_the_unit_of_the_denominator(seed, scale):
    rng = np.random.default_rng(seed)
    y, n = rng.poisson(40, 36), rng.uniform(900, 1100, 36)
    at = [DATES[20]]
    one = its(timed(DATES, y.tolist(), n.tolist()), at, waves=0, errors="newey-west")
    two = its(timed(DATES, y.tolist(), (scale * n).tolist()), at, waves=0, errors="newey-west")
    assert two.effect("relative").estimate == pytest.approx(one.effect("relative").estimate)
    assert two.effect("total").estimate == pytest.approx(one.effect("total").estimate, rel=1e-6)


@given(seed=st.integers(0, 10**6), shift=SHIFTS, scale=SCALES)
@settings(max_examples=15)
def test_differences_shift_and_scale(seed, shift, scale):
    rng = np.random.default_rng(seed)
    rows = [(f"u{i}", t, float(rng.normal())) for i in range(8) for t in range(6)]
    start = {f"u{i}": 3 for i in range(4)}
    one = did(panel(rows, start)).main
    two = did(panel([(u, t, shift + scale * v) for u, t, v in rows], start)).main
    assert two.estimate == pytest.approx(scale * one.estimate, rel=1e-6, abs=1e-7 * scale)
    shuffled = [rows[i] for i in rng.permutation(len(rows))]
    assert did(panel(shuffled, start)).main.estimate == pytest.approx(one.estimate)


@given(seed=st.integers(0, 10**6), shift=SHIFTS, scale=SCALES)
@settings(max_examples=15)
def test_synthetic_control_shifts_and_scales(seed, shift, scale):
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(7, 14)).cumsum(axis=1)

    def of(v):
        cells = [(f"p{i}", t, float(v[i, t])) for i in range(7) for t in range(14)]
        return synth(panel(cells, {"p0": 9}))

    one, two = of(values), of(shift + scale * values)
    assert two.main.estimate == pytest.approx(scale * one.main.estimate, rel=1e-4, abs=1e-4 * scale)
    assert two.facts["p"] == one.facts["p"]


@given(seed=st.integers(0, 10**6), n=st.integers(2, 25), t=st.integers(3, 20))
@settings(max_examples=40)
def test_weights_are_the_best_on_the_simplex(seed, n, t):
    """No step towards any one place makes the fit better: the optimum of a convex problem."""
    rng = np.random.default_rng(seed)
    donors, target = rng.normal(size=(t, n)), rng.normal(size=t)
    w = simplex(target, donors)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1)
    pull = donors.T @ (donors @ w - target)
    assert pull.min() >= w @ pull - 1e-7 * max(1.0, np.abs(pull).max())


@given(seed=st.integers(0, 10**6), shift=SHIFTS, scale=SCALES)
@settings(max_examples=15)
def test_discontinuity_shifts_and_scales(seed, shift, scale):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, 200)
    y = x + (x >= 0) + rng.normal(0, 0.3, 200)
    h = bandwidth(x, y)
    assert bandwidth(scale * x, y) == pytest.approx(scale * h, rel=1e-6)
    assert bandwidth(x, shift + scale * y) == pytest.approx(h, rel=1e-5)
    one, two = jump(x, y, h=h), jump(scale * x, shift + scale * y, h=scale * h)
    assert two.value == pytest.approx(scale * one.value, rel=1e-6)
    assert two.se == pytest.approx(scale * one.se, rel=1e-6)


@given(seed=st.integers(0, 10**6))
@settings(max_examples=10)
def test_change_points_sum_over_all_placements(seed):
    """The recursion equals the sum written out, and chances of places sum to one."""
    rng = np.random.default_rng(seed)
    n = 9
    s = rng.normal(size=(n + 1, n + 1))
    s = np.where(np.tri(n + 1, dtype=bool), -np.inf, s)
    found = summed(s, 2, 1)
    slow = [
        np.exp(s[0, i] + s[i, j] + s[j, n]) for i in range(1, n) for j in range(i + 1, n)
    ]  # fmt: skip
    assert found.forward[2, -1] == pytest.approx(np.log(sum(slow)))
    assert found.ways[2] == pytest.approx(np.log(len(slow)))
    y = timed([date(2000 + i, 1, 1) for i in range(24)], rng.poisson(5, 24).tolist(), kind="count")
    one = posterior(y, most=2, model="poisson")
    assert one.number.sum() == pytest.approx(1)
    for row in one.places:
        assert row.sum() == pytest.approx(1)


class TestFits:
    """Against statsmodels."""

    def make(self, seed=1, n=60):
        rng = np.random.default_rng(seed)
        x = np.column_stack([np.ones(n), np.arange(n), rng.normal(size=n)])
        return rng, x

    def test_poisson_with_a_scale(self):
        from statsmodels.genmod.families import Poisson
        from statsmodels.genmod.generalized_linear_model import GLM

        rng, x = self.make()
        y = rng.poisson(np.exp(1 + 0.02 * x[:, 1] + 0.2 * x[:, 2]))
        ours = fit(y, x, family="count")
        theirs = GLM(y, x, family=Poisson()).fit(scale="X2")
        assert ours.beta == pytest.approx(theirs.params, rel=1e-6)
        assert np.sqrt(np.diag(ours.cov)) == pytest.approx(theirs.bse, rel=1e-6)

    def test_shares(self):
        from statsmodels.genmod.families import Binomial
        from statsmodels.genmod.generalized_linear_model import GLM

        rng, x = self.make(2)
        m = rng.integers(50, 90, 60)
        y = rng.binomial(m, 1 / (1 + np.exp(-0.5 - 0.3 * x[:, 2])))
        ours = fit(y, x, family="share", trials=m)
        theirs = GLM(np.column_stack([y, m - y]), x, family=Binomial()).fit()
        assert ours.beta == pytest.approx(theirs.params, rel=1e-5, abs=1e-8)
        # statsmodels leaves the trials out of its own scale, so ours is compared by its formula
        assert np.sqrt(np.diag(ours.cov)) == pytest.approx(theirs.bse * ours.scale**0.5, rel=1e-5)
        p = ours.mu / m
        assert ours.scale == pytest.approx(np.sum((y - ours.mu) ** 2 / (m * p * (1 - p))) / 57)

    def test_newey_west(self):
        from statsmodels.regression.linear_model import OLS

        rng, x = self.make(3)
        y = x @ [1, 0.1, 2] + rng.normal(size=60)
        lags = newey_west_lags(60)
        ours = fit(y, x, family="mean", hac=lags)
        theirs = OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
        assert np.sqrt(np.diag(ours.cov)) == pytest.approx(theirs.bse, rel=1e-8)

    def test_errors_that_follow_one_another(self):
        """At a given correlation the fit is generalised least squares."""
        from statsmodels.regression.linear_model import GLS

        rng, x = self.make(4)
        y = x @ [1, 0.1, 2] + rng.normal(size=60)
        sigma = 0.6 ** np.abs(np.subtract.outer(np.arange(60), np.arange(60))) / (1 - 0.36)
        ours = fit(y, x, family="mean", rho=0.6)
        theirs = GLS(y, x, sigma=sigma).fit()
        assert ours.beta == pytest.approx(theirs.params)
        assert np.sqrt(np.diag(ours.cov)) == pytest.approx(theirs.bse)

    def test_the_correlation_is_found(self):
        rng = np.random.default_rng(5)
        n, found = 300, []
        for _ in range(8):
            e = rng.normal(size=n)
            for i in range(1, n):
                e[i] += 0.6 * e[i - 1]
            x = np.column_stack([np.ones(n), np.arange(n)])
            found.append(fit(3 + e, x, family="mean", rho=None).rho)
        assert np.mean(found) == pytest.approx(0.6, abs=0.05)

    def test_a_gap_is_a_longer_step(self):
        a = np.arange(5.0)
        place, block = np.array([0, 1, 4, 5, 6]), np.zeros(5, int)
        out = whiten(a, 0.5, place, block)
        spread = ((1 - 0.5**6) / (1 - 0.25)) ** 0.5
        assert out[2] == pytest.approx((2 - 0.5**3 * 1) / spread)
