"""Kept figures as a chart: which points, in which unit, with which steps. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.flow.charts.drawing import Mark
from onesystem.flow.charts.words import Unit
from onesystem.flow.measures.declaration import UNITS, Declared
from onesystem.flow.showing.state import State
from onesystem.flow.spc import COUNTED, Asked, Chart, Improve, Series, draw

_SAID = {
    "percent": Unit(after="%", places=1),
    "pounds": Unit(before="£"),
    "minutes": Unit(after=" min"),
    "hours": Unit(after=" h"),
    "days": Unit(after=" d"),
    "days each": Unit(after=" d"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """The figures of one group with their chart.

    `places` are the places in the figures of the chart's points: a period that is not over is no
    point yet.
    """

    figures: Any
    chart: Chart
    unit: Unit
    places: tuple[int, ...]
    marks: tuple[Mark, ...]
    unfinished: date | None

    @property
    def hidden(self) -> int:
        """How many points are hidden because they are of few people."""
        return sum(self.figures.hidden[place] for place in self.places)


def kinds_for(measure: Declared) -> tuple[str, ...]:
    """The charts that fit a measure; XmR fits all, and is the one of Making Data Count."""
    if measure.standardisation != "none" or measure.over == "capacity":
        return ("xmr",)
    if measure.unit == "percent" and not measure.over:
        return ("xmr", "pp", "p")
    if measure.unit.startswith("per ") and not measure.complement:
        return ("xmr", "up", "u")
    if measure.unit in {"count", "people"} and measure.over == "none":
        return ("xmr", "c")
    return ("xmr",)


def chart(figures: Any, state: State, marks: Sequence[Any] = ()) -> Charted:
    """The chart of a group. `marks` are notes and steps, each with `day`, `label` and `kind`."""
    measure = figures.measure
    places = tuple(i for i, whole in enumerate(figures.whole) if whole)
    periods = [figures.periods[i] for i in places]
    counted = state.kind in COUNTED
    unit = unit_of(measure, counted=counted)
    target = measure.target if state.target is None else state.target
    asked = Asked(
        kind=state.kind,
        improve=Improve(measure.direction),
        target=None if target is None else target * (UNITS[measure.unit] if counted else 1),
        baseline=state.baseline,
        rebase=tuple(_begins(periods, [m.day for m in marks if m.kind == "step"])),
        screen=state.screen,
    )
    unfinished = [p for p, whole in zip(figures.periods, figures.whole, strict=True) if not whole]
    return Charted(
        figures=figures,
        chart=draw(_series(figures, places, periods, counted=counted), asked),
        unit=unit,
        places=places,
        marks=tuple(
            Mark(day=day, label=mark.label, step=mark.kind == "step")
            for mark in marks
            for day in _begins(periods, [mark.day])
        ),
        unfinished=unfinished[0] if unfinished else None,
    )


def unit_of(measure: Declared, *, counted: bool = False) -> Unit:
    """How a measure's figures are written; a chart of counts holds shares of one."""
    plain = _SAID.get(measure.unit, Unit())
    if not counted:
        return plain
    return Unit(
        before=plain.before, after=plain.after, places=plain.places, scale=1 / UNITS[measure.unit]
    )


def _series(
    figures: Any, places: Sequence[int], periods: Sequence[date], *, counted: bool
) -> Series:
    if not counted:
        return Series.of(periods, [figures.value[i] for i in places])
    below = [figures.denominator[i] for i in places]
    above = [figures.numerator[i] for i in places]
    if figures.measure.complement:
        above = [
            None if a is None or b is None else b - a for a, b in zip(above, below, strict=True)
        ]
    return Series.of_counts(periods, above, below)


def _begins(periods: Sequence[date], days: Sequence[date]) -> list[date]:
    """The periods in which days lie; none for a day before the first."""
    found = (bisect_right(periods, day) - 1 for day in days)
    return [periods[place] for place in found if place >= 0]
