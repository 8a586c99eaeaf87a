"""Short, flat, broken, huge and wrong series."""

from datetime import date

import pytest
from spc_examples import days

from onesystem.flow.spc import (
    Asked,
    Assurance,
    Cause,
    ChartKind,
    Improve,
    Series,
    Variation,
    draw,
    funnel,
    usual,
)
from onesystem.flow.spc.rules import _trends
from onesystem.vocabulary import BadConfig, BadInput


def chart(values, **asked):
    return draw(Series.of(days(len(values)), values), Asked(**asked))


class TestShort:
    def test_nothing_is_an_empty_chart(self):
        made = chart([])
        assert (made.phases, made.causes, made.variation) == ((), (), Variation.COMMON)
        assert made.assurance is None

    def test_no_limit_goes_over_what_a_value_can_be(self):
        """Of an index from 0 to 1 that varies much."""
        values = [0.9, 0.5, 0.95, 0.45, 0.9, 0.6]
        assert chart(values).line("upper")[0] > 1
        bounded = chart(values, within=(0.0, 1.0))
        assert bounded.line("upper") == (1.0,) * 6
        assert bounded.line("lower") == (0.0,) * 6
        assert bounded.line("centre") == chart(values).line("centre")

    def test_one_point_has_a_mean_and_no_limits(self):
        made = chart([4], improve=Improve.UP, target=3)
        assert made.line("centre") == (4,)
        assert made.line("upper") == (None,)
        assert made.assurance is None
        assert "no limits" in made.warnings[0]

    def test_two_points_have_limits(self):
        made = chart([4, 6], screen=False)
        assert made.line("upper")[0] == pytest.approx(5 + 2.66 * 2)

    @pytest.mark.parametrize(("many", "warned"), [(12, True), (13, False)])
    def test_limits_of_fewer_than_thirteen_points_are_on_trial(self, many, warned):
        made = chart([i % 3 for i in range(many)])
        assert any("on trial" in words for words in made.warnings) is warned

    def test_seven_points_are_a_run_and_six_are_not(self):
        for many, marked in ((6, 0), (7, 7)):
            made = chart([1, 0] * 10 + [0.9] * many, baseline=20, screen=False)
            assert made.causes.count(Cause.RUN) == marked


class TestFlat:
    def test_what_never_varies_has_no_limits_when_screened(self):
        made = chart([5] * 20, improve=Improve.UP, target=4)
        assert made.line("upper") == (None,) * 20
        assert made.special == 0
        assert made.assurance is None

    def test_and_limits_on_its_mean_when_not(self):
        made = chart([0.1] * 20, screen=False)
        assert made.line("upper") == pytest.approx((0.1,) * 20)
        assert made.special == 0


class TestBroken:
    def test_a_gap_breaks_a_run_a_trend_and_two_of_three(self):
        rising = [1, 2, 3, None, 4, 5, 6, 7]
        assert Cause.TREND not in chart(rising).causes
        side = [0] * 20 + [3, 3, 3, 3, 3, 3, None, 3, 3]
        assert Cause.RUN not in chart(side, baseline=20, screen=False).causes[20:]

    def test_neighbours_of_a_gap_have_no_moving_range(self):
        made = chart([1, 2, None, 100, 101], screen=False)
        assert made.phases[0].lines.spread == 1

    def test_a_gap_is_said(self):
        assert "1 of 3 points" in chart([1, None, 2]).warnings[0]

    def test_a_tie_breaks_a_trend(self):
        assert Cause.TREND not in chart([1, 2, 3, 4, 4, 5, 6, 7]).causes

    def test_a_point_on_the_mean_breaks_a_run(self):
        values = [1.0, -1.0] * 10 + [0.5, 0.5, 0.5, 0.0, 0.5, 0.5, 0.5]
        made = chart(values, baseline=20)
        assert made.line("centre")[0] == 0
        assert Cause.RUN not in made.causes

    def test_infinity_is_not_a_figure(self):
        assert chart([1, float("inf"), 2]).series.known == 2


