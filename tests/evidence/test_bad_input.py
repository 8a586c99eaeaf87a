"""What cannot be used is refused with the rule it breaks, where it is, and the cure."""

from datetime import date

import numpy as np
import pytest
from evidence_cases import months

from onesystem.evidence.changepoint import changepoint
from onesystem.evidence.controlled import controlled
from onesystem.evidence.did import did
from onesystem.evidence.discontinuity import rd
from onesystem.evidence.its import its
from onesystem.evidence.panel import panel
from onesystem.evidence.panels import panel_of
from onesystem.evidence.reading import series_of, sheet
from onesystem.evidence.series import timed
from onesystem.evidence.staggered import staggered
from onesystem.evidence.steps import steps
from onesystem.evidence.synth import synth
from onesystem.evidence.wedge import wedge
from onesystem.vocabulary import BadConfig, BadInput

DATES = months(36)
FLAT = [10.0 + (i % 3) for i in range(36)]


def rule(work):
    """The rule that an input breaks; it always has a cure."""
    with pytest.raises(BadInput) as caught:
        work()
    assert caught.value.cure
    return caught.value.rule


class TestSeries:
    @pytest.mark.parametrize(
        ("broken", "dates", "values", "denominators"),
        [
            ("evidence.one-point", DATES[:1], [1], []),
            ("evidence.one-point", [], [], []),
            ("evidence.twice", [DATES[0], DATES[0], DATES[1]], [1, 2, 3], []),
            ("evidence.gaps", [DATES[0], DATES[1], DATES[5]], [1, 2, 3], []),
            ("evidence.missing", DATES[:3], [1, float("nan"), 2], []),
            ("evidence.zero-denominators", DATES[:3], [1, 2, 3], [0, 0, 0]),
            ("evidence.zero-denominator", DATES[:3], [1, 2, 3], [5, 0, 5]),
            ("evidence.spacing", [date(2024, 1, 1), date(2024, 1, 4), date(2024, 1, 8)],
             [1, 2, 3], []),
        ],
    )  # fmt: skip
    def test_refused(self, broken, dates, values, denominators):
        assert rule(lambda: timed(dates, values, denominators)) == broken

    def test_the_row_is_named(self):
        with pytest.raises(BadInput, match="row 3"):
            timed(DATES[:3], [1, float("inf"), 2])

    def test_a_count_below_nothing_and_a_share_above_all(self):
        assert rule(lambda: timed(DATES[:3], [1, -2, 3], kind="count")) == "evidence.negative"
        found = rule(lambda: timed(DATES[:3], [1, 9, 3], [5, 5, 5], kind="share"))
        assert found == "evidence.above-one"

    def test_gaps_can_be_allowed(self):
        series = timed([*DATES[:12], *DATES[14:]], [float(i % 5 + 20) for i in range(34)],
                       kind="mean", gaps=True)  # fmt: skip
        assert its(series, [DATES[20]], waves=0).facts["periods"] == 34

    @pytest.mark.parametrize(
        ("days", "every"),
        [([date(2024, 1, 1 + i) for i in range(20)], "day"),
         ([date(2024, 1, 1 + 7 * i) for i in range(4)], "week"),
         (months(5), "month"), (months(13)[::3], "quarter"), (months(37)[::12], "year")],
    )  # fmt: skip
    def test_the_spacing_is_seen(self, days, every):
        assert timed(days, [float(i) for i in range(len(days))]).every == every


