"""Each estimator against what is known exactly, or drawn from a known truth."""

import numpy as np
import pytest

from onesystem.twin.calibration import arrivals, capacity, daily, routing, stays
from onesystem.twin.network.distributions import Exponential, Lognormal, Quantiles

RNG = np.random.default_rng


class TestStays:
    def test_curve_is_the_product_limit_of_a_textbook(self) -> None:
        """Freireich's 6-MP arm (1963): 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448."""
        times = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
        found = stays.curve(np.array(times, float), np.arange(21) < 9)
        assert found.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
        known = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
        assert found.left == pytest.approx(known, abs=5e-4)
        assert found.quantile(0.5) == 23

    @pytest.mark.parametrize(
        ("kind", "draw", "mean"),
        [
            ("exponential", lambda r: r.exponential(5, 8000), 5),
            ("lognormal", lambda r: r.lognormal(1, 0.9, 8000), np.exp(1 + 0.405)),
            ("gamma", lambda r: r.gamma(3, 2, 8000), 6),
            ("weibull", lambda r: 4 * r.weibull(2.5, 8000), 4 * 0.8873),
        ],
    )
    def test_shape_and_mean_come_back_though_a_third_is_cut_off(
        self, kind: str, draw: object, mean: float
    ) -> None:
        """The censored likelihood picks the shape that was drawn from, within 5% of its mean."""
        lengths = draw(RNG(4))  # type: ignore[operator]
        cut = RNG(5).exponential(2.5 * mean, len(lengths))
        found = stays.fitted(np.minimum(lengths, cut), lengths <= cut)
        assert found is not None
        assert found.open > 0.2 * len(lengths)
        assert found.kind == kind
        assert found.distribution.mean == pytest.approx(mean, rel=0.05)

    def test_no_shape_gives_measured_quantiles(self) -> None:
        """Two humps are no log-normal: the quantiles are taken as they are."""
        lengths = np.concatenate([RNG(1).normal(2, 0.1, 900), RNG(2).normal(20, 0.1, 900)])
        found = stays.fitted(lengths, np.ones(1800))
        assert found is not None
        assert isinstance(found.distribution, Quantiles)
        assert found.distribution.mean == pytest.approx(11, rel=0.02)

    def test_nobody_gone_is_nothing_known(self) -> None:
        """Without one end there is no distribution."""
        assert stays.fitted(np.ones(5), np.zeros(5)) is None


class TestArrivals:
    def test_small_service_borrows_from_its_kind(self) -> None:
        """Thirty arrivals do not make a profile: it is the kind's, at their own level."""
        kind = np.tile(np.repeat([0.5, 1.5], 12), 7) / 168
        came = RNG(3).uniform(0, 168 * 10, 4000)
        came = np.sort(came[RNG(4).uniform(size=4000) < np.where(came % 24 < 12, 0.25, 0.75)])
        few = arrivals.profile(came[::70], 0, 1680, kind)
        assert few.borrowed > 0.8
        assert few.rates.sum() == pytest.approx(few.count / 10)
        many = arrivals.profile(came, 0, 1680, np.full(168, 1 / 168))
        assert many.borrowed < 0.5
        halves = many.rates.reshape(7, 24).mean(0)
        # Three to one in truth, even in its kind: in between, and nearer to what was counted.
        assert 1.9 < halves[12:].sum() / halves[:12].sum() < 3

    def test_season_is_found_and_noise_is_not(self) -> None:
        """A wave of a fifth over two years stands out; even arrivals have neither wave nor line."""
        days = np.arange(730)
        rate = 20 * np.exp(0.2 * np.cos(2 * np.pi * days / 365.25))
        for mean, season in ((rate, True), (np.full(730, 20.0), False)):
            counts = RNG(6).poisson(mean)
            came = np.repeat(days * 24.0, counts) + RNG(7).uniform(0, 24, counts.sum())
            found = arrivals.profile(came, 0, 730 * 24, np.full(168, 1 / 168))
            assert (found.season > 1.1) is season
            assert 0.95 < found.trend < 1.05
            if season:
                assert found.season == pytest.approx(np.exp(0.2), rel=0.08)


class TestRouting:
    def test_small_class_is_drawn_to_all_when_classes_are_alike(self) -> None:
        """Three people of a class who went one way do not make that its only way."""
        kind = np.array([0] * 1000 + [1] * 1000 + [2] * 3)
        target = np.concatenate([RNG(1).integers(0, 2, 2000), [1, 1, 1]])
        found = routing.ways(kind, target, 3)
        assert found.by[2, 1] < 0.65
        assert found.by.sum(1) == pytest.approx(np.ones(3))

    def test_classes_that_differ_keep_their_ways(self) -> None:
        """A thousand people of each of two classes say it plainly."""
        kind = np.repeat([0, 1], 1000)
        target = np.where(RNG(2).uniform(size=2000) < np.where(kind, 0.8, 0.2), 1, -1)
        found = routing.ways(kind, target, 2)
        assert found.differ
        assert found.by[:, 1] == pytest.approx([0.2, 0.8], abs=0.04)


class TestCapacity:
    def test_inside_counts_who_has_begun_and_not_ended(self) -> None:
        """Whoever begins at a moment is there, whoever ends at it is not."""
        begun, ended = np.array([0.0, 1, np.nan]), np.array([2.0, np.nan, 5])
        assert capacity.inside(begun, ended, np.array([0.0, 1, 2])).tolist() == [1, 2, 1]

    def test_waits_without_a_full_house_are_no_capacity(self) -> None:
        """People who wait a fortnight for an appointment are not queueing for a room."""
        asked = RNG(1).uniform(0, 5000, 3000)
        begun = np.sort(asked + RNG(2).uniform(100, 500, 3000))
        found = capacity.seen(asked, begun, begun + RNG(3).exponential(3, 3000), 0, 5000)
        assert found.number is None
        assert "no fixed number" in found.said


class TestDaily:
    def test_weekday_and_level_beat_seasonal_naive_with_honest_intervals(self) -> None:
        """On counts about a weekly pattern, last week's count carries its own noise."""
        week = np.tile([1.2, 1.1, 1, 1, 1, 0.8, 0.9], 60)
        found = daily.backtest(["a"], RNG(1).poisson(100 * week)[None, :].astype(float))[0]
        assert found.error < 0.85 * found.naive
        assert 0.7 < found.covered80 < 0.9
        assert found.covered95 > 0.88

    def test_days_without_a_return_are_not_zeros(self) -> None:
        """A nought among hundreds is a day that was not reported."""
        values = RNG(2).poisson(200, (1, 300)).astype(float)
        values[0, 280] = 0
        found = daily.backtest(["a"], values)[0]
        assert found.unreported == 1
        assert found.error < 20

    def test_too_short_a_series_is_left_out(self) -> None:
        """A month tells no week from the next."""
        assert daily.backtest(["a"], np.ones((1, 30))) == []


def test_families_of_the_tests_are_those_of_the_engine() -> None:
    """The fitted distributions are the model's own."""
    found = stays.fitted(np.linspace(1, 2, 40), np.ones(40), shapes=True)
    assert found is not None
    assert not isinstance(found.distribution, Quantiles)
    assert Lognormal(1, 1).mean == Exponential(1).mean
