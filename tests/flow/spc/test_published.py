"""Limits and marks as they were published, to the digits that were printed."""

import csv
from datetime import date

import pytest
from spc_examples import (
    BOARDS,
    BOSTON,
    CLOTH,
    DEVIATIONS,
    FOUR_HOURS,
    LOANS,
    ORDERS,
    RNORM_123,
    SHIPMENTS,
    VALVES,
    days,
)

from onesystem.flow.spc import Asked, Assurance, Cause, ChartKind, Improve, Series, Variation, draw
from onesystem.flow.spc.rules import _stretches, _trends, _two_of_three


def chart(values, **asked):
    return draw(Series.of(days(len(values)), values), Asked(**asked))


def counted(pairs, kind, **asked):
    made = Series.of_counts(days(len(pairs)), [a for a, _ in pairs], [n for _, n in pairs])
    return draw(made, Asked(kind=ChartKind(kind), **asked))


def ends(chart, place=0):
    """(lower, centre, upper) of a point."""
    return tuple(chart.line(name)[place] for name in ("lower", "centre", "upper"))


class TestMakingDataCount:
    def test_screened_limits_of_the_vignette(self):
        assert ends(chart(DEVIATIONS)) == pytest.approx((-0.72, 1.94, 4.60), abs=0.005)

    def test_limits_as_the_excel_tool_has_them(self):
        made = chart(DEVIATIONS, screen=False)
        assert ends(made) == pytest.approx((-3.06, 1.94, 6.95), abs=0.005)

    def test_the_tenth_is_outside_either_way(self):
        for screen in (True, False):
            marked = [i for i, c in enumerate(chart(DEVIATIONS, screen=screen).causes) if c]
            assert marked == [4]

    @pytest.mark.parametrize(
        ("fifteenth", "screen", "expected"),
        [
            (None, True, (-3.01138, 0.1416238, 3.294627)),
            (10, True, (-2.383666, 0.6694159, 3.722497)),
            (10, False, (-4.596625, 0.6694159, 5.935457)),
        ],
    )
    def test_limits_of_the_packages_snapshots(self, fifteenth, screen, expected):
        values = list(RNORM_123)
        if fifteenth is not None:
            values[14] = fifteenth
        assert ends(chart(values, screen=screen)) == pytest.approx(expected, abs=1e-5)

    def test_facets_of_the_packages_snapshots(self):
        one, other = chart(RNORM_123[:10]), chart(RNORM_123[10:])
        assert ends(one) == pytest.approx((-2.60, 0.0746, 2.75), abs=0.006)
        assert ends(other) == pytest.approx((-3.28, 0.209, 3.70), abs=0.006)

    def test_two_close_points_on_opposite_sides_are_common_cause(self):
        """From the package's test-ptd_spc_standard.R."""
        made = chart([1, -1] * 7 + [5.5, -5.5])
        assert made.causes[-2:] == (Cause.COMMON, Cause.COMMON)


class TestRulesOfThePackage:
    """The examples of test-ptd_calculate_point_type.R."""

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ([], []),
            (range(1, 7), [0] * 6),
            ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
            (range(1, 8), [1] * 7),
            ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0, 1, 1, 1, 1, 1, 1, 1, 0]),
            (range(7, 0, -1), [-1] * 7),
            ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0, -1, -1, -1, -1, -1, -1, -1, 0]),
        ],
    )
    def test_seven_point_trend(self, values, expected):
        assert _trends(list(values)) == expected

    @pytest.mark.parametrize(
        ("sides", "expected"),
        [
            ([1] * 6, []),
            ([1] * 6 + [-1], []),
            ([1] * 8 + [-1], [(1, 0, 8)]),
            ([-1] * 8 + [1], [(-1, 0, 8)]),
        ],
    )
    def test_seven_on_one_side(self, sides, expected):
        assert [found for found in _stretches(sides) if found[2] - found[1] >= 7] == expected

    @pytest.mark.parametrize(
        ("close", "sides", "expected"),
        [
            ([], [], []),
            ([1, 0, 1], [1, 1, 1], [1, 0, 1]),
            ([0, 1, 1], [1, 1, 1], [0, 1, 1]),
            ([1, 1, 0], [1, 1, 1], [1, 1, 0]),
            ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 0, 1, 0, 0]),
            ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 0, 1, 1, 0, 0, 0]),
            ([1, 0, 0, 1], [1] * 4, [0, 0, 0, 0]),
            ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 0, 1, 1]),
            ([1, 0, 1], [1, -1, 1], [0, 0, 0]),
            ([0, 0, 1, 1, 0, 0, 0], [-1, 1, -1, 1, -1, 1, -1], [0] * 7),
        ],
    )
    def test_two_of_three(self, close, sides, expected):
        assert _two_of_three(close, sides) == expected


@pytest.fixture(scope="module")
def attendances(request):
    path = request.config.rootpath / "tests" / "data" / "nhsr" / "ae_attendances.csv"
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def breaches(rows, code, until=date(2018, 4, 1)):
    days_and_values = [
        (date.fromisoformat(r["period"]), float(r["breaches"]))
        for r in rows
        if r["org_code"] == code and date.fromisoformat(r["period"]) < until
    ]
    return Series.of(*zip(*days_and_values, strict=True))