class TestPrecedence:
    BASE = (0.0, 1.0) * 10

    def test_outside_before_all_else(self):
        made = chart([*self.BASE, 1, 2, 3, 4, 5, 6, 7], baseline=20, screen=False)
        assert made.causes[-3:] == (Cause.OUTSIDE,) * 3
        assert made.causes[20:22] == (Cause.TREND,) * 2

    def test_an_outside_point_is_not_close(self):
        """One outside and one close do not make two of three."""
        made = chart([*self.BASE, 0.6, 9.0, 2.6], baseline=20, screen=False)
        assert made.causes[20:] == (Cause.COMMON, Cause.OUTSIDE, Cause.COMMON)
        made = chart([*self.BASE, 0.6, 2.7, 2.6], baseline=20, screen=False)
        assert made.causes[20:] == (Cause.COMMON, Cause.TWO_OF_THREE, Cause.TWO_OF_THREE)

    def test_a_peak_belongs_to_the_fall(self):
        assert _trends([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]) == [1] * 6 + [-1] * 7

    def test_a_peak_of_a_rise_alone_belongs_to_the_rise(self):
        """Two rises with a short fall between them: both are rises to their ends."""
        rise = [1, 2, 3, 4, 5, 6, 7]
        assert _trends([*rise, *(v - 0.5 for v in rise)]) == [1] * 14


class TestPhases:
    def test_each_has_limits_of_its_own_and_the_last_gives_the_icons(self):
        values = [0, 1] * 10 + [100, 101] * 10
        when = days(40)
        made = draw(
            Series.of(when, values),
            Asked(rebase=(when[20],), improve=Improve.UP, target=50, screen=False),
        )
        assert [p.lines.centre[0] for p in made.phases] == [0.5, 100.5]
        assert made.special == 0
        assert made.assurance is Assurance.PASS

    def test_a_rule_does_not_reach_across(self):
        when = days(20)
        values = [1] * 5 + [2] * 5 + list(range(3, 13))
        assert Cause.TREND in draw(Series.of(when, values)).causes
        made = draw(Series.of(when, values), Asked(rebase=(when[14],)))
        assert Cause.TREND not in made.causes

    def test_a_date_that_is_not_there_is_said_with_the_nearest(self):
        made = draw(Series.of([date(2026, 1, 1), date(2026, 2, 1)], [1, 2]),
                    Asked(rebase=(date(2026, 1, 15),)))  # fmt: skip
        assert len(made.phases) == 1
        assert "2026-01-15" in made.warnings[0]
        assert "2026-02-01" in made.warnings[0]


class TestHuge:
    def test_values_of_a_thousand_million_keep_the_rules(self):
        made = chart([1e9 + n for n in (0, 1) * 10 + (9,)], screen=False)
        assert made.causes[-1] is Cause.OUTSIDE


class TestWrong:
    def test_a_date_twice(self):
        with pytest.raises(BadInput, match="2026-01-01 stands there twice") as caught:
            Series.of([date(2026, 1, 1)] * 2, [1, 2])
        assert caught.value.rule == "spc.duplicate-date"

    def test_a_short_baseline(self):
        with pytest.raises(BadConfig, match="Take 12 points"):
            Asked(baseline=11)

    def test_columns_of_two_lengths(self):
        with pytest.raises(BadInput, match="another length"):
            Series.of(days(2), [1])

    def test_a_share_over_one(self):
        made = Series.of_counts(days(1), [3], [2])
        with pytest.raises(BadInput, match="u or up"):
            draw(made, Asked(kind=ChartKind.PP))

    def test_counts_below_nought(self):
        with pytest.raises(BadInput, match="below nought"):
            Series.of_counts(days(1), [-1], [2])

    def test_a_chart_of_counts_without_them(self):
        with pytest.raises(BadInput, match="numerator"):
            chart([1, 2], kind=ChartKind.U)

    def test_two_events_at_once(self):
        with pytest.raises(BadInput, match="g chart"):
            chart([3, 0, 2], kind=ChartKind.T)

    def test_fewer_than_none_between_events(self):
        with pytest.raises(BadInput, match="nought or more"):
            chart([3, -1], kind=ChartKind.G)


