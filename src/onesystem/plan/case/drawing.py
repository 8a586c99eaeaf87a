"""The drawings of a case: a figure over years with its range, and people by age and sex. Pure."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from onesystem.plan.case.figures import Case, Figure
from onesystem.plan.charting import Chart, Series, drawn


def chart(case: Case, figure: Figure) -> Chart:
    """Doing nothing with its range, and what there is today."""
    scale = 1 / 1e8 if figure.group == "money" else 1.0
    lines = [Series(name="doing nothing", values=list(figure.middle * scale), kind="cost")]
    if figure.now is not None and figure.group != "activity":
        lines.append(
            Series(name="today", values=[figure.now * scale] * len(case.years), kind="money")
        )
    return drawn(
        lines, [str(year) for year in case.years],
        band=list(zip(figure.low * scale, figure.high * scale, strict=True)),
        words=lambda value: f"{value:,.0f}" if abs(value) >= 10 or value == 0 else f"{value:,.1f}",
    )  # fmt: skip


def chart_unit(figure: Figure) -> str:
    """What the chart counts in, after its name; nothing where the name says it."""
    unit = f"million {figure.unit}" if figure.group == "money" else figure.unit
    return "" if figure.name.casefold().endswith(unit) else f", {unit}"


def pyramid(case: Case) -> dict[str, Any]:
    """Women and men by band in the first and last year, as bars of a drawing."""
    if case.projection is None:
        return {}
    bands = case.projection.bands[[0, -1]]
    return {"bars": list(_bars(bands)), "width": 640, "height": 20 * bands.shape[2] + 24,
            "years": (case.years[0], case.years[-1])}  # fmt: skip


def _bars(bands: np.ndarray) -> Iterator[dict[str, Any]]:
    most = float(bands.max())
    count = bands.shape[2]
    for at in range(count):
        words = f"{at * 5}-{at * 5 + 4}" if at < count - 1 else f"{at * 5}+"
        now, then = (([float(bands[k, s, at]) for s in (0, 1)]) for k in (0, 1))
        yield {
            "y": 20 * (count - 1 - at) + 4, "label": words,
            "now": [260 * x / most for x in now], "then": [260 * x / most for x in then],
            "words": [
                f"{words}: {a:,.0f} now, {b:,.0f} then" for a, b in zip(now, then, strict=True)
            ],
        }  # fmt: skip
