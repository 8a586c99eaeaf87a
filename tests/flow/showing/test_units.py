"""A figure says of what it is."""

from datetime import date
from types import SimpleNamespace

import pytest

from onesystem.flow.charts.words import Unit
from onesystem.flow.showing.charting import Charted
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
