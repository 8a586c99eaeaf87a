"""A chart as plain data: what `--json` prints, and the rows of its table. Pure."""

from collections.abc import Iterator
from typing import Any

from onesystem.flow.spc.chart import Chart

HEAD = ("date", "value", "centre", "lower", "upper", "cause", "way", "kind", "phase")
WAYS = {1: "high", -1: "low", 0: ""}


def rows(chart: Chart) -> Iterator[tuple[Any, ...]]:
    """Point by point, under `HEAD`."""
    for point in chart.points():
        yield (
            point.date.isoformat(),
            point.value,
            point.centre,
            point.lower,
            point.upper,
            point.cause.name.lower().replace("_", " "),
            WAYS[point.way],
            str(point.kind),
            point.phase + 1,
        )


def told(chart: Chart) -> dict[str, Any]:
    """All that a chart says."""
    asked = chart.asked
    return {
        "chart": str(asked.kind),
        "improve": str(asked.improve),
        "target": asked.target,
        "baseline": asked.baseline,
        "screened": asked.screens,
        "variation": str(chart.variation),
        "assurance": None if chart.assurance is None else str(chart.assurance),
        "special": chart.special,
        "warnings": list(chart.warnings),
        "phases": [
            {
                "phase": number,
                "from": chart.series.dates[phase.first].isoformat(),
                "to": chart.series.dates[phase.end - 1].isoformat(),
                "points": phase.end - phase.first,
                "centre": phase.lines.centre[-1],
                "lower": phase.lines.lower[-1],
                "upper": phase.lines.upper[-1],
                "spread": phase.lines.spread,
            }
            for number, phase in enumerate(chart.phases, 1)
        ],
        "points": [dict(zip(HEAD, row, strict=True)) for row in rows(chart)],
    }