class TestCounts:
    def test_where_nothing_could_happen_nothing_is_known(self):
        made = draw(Series.of_counts(days(3), [0, 1, 2], [0, 4, 4]), Asked(kind=ChartKind.P))
        assert made.series.values == (None, 0.25, 0.5)
        assert made.line("upper")[0] is None

    def test_nothing_ever_happened(self):
        made = draw(Series.of_counts(days(15), [0] * 15, [50] * 15), Asked(kind=ChartKind.PP))
        assert made.special == 0
        assert made.line("upper") == (0.0,) * 15

    @pytest.mark.parametrize(
        ("pairs", "kind"),
        [
            ([(3, 20), (4, 25)], "p"),
            ([(300, 2000), (400, 2500)], "pp"),
            ([(30, 20), (4, 25)], "u"),
            ([(3000, 2000), (400, 2500)], "up"),
        ],
    )
    def test_the_usual_chart(self, pairs, kind):
        made = Series.of_counts(days(2), [a for a, _ in pairs], [n for _, n in pairs])
        assert usual(made) == kind
        assert usual(Series.of(days(2), [1, 2])) == "xmr"

    def test_rare_events_between(self):
        """Limits of the geometric distribution: mean 10, sigma the root of 110; median centre."""
        made = chart([2, 4, 24], kind=ChartKind.G)
        assert made.line("centre")[0] == 4
        assert made.line("upper")[0] == pytest.approx(10 + 3 * 110**0.5)
        assert made.line("lower")[0] == 0


class TestAssurance:
    """The table of NHSRplotthedots' test-ptd_calculate_assurance_type.R: target 4."""

    @pytest.mark.parametrize(
        ("low", "high", "up", "down"),
        [
            (1, 3, Assurance.FAIL, Assurance.PASS),
            (5, 7, Assurance.PASS, Assurance.FAIL),
            (1, 5, Assurance.HIT_OR_MISS, Assurance.HIT_OR_MISS),
        ],
    )
    def test_a_target_against_the_limits(self, low, high, up, down):
        from onesystem.flow.spc.assurance import assurance

        assert assurance((low,), (high,), 4, Improve.UP) is up
        assert assurance((low,), (high,), 4, Improve.DOWN) is down
        assert assurance((low,), (high,), 4, Improve.NONE) is None
        assert assurance((low,), (high,), None, Improve.UP) is None

    @pytest.mark.parametrize(
        ("improve", "last", "expected"),
        [
            (Improve.UP, 9, Variation.IMPROVEMENT_HIGH),
            (Improve.UP, -9, Variation.CONCERN_LOW),
            (Improve.DOWN, 9, Variation.CONCERN_HIGH),
            (Improve.DOWN, -9, Variation.IMPROVEMENT_LOW),
            (Improve.NONE, 9, Variation.NEUTRAL_HIGH),
            (Improve.NONE, -9, Variation.NEUTRAL_LOW),
            (Improve.UP, 0.5, Variation.COMMON),
        ],
    )
    def test_the_last_point_gives_the_icon(self, improve, last, expected):
        made = chart([0, 1] * 10 + [last], baseline=20, screen=False, improve=improve)
        assert made.variation is expected

    def test_a_last_period_that_is_not_known_yet_keeps_the_icon(self):
        made = chart([*[0, 1] * 10, 9, None], baseline=20, screen=False)
        assert made.variation is Variation.NEUTRAL_HIGH


class TestFunnel:
    def test_nobody_is_no_funnel(self):
        assert funnel([], []) is None
        assert funnel([0], [0]) is None

    def test_a_place_without_anybody_has_no_signal(self):
        assert funnel([5, 0], [10, 0]).signals[1] is None

    def test_one_far_out_among_many_alike(self):
        made = funnel([10] * 19 + [40], [100] * 20)
        assert made.widened == 1
        assert made.signals == (0,) * 19 + (2,)

    def test_where_all_differ_the_funnel_is_widened(self):
        made = funnel([5, 20, 35, 50, 65, 80, 95] * 3, [100] * 21)
        assert made.widened > 10
        assert set(made.signals) == {0}
        assert set(funnel([5, 20, 35, 50, 65, 80, 95] * 3, [100] * 21, widen=False).signals) != {0}
