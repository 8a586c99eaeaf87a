"""A figure says of what it is."""

import math
from datetime import date
from types import SimpleNamespace

import pytest

from onesystem.flow.charts.words import Unit
from onesystem.flow.measures import library
from onesystem.flow.showing.charting import Charted, chart
from onesystem.flow.showing.state import State
from onesystem.flow.spc import Asked, Series, draw


@pytest.mark.parametrize(
    ("unit", "shown", "said"),
    [
        ("per 1,000", Unit(), "per 1,000 in Oct 2026"),
        ("beds", Unit(), "beds in Oct 2026"),
        ("percent", Unit(after="%"), "in Oct 2026"),
        ("index", Unit(), "in Oct 2026"),
        ("people", Unit(after=" d"), "in Oct 2026"),  # days between rare events, not people
    ],
)
def test_a_bare_figure_is_named(unit, shown, said):
    figures = SimpleNamespace(every="month", measure=SimpleNamespace(unit=unit))
    chart = draw(Series.of([date(2026, 9, 1), date(2026, 10, 1)], [1, 2]), Asked())
    made = Charted(
        figures=figures, chart=chart, unit=shown, places=(0, 1), marks=(), unfinished=None
    )
    assert made.last == said


@pytest.mark.parametrize(
    ("every", "first"),
    [("month", (2023, 12, 1)), ("week", (2025, 5, 26)), ("quarter", (2022, 1, 1)),
     ("year", (2017, 1, 1)), ("day", (2026, 8, 24))],
)  # fmt: skip
def test_a_chart_begins_with_a_whole_period(every, first):
    """A log that begins within a month would show its days as the month."""
    assert State.of({}, today=date(2026, 11, 23), every=every).start == date(*first)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "values", "least", "most"),
    [
        ("gridlock-days", [0, 9, 0, 8, 1, 9], 0, math.inf),  # no month has fewer days than none
        ("ed-4-hours", [99, 55, 98, 60, 99, 61], 0, 100),
    ],
)
def test_limits_lie_where_a_figure_can(name, values, least, most):
    months = [date(2026, n + 1, 1) for n in range(len(values))]
    figures = SimpleNamespace(measure=library.measure(name), every="month", periods=months,
                              whole=[True] * len(values), value=values)  # fmt: skip
    made = chart(figures, State.of({}, today=date(2026, 11, 23), every="month")).chart
    free = draw(Series.of(months, values), Asked())
    for line, bound in (("lower", max), ("upper", min)):
        end = least if line == "lower" else most
        assert made.line(line)[0] == bound(free.line(line)[0], end)
        assert free.line("lower")[0] < 0