class TestInterrupted:
    def test_the_change_lies_within(self):
        series = timed(DATES, FLAT, kind="mean")
        assert rule(lambda: its(series, [date(2010, 1, 1)])) == "evidence.treated-before"
        assert rule(lambda: its(series, [date(2030, 1, 1)])) == "evidence.treated-after"
        assert rule(lambda: its(series, [])) == "evidence.no-change"
        assert rule(lambda: its(series, [DATES[34]])) == "evidence.too-short"
        assert rule(lambda: its(series, [DATES[10], DATES[11]])) == "evidence.too-short"

    def test_nothing_but_zeros(self):
        series = timed(DATES, [0] * 36, kind="count")
        assert rule(lambda: its(series, [DATES[20]])) == "evidence.all-zero"

    def test_zeros_among_counts_are_counts(self):
        values = [0, 1, 0, 2, 0, 0, 3, 1, 0] * 4
        found = its(timed(DATES, values), [DATES[20]], waves=0)
        assert np.isfinite(found.main.estimate)

    def test_a_constant_series_has_no_effect(self):
        found = its(timed(DATES, [7.5] * 36, kind="mean"), [DATES[20]], waves=0)
        assert found.main.estimate == pytest.approx(0, abs=1e-9)

    def test_a_control_of_other_periods(self):
        one, two = timed(DATES, FLAT, kind="mean"), timed(months(35), FLAT[:35], kind="mean")
        assert rule(lambda: controlled(one, two, [DATES[20]])) == "evidence.control-dates"

    def test_several_changes(self):
        rng = np.random.default_rng(3)
        y = rng.normal(100, 2, 36) - 10 * (np.arange(36) >= 12) + 6 * (np.arange(36) >= 24)
        found = its(timed(DATES, y.tolist(), kind="mean"), [DATES[12], DATES[24]], slope=False,
                    waves=0)  # fmt: skip
        one, two = found.effect("level-1"), found.effect("level-2")
        assert one.low < -10 < one.high < 0
        assert 0 < two.low < 6 < two.high

    def test_a_control_takes_off_what_came_to_all(self):
        rng = np.random.default_rng(2)
        common = -15 * (np.arange(36) >= 20)
        one = timed(DATES, (200 + common - 10 * (np.arange(36) >= 20)
                            + rng.normal(0, 2, 36)).tolist(), kind="mean")  # fmt: skip
        two = timed(DATES, (150 + common + rng.normal(0, 2, 36)).tolist(), kind="mean")
        found = controlled(one, two, [DATES[20]], slope=False, waves=0)
        assert found.main.low < -10 < found.main.high
        assert not found.main.low < -25 < found.main.high
        assert found.check("untouched").verdict == "doubtful"

    def test_next_to_no_event_after_the_change(self):
        """The rows of a part without events weigh nothing, which no covariance stands on."""
        series = timed(DATES[:9], [0, 1, 1, 0, 1, 0, 0, 0, 0])
        assert rule(lambda: its(series, [DATES[5]])) == "evidence.too-few-events"

    @pytest.mark.parametrize("values", [[0] * 21 + [1] + [0] * 7, [0] * 18 + [379, 371]])
    def test_no_event_before_the_change(self, values):
        """What a slope before it was is then noise, of which variances may be negative."""
        series = timed(months(len(values)), values)
        change = series.dates[len(values) // 2]
        assert rule(lambda: its(series, [change])) == "evidence.too-few-events"


class TestPanels:
    ROWS = [(f"u{i}", t, float(i + t + (i * t) % 3)) for i in range(6) for t in range(6)]

    def test_refused(self):
        twice = [*self.ROWS, self.ROWS[0]]
        assert rule(lambda: panel(twice, {})) == "evidence.twice"
        assert rule(lambda: panel(self.ROWS[1:], {})) == "evidence.gaps"
        assert rule(lambda: panel([], {})) == "evidence.empty"
        assert len(panel(self.ROWS[1:], {}, complete_only=True).units) == 5

    def test_who_is_treated(self):
        none, everyone = panel(self.ROWS, {}), panel(self.ROWS, dict.fromkeys(
            [f"u{i}" for i in range(6)], 3))  # fmt: skip
        assert rule(lambda: did(none)) == "evidence.no-comparison"
        assert rule(lambda: did(everyone)) == "evidence.no-comparison"
        assert rule(lambda: did(panel(self.ROWS, {"u0": 0}))) == "evidence.treated-before"
        assert rule(lambda: did(panel(self.ROWS, {"u0": 2, "u1": 4}))) == "evidence.staggered"
        assert rule(lambda: staggered(none)) == "evidence.no-treatment"
        assert rule(lambda: staggered(panel(self.ROWS, {"u0": 0}))) == "evidence.treated-before"
        assert rule(lambda: staggered(everyone)) == "evidence.no-never"
        assert rule(lambda: synth(panel(self.ROWS, {"u0": 3, "u1": 3}))) == "evidence.one-treated"
        assert rule(lambda: synth(panel(self.ROWS, {"u0": 1}))) == "evidence.too-short"

    def test_steps(self):
        back = [("a", 0, True, 1.0, 1.0), ("a", 1, False, 1.0, 1.0)]
        assert rule(lambda: steps(back)) == "evidence.not-a-wedge"
        assert rule(lambda: steps([("a", 0, True, 1.0, 0.0)])) == "evidence.missing"
        nobody = [(c, t, t > 0, 1.0, 0.0) for c in "abc" for t in (0, 1) for _ in range(2)]
        assert rule(lambda: steps(nobody)) == "evidence.missing"
        same = [(c, t, t > 0, float(t), 1.0) for c in "abc" for t in (0, 1)]
        assert rule(lambda: wedge(steps(same))) == "evidence.rank"

    def test_thresholds(self):
        x = list(range(30))
        assert rule(lambda: rd(x, x, threshold=100)) == "evidence.one-side"
        assert rule(lambda: rd(x, [float("nan"), *x[1:]], threshold=15)) == "evidence.missing"

    def test_change_points(self):
        short = timed(DATES[:5], FLAT[:5], kind="mean")
        assert rule(lambda: changepoint(short)) == "evidence.too-short"


class TestFiles:
    @pytest.mark.parametrize(
        ("text", "broken"),
        [
            ("", "sheet.empty"),
            ("month,value\n", "sheet.empty"),
            ("month,value\n2024-01-01,1,2\n", "sheet.ragged"),
            ("month,month\n2024-01-01,1\n", "sheet.column-twice"),
            ("month,value\n2024-01-01,many\n2024-02-01,2\n", "sheet.no-number"),
            ("month,value\nJanuary,1\n2024-02-01,2\n", "sheet.no-date"),
        ],
    )
    def test_refused(self, text, broken):
        assert rule(lambda: series_of(sheet(text.encode()))) == broken

    def test_columns_are_guessed_or_named(self):
        found = sheet(b"Month,Admissions,n\n2024-01,5,1\n2024-02,6,1\n2024-03,9,1\n")
        assert series_of(found).name == "n"
        assert series_of(found, value="Admissions").values == (5, 6, 9)
        with pytest.raises(BadConfig, match="Did you mean 'Admissions'"):
            series_of(found, value="Admission")

    def test_dates_are_written_in_several_ways(self):
        found = sheet('\ufeffdate,value\n01/02/2024,5\n01/03/2024,"1,006"\n'.encode())
        series = series_of(found)
        assert series.dates == (date(2024, 2, 1), date(2024, 3, 1))
        assert series.values == (5, 1006)

    def test_a_unit_has_one_start(self):
        text = b"unit,year,value,start\na,1,1,2\na,2,1,3\nb,1,1,\nb,2,1,\n"
        assert rule(lambda: panel_of(sheet(text))) == "evidence.two-starts"


class TestTranslations:
    """What adds up over a year, and what does not."""

    Y = [20.0 - 4 * (i >= 20) + (i % 3) * 0.1 for i in range(36)]

    def test_a_bare_mean_does_not_add_up(self):
        found = its(timed(DATES, self.Y, kind="mean"), [DATES[20]], slope=False, waves=0)
        assert found.translated == ()

    def test_a_mean_of_cases_does(self):
        series = timed(DATES, self.Y, [50.0] * 36, kind="mean", unit="days")
        found = its(series, [DATES[20]], slope=False, waves=0)
        (days,) = found.translated
        assert days.what == "days a year"
        assert days.estimate == pytest.approx(found.main.estimate * 50 * 12)


def test_nothing_varies_before_the_change():
    """As the first years of some published series, which are nought: no pretended effect there."""
    values = [0] * 30 + [3, 5, 4, 6, 5, 4]
    found = its(timed(DATES, [float(v) for v in values], kind="mean"), [DATES[28]], waves=0)
    assert found.check("pretended").verdict == "passed"
