"""500 series of 350 points through the XmR rules, and one chart drawn."""

import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from onesystem.bench.shape import Row

SERIES, POINTS = 500, 350


def run(*, full: bool) -> Iterable[Row]:  # noqa: ARG001 - this is the stated size
    """The stated size; the plain form beside the one in arrays, and a page's chart."""
    import numpy as np

    from onesystem.flow.charts import svg
    from onesystem.flow.spc import Asked, Improve, Series, draw, many

    values = np.random.default_rng(4).normal(100, 10, (SERIES, POINTS)).round(1)
    values[:, 200:] += 15  # something to find
    rows = values.tolist()
    days = [date(2020, 1, 6) + timedelta(weeks=i) for i in range(POINTS)]
    asked = Asked(improve=Improve.DOWN, target=90)
    found = many.charts(values)
    yield Row(
        name=f"{SERIES} series of {POINTS} points, limits and flags",
        value=round(_cost(lambda: many.charts(values), 5), 1),
        unit="ms of CPU",
        target=100,
        peer="the plain form, one by one",
        peer_value=round(_cost(lambda: [draw(Series.of(days, row), asked) for row in rows], 1), 1),
        lower_is_better=True,
    )
    drawn = draw(Series.of(days[:60], rows[0][:60]), asked)
    yield Row(
        name="a chart of 60 points as SVG",
        value=round(_cost(lambda: [svg.large(drawn, title="bench") for _ in range(50)], 3) / 50, 2),
        unit="ms of CPU",
        target=1,
        lower_is_better=True,
    )
    yield Row(
        name="flagged of these series, the same in both forms",
        value=int((found.causes != 0).sum()),
        unit="points",
        target=sum(draw(Series.of(days, row), asked).special for row in rows),
    )


def _cost(act: Callable[[], object], times: int) -> float:
    """CPU milliseconds of one act, the best of so many."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best * 1000
