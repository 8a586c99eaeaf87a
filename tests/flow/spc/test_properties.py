"""What holds for every series: nothing depends on units, on the order of rows, or on the form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spc_examples import days

from onesystem.flow.spc import Asked, Cause, ChartKind, Improve, Kind, Series, draw, funnel, many

# Quarters are exact in doubles, so that what ties here ties everywhere.
quarters = st.integers(-400, 400).map(lambda n: n / 4)
values = st.lists(st.one_of(quarters, quarters, quarters, st.none()), min_size=1, max_size=60)
steps = st.lists(st.sampled_from([-1, -1, 0, 1, 1, 1, 30]), min_size=1, max_size=50)
walks = steps.map(lambda each: [float(v) for v in np.cumsum(each)])
series = st.one_of(values, walks)
baselines = st.one_of(st.none(), st.integers(12, 40))


def chart(each, **asked):
    return draw(Series.of(days(len(each)), each), Asked(**asked))


@given(series, st.integers(-1_000_000, 1_000_000), baselines, st.booleans())
def test_a_shift_moves_the_lines_and_no_mark(each, shift, baseline, screen):
    before = chart(each, baseline=baseline, screen=screen)
    after = chart(
        [None if v is None else v + shift for v in each], baseline=baseline, screen=screen
    )
    assert after.causes == before.causes
    assert after.ways == before.ways
    for one, other in zip(before.line("upper"), after.line("upper"), strict=True):
        assert other == (None if one is None else pytest.approx(one + shift, abs=1e-6))


@given(series, st.sampled_from([2**-20, 0.5, 4, 2**30]), st.booleans())
def test_a_change_of_unit_changes_no_mark(each, factor, screen):
    before = chart(each, screen=screen)
    after = chart([None if v is None else v * factor for v in each], screen=screen)
    assert (after.causes, after.ways) == (before.causes, before.ways)


@given(series)
def test_upside_down_every_mark_is_turned_round(each):
    up = chart(each, improve=Improve.UP)
    down = chart([None if v is None else -v for v in each], improve=Improve.DOWN)
    assert up.causes == down.causes
    assert up.ways == tuple(-way for way in down.ways)
    assert up.kinds == down.kinds


@given(series, st.randoms())
def test_the_order_of_rows_does_not_matter(each, random):
    rows = list(zip(days(len(each)), each, strict=True))
    random.shuffle(rows)
    assert draw(Series.of(*zip(*rows, strict=True))) == chart(each)


@given(series, baselines, st.booleans())
def test_in_arrays_it_is_the_same(each, baseline, screen):
    plain = chart(each, baseline=baseline, screen=screen)
    row = [np.nan if v is None else v for v in each]
    # A row that is filled up on the right stands for a shorter series.
    made = many.charts([[*row, np.nan, np.nan], [1.0] * (len(row) + 2)], baseline=baseline,
                       screen=screen)  # fmt: skip
    assert made.causes[0, : len(row)].tolist() == list(plain.causes)
    assert made.ways[0, : len(row)].tolist() == list(plain.ways)
    upper = plain.line("upper")[0]
    if upper is None:
        assert np.isnan(made.limit[0]) or np.isnan(made.centre[0])
    else:
        assert made.centre[0] + made.limit[0] == pytest.approx(upper)


@given(series)
def test_no_point_is_marked_without_a_way_or_without_a_value(each):
    made = chart(each, improve=Improve.UP)
    for point in made.points():
        assert (point.cause is Cause.COMMON) == (point.way == 0) == (point.kind is Kind.COMMON)
        if point.value is None:
            assert point.cause is Cause.COMMON


@given(series)
def test_runs_and_trends_are_seven_or_longer(each):
    made = chart(each, screen=False)
    for cause in (Cause.RUN, Cause.TREND):
        if cause in made.causes:
            # Others may lie over some of its points, never so many that fewer are left than points.
            assert len(each) >= 7


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=40),
       st.sampled_from(["p", "pp", "u", "up"]))  # fmt: skip
def test_limits_of_counts_stay_where_counts_can_be(pairs, kind):
    pairs = [(min(a, n), n) for a, n in pairs]
    made = draw(
        Series.of_counts(days(len(pairs)), [a for a, _ in pairs], [n for _, n in pairs]),
        Asked(kind=ChartKind(kind)),
    )
    for point, (_, below) in zip(made.points(), pairs, strict=True):
        assert (point.value is None) == (below == 0)
        if point.lower is not None and point.centre is not None:
            assert 0 <= point.lower <= point.centre <= point.upper
            assert kind.startswith("u") or point.upper <= 1


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 50)), min_size=2, max_size=40))
def test_a_funnel_signals_the_same_whatever_the_order(pairs):
    pairs = [(min(a, n), n) for a, n in pairs]
    one = funnel([a for a, _ in pairs], [n for _, n in pairs])
    other = funnel([a for a, _ in reversed(pairs)], [n for _, n in reversed(pairs)])
    assert one.signals == other.signals[::-1]
    assert one.widened >= 1
    for size in (1, 10, 1000):
        at = one.at(size)
        assert at.lower_alarm <= at.lower_alert <= one.centre <= at.upper_alert <= at.upper_alarm
