"""The groups of a measure as a funnel: each beside what is usual for its size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.flow.charts import funnels
from onesystem.flow.charts.funnels import Drawn, Spot
from onesystem.flow.charts.words import POINT_KINDS, Unit
from onesystem.flow.measures.declaration import Declared
from onesystem.flow.showing.charting import unit_of
from onesystem.flow.showing.state import State
from onesystem.flow.spc import Funnel, Improve, Kind, funnel

HEAD = ("group", "figure", "counted", "out of", "score", "lower 99.8% limit", "lower 95% limit",
        "upper 95% limit", "upper 99.8% limit", "where it lies", "kind")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A group with its sums over the time, and its code for a link."""

    code: str
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The funnel of a measure: `made` is None where nothing was counted out of anything.

    `left_out` counts groups of which a part is hidden.
    """

    measure: Declared
    unit: Unit
    improve: Improve
    places: tuple[Place, ...]
    made: Funnel | None
    drawn: Drawn | None
    left_out: int

    @property
    def outside(self) -> int:
        """How many lie outside the outer limits."""
        return sum(abs(s or 0) == 2 for s in self.made.signals) if self.made else 0


def beside(measure: Declared, found: Sequence[Any], state: State) -> Beside:
    """The funnel of the groups of a measure from their figures by period."""
    whole = [each for each in found if not any(each.hidden)]
    places = tuple(place for each in whole if (place := _place(each, measure, state)))
    made = funnel(
        [p.spot.above for p in places],
        [p.spot.below for p in places],
        shares=measure.unit == "percent",
    )
    unit, improve = unit_of(measure, counted=True), Improve(measure.direction)
    spots = [p.spot for p in places]
    return Beside(
        measure=measure,
        unit=unit,
        improve=improve,
        places=places,
        made=made,
        drawn=funnels.draw(spots, made, unit, improve) if made else None,
        left_out=len(found) - len(whole),
    )


def _place(figures: Any, measure: Declared, state: State) -> Place | None:
    below = sum(
        n or 0 for n, whole in zip(figures.denominator, figures.whole, strict=True) if whole
    )
    above = sum(n or 0 for n, whole in zip(figures.numerator, figures.whole, strict=True) if whole)
    if measure.complement:
        above = below - above
    if not below:
        return None
    spot = Spot(name=figures.names[state.by], above=max(above, 0), below=below)
    return Place(code=figures.group[state.by], spot=spot)


def lines(shown: Beside) -> Iterator[list[Any]]:
    """A row a group under HEAD, those farthest out first; figures in the measure's unit."""
    if shown.made is None:
        return
    scored = zip(shown.places, shown.made.scores, shown.made.signals, strict=True)
    scale = shown.unit.scale
    for place, score, signal in sorted(scored, key=lambda each: -abs(each[1] or 0)):
        at, spot = shown.made.at(place.spot.below), place.spot
        kind = funnels.meaning(signal, shown.improve)
        yield [
            spot.name, spot.above / spot.below * scale, spot.above, spot.below, score,
            at.lower_alarm * scale, at.lower_alert * scale, at.upper_alert * scale,
            at.upper_alarm * scale, funnels.SIGNALS[signal or 0],
            "" if kind is Kind.COMMON else POINT_KINDS[kind],
        ]  # fmt: skip


def headline(shown: Beside) -> str:
    """The answer first: how many lie outside, and around what."""
    if shown.made is None:
        return "Nothing was counted in this time."
    many = len(shown.places)
    said = (
        f"{shown.outside} of {many} lie outside the limits that chance gives around"
        f" {shown.unit.said(shown.made.centre)}."
    )
    if shown.made.widened > 1:
        said += (
            f" They differ {shown.made.widened:.1f} times as much as chance would have it, all"
            " together: the limits are widened for that."
        )
    return said