class TestRealAttendances:
    """The charts of NHSRplotthedots' README and vignette, over NHSRdatasets."""

    def test_the_readme_chart(self, attendances):
        made = draw(breaches(attendances, "RQM"), Asked(improve=Improve.DOWN, target=1200))
        marked = {p.date.isoformat()[:7]: str(p.kind) for p in made.points() if p.cause}
        assert marked == {
            "2016-05": "improvement",
            "2016-06": "improvement",
            "2016-12": "concern",
            "2017-01": "concern",
        }
        assert made.variation is Variation.COMMON
        assert made.assurance is Assurance.HIT_OR_MISS
        assert ends(made) == pytest.approx((740, 1545, 2350), abs=5)

    def test_the_stable_period_has_eight_points_below_the_mean(self, attendances):
        made = draw(breaches(attendances, "RRK"), Asked(improve=Improve.DOWN))
        run = [p for p in made.points() if p.cause is Cause.RUN]
        assert [str(p.kind) for p in run] == ["improvement"] * 8

    def test_a_merger_begins_limits_of_its_own(self, attendances):
        whole = breaches(attendances, "RRK", until=date(2030, 1, 1))
        made = draw(whole, Asked(improve=Improve.DOWN, rebase=(date(2018, 7, 1),)))
        assert len(made.phases) == 2
        assert made.line("centre")[-1] > 2 * made.line("centre")[0]
        assert any("on trial" in words for words in made.warnings)


class TestMontgomery:
    def test_individual_values(self):
        """Example 6.5: 300.5, 321.22 and 279.78; weeks 39 and 40 lie outside."""
        made = chart(LOANS, baseline=20, screen=False)
        assert ends(made) == pytest.approx((279.78, 300.5, 321.22), abs=0.01)
        assert made.causes[38:] == (Cause.OUTSIDE, Cause.OUTSIDE)

    def test_shares_of_varying_denominators(self):
        """Table 7.4: 0.0955; week 11 lies above its limit of 0.1796."""
        made = counted(ORDERS, "p")
        assert ends(made, 10) == pytest.approx((0.0114, 0.0955, 0.1796), abs=1e-4)
        assert [i for i, c in enumerate(made.causes) if c is Cause.OUTSIDE] == [10]
        assert made.line("lower")[1] == 0

    def test_counts(self):
        """Example 7.3, revised: 19.67, 32.97 and 6.36."""
        made = chart(BOARDS, kind=ChartKind.C)
        assert ends(made) == pytest.approx((6.36, 19.67, 32.97), abs=0.005)

    def test_rates_of_one_denominator(self):
        """Example 7.4: 0.0740, 0.1894, and no lower limit."""
        made = counted([(n, 50) for n in SHIPMENTS], "u")
        assert ends(made) == pytest.approx((0.0, 0.0740, 0.1894), abs=5e-5)

    def test_rates_of_varying_denominators(self):
        """Example 7.5: 1.42 in 50 square metres; 2.55 and 0.29 where 500 were inspected."""
        made = counted([(count, metres / 50) for count, metres in CLOTH], "u")
        assert ends(made) == pytest.approx((0.29, 1.42, 2.55), abs=0.006)

    def test_times_between_failures(self):
        """Example 7.6: 5.386 on the transformed scale (by the exponent 0.2777), 11.66 above."""
        made = chart(VALVES, kind=ChartKind.T)
        lower, centre, upper = ends(made)
        assert centre ** (1 / 3.6) == pytest.approx(5.386, abs=0.005)
        assert upper ** (1 / 3.6) == pytest.approx(11.66, abs=0.01)
        assert lower == 0
        assert made.special == 0


class TestLaney:
    def test_chance_alone_marks_nearly_every_week_of_a_stable_process(self):
        """Mohammed and others 2013: a p chart of the four-hour figures is nearly all signal, a p'
        chart shows none outside; p' and XmR limits are about the same."""
        by_chance, prime = counted(FOUR_HOURS, "p"), counted(FOUR_HOURS, "pp")
        assert sum(c is Cause.OUTSIDE for c in by_chance.causes) > 10
        assert sum(c is Cause.OUTSIDE for c in prime.causes) == 0
        single = chart([a / n for a, n in FOUR_HOURS], screen=False)
        assert ends(prime) == pytest.approx(ends(single), abs=0.002)
        assert any("too tight" in words for words in by_chance.warnings)

    def test_limits_as_another_program_draws_them(self):
        """JASP's chart: centre 0.1611; of the last sample limits 0.3043 and 0.0179."""
        made = counted(BOSTON, "pp")
        assert ends(made, -1) == pytest.approx((0.0179, 0.1611, 0.3043), abs=2e-4)
        assert made.phases[0].lines.spread == pytest.approx(1.4806, abs=0.002)

    def test_without_more_than_chance_it_is_the_chart_by_chance(self):
        """Laney: where sigma of z is 1, p' is p."""
        made, by_chance = counted(BOSTON, "pp"), counted(BOSTON, "p")
        _, centre, upper = ends(by_chance)
        wider = made.phases[0].lines.spread
        assert ends(made)[2] - centre == pytest.approx((upper - centre) * wider)


class TestFunnel:
    def test_limits_of_a_proportion(self):
        """Spiegelhalter 2005: theta +/- 1.96 and 3.09 standard errors."""
        from onesystem.flow.spc import funnel

        made = funnel([10, 12, 9, 11], [100, 100, 100, 100])
        at = made.at(400)
        error = (0.105 * 0.895 / 400) ** 0.5
        assert made.centre == pytest.approx(0.105)
        assert at.upper_alert == pytest.approx(0.105 + 1.96 * error)
        assert at.lower_alarm == pytest.approx(0.105 - 3.09 * error)
