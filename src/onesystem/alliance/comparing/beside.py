"""A place beside others: the funnel of all, and its own months with what is signal in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onesystem.alliance.comparing.series import UNITS, Indicator, Place, Point, places, points
from onesystem.flow.charts import funnels, svg
from onesystem.flow.charts.funnels import Drawn, Spot
from onesystem.flow.charts.words import Unit
from onesystem.flow.spc import Asked, Chart, Funnel, Improve, Series, draw, funnel
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

LIES = say_each({-2: "below 99.8%", -1: "below 95%", 0: "within", 1: "above 95%", 2: "above 99.8%"})
_AT = re.compile(r"M([\d.]+) ([\d.]+)")
_FEWEST = 8  # months of which limits mean something
_IMPROVE = {"down": Improve("down"), "up": Improve("up")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Places at one time: their funnel, and each with its point."""

    indicator: Indicator
    found: Sequence[tuple[Place, Point]]
    made: Funnel | None

    @property
    def outside(self) -> int:
        """How many lie outside the outer limits."""
        return sum(abs(s or 0) == 2 for s in self.made.signals) if self.made else 0

    def of(self, place: str) -> tuple[float, int | None] | None:
        """A place's figure and signal."""
        for (each, point), signal in zip(self.found, self.signals, strict=True):
            if each.code == place:
                return point.above / point.below, signal
        return None

    @property
    def signals(self) -> Sequence[int | None]:
        """Where each place lies; None of a figure without limits."""
        return self.made.signals if self.made else [None] * len(self.found)


def beside(indicator: Indicator, found: Mapping[str, Point]) -> Beside:
    """All places at one time, by their names."""
    known = places()
    every = sorted(((known[p], point) for p, point in found.items()), key=lambda x: x[0].name)
    made = None
    if indicator.limits:
        made = funnel([p.above for _, p in every], [p.below for _, p in every],
                      shares=indicator.shares)  # fmt: skip
    return Beside(indicator=indicator, found=every, made=made)


def improve(indicator: Indicator) -> Improve:
    """Which way is better; neither, where it is neither."""
    return _IMPROVE.get(indicator.direction, Improve.NONE)


def unit_of(indicator: Indicator) -> Unit:
    """How its figures are written."""
    scale, after = UNITS[indicator.unit]
    return Unit(scale=scale, after=after, places=1)


def picture(b: Beside, mine: str) -> Any:
    """The funnel as a drawing."""
    if b.made is None:
        return ""
    spots = [
        Spot(name=f"{place.name}{' (here)' if place.code == mine else ''}", above=point.above,
             below=point.below)
        for place, point in b.found
    ]  # fmt: skip
    drawn = _marked(
        funnels.draw(spots, b.made, unit_of(b.indicator), improve(b.indicator)), b, mine
    )
    said = say(
        "{spots} places; {outside} outside the outer limits", spots=len(spots), outside=b.outside
    )
    return svg.funnel(drawn, title=b.indicator.name, said=said)


def _marked(drawn: Drawn, b: Beside, mine: str) -> Drawn:
    """The place here has its name beside its point, wherever it lies."""
    at = next((i for i, (place, _) in enumerate(b.found) if place.code == mine), None)
    if at is None or b.signals[at]:
        return drawn  # none of them, or named already
    found = _AT.match(drawn.points[at][1])
    if found is None:
        return drawn
    name = (
        float(found[1]) + 14,
        float(found[2]) + 4,
        say("{name} (here)", name=b.found[at][0].name)[:40],
        "start",
    )
    return replace(drawn, names=(*drawn.names, name))


def chart_of(indicator: Indicator, place: str) -> Chart | None:
    """A place's months as a chart; None where there are too few for limits."""
    mine = points(indicator.code).get(place, ())
    if len(mine) < _FEWEST or not indicator.limits:
        return None
    series = Series.of([p.month for p in mine], [p.above / p.below for p in mine])
    return draw(series, Asked(improve=improve(indicator)))


def listing(b: Beside, query: Any, mine: str) -> Listing:
    """The same as rows, by name and never by rank: who is first says nothing by itself."""
    unit = unit_of(b.indicator)
    rows = []
    for (place, point), signal in zip(b.found, b.signals, strict=True):
        value = point.above / point.below
        kind = "warn" if abs(signal or 0) == 2 else ""
        rows.append([
            Cell(place.name, tag="info" if place.code == mine else ""),
            "" if place.kind == "country" else place.country,
            Cell(unit.said(value), value=round(value * unit.scale, 4)),
            Cell(f"{point.above:,.0f}", value=round(point.above)),
            Cell(f"{point.below:,.0f}", value=round(point.below)),
            Cell(point.month.strftime("%b\N{NO-BREAK SPACE}%Y"), value=point.month),
            Cell(LIES[signal], tag=kind) if signal is not None else "",
        ])  # fmt: skip
    return Listing(
        caption=b.indicator.name, all_rows=rows, query=query, per_page=500,
        columns=(Column("place", "Place"), Column("country", "Country"),
                 Column("value", "Figure", right=True, unit=b.indicator.unit),
                 Column("above", "Counted", right=True), Column("below", "Out of", right=True),
                 Column("to", "Year to"), Column("lies", "Limits")),
        empty_title="No place of that kind has this figure", empty_advice="Choose another kind.",
    )  # fmt: skip
