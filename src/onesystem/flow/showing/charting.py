"""Kept figures as a chart: which points, in which unit, with which steps. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.flow.charts.drawing import Mark
from onesystem.flow.charts.words import Unit
from onesystem.flow.measures.declaration import UNITS, Declared
from onesystem.flow.showing.rare import between, gaps
from onesystem.flow.showing.state import FUNNEL, State, period_words
from onesystem.flow.spc import COUNTED, Asked, Chart, ChartKind, Improve, Series, draw
from onesystem.vocabulary.said import say

_SAID = {
    "percent": Unit(after="%", places=1),
    "pounds": Unit(before="£"),
    "minutes": Unit(after=" min"),
    "hours": Unit(after=" h"),
    "days": Unit(after=" d"),
    "days each": Unit(after=" d"),
}
# Units that stand after the figure as words: a bare 411.5 tells nobody of what.
_NAMED = frozenset({"per 1,000", "per 100,000", "people", "beds", "nights"})


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

    def when(self, first: date) -> str:
        """What stands after the figure of a period: `in Oct 2026`, `per 1,000 in Oct 2026`."""
        period, unit = period_words(first, self.figures.every), self.figures.measure.unit
        plain = unit in _NAMED and not self.unit.after  # charts of rare events are in another unit
        return say("{unit} {period}", unit=unit, period=period) if plain else period

    @property
    def last(self) -> str:
        """The same of the latest figure; empty where nothing is known."""
        place = self.chart.last
        return "" if place is None else self.when(self.chart.series.dates[place])


def kinds_for(measure: Declared) -> tuple[str, ...]:
    """The charts that fit a measure; XmR fits all, and is the one of Making Data Count."""
    if measure.standardisation != "none" or measure.over == "capacity":
        return ("xmr",)
    if measure.unit == "percent" and not measure.over:
        return ("xmr", "pp", "p", FUNNEL, *_rare(measure, "t", "g"))
    if measure.unit.startswith("per ") and not measure.complement:
        return ("xmr", "up", "u", FUNNEL, *_rare(measure, "t"))
    if measure.unit in {"count", "people"} and measure.over == "none":
        return ("xmr", "c", *_rare(measure, "t"))
    return ("xmr",)


def _rare(measure: Declared, *kinds: str) -> tuple[str, ...]:
    """Charts of single events; only of what is kept by day."""
    return kinds if measure.every == "day" else ()


def rare(figures: Any, state: State, marks: Sequence[Any] = ()) -> Charted:
    """The chart of the events of a group one by one, from its figures by day.

    An event is what a better measure has fewer of: what is counted, or what is not where more is
    better. Longer between events is better then.
    """
    measure = figures.measure
    days = [i for i, whole in enumerate(figures.whole) if whole and not figures.hidden[i]]
    above = [int(figures.numerator[i] or 0) for i in days]
    below = [int(figures.denominator[i] or 0) for i in days]
    counts = measure.unit == "percent"
    events = [b - a for a, b in zip(above, below, strict=True)] if _turned(measure) else above
    if state.kind is ChartKind.G:
        rest = [b - e for b, e in zip(below, events, strict=True)]
        found: list[tuple[int, float]] = list(between(events, rest))
    else:
        found = list(gaps(events))
    dates = tuple(figures.periods[days[day]] for day, _ in found)
    good = {"up": "down", "down": "up"}.get(measure.direction, "none")
    asked = Asked(
        kind=state.kind,
        improve=Improve("up" if counts and measure.direction != "none" else good),
        baseline=state.baseline,
        rebase=tuple(_begins(dates, [m.day for m in marks if m.kind == "step"], after=True)),
        screen=state.screen,
    )
    # Two events of one day are two points over it.
    series = Series(dates=dates, values=tuple(value for _, value in found))
    return Charted(
        figures=figures,
        chart=draw(series, asked),
        unit=Unit(after=" between") if state.kind is ChartKind.G else Unit(after=" d"),
        places=tuple(days[day] for day, _ in found),
        marks=tuple(
            Mark(day=day, label=mark.label, step=mark.kind == "step")
            for mark in marks
            for day in _begins(dates, [mark.day])
        ),
        unfinished=None,
    )


def _within(measure: Declared) -> tuple[float, float]:
    """The least and the most that a figure can be: of a share, a count, an index; else no end.

    What is measured in time or money may lie below nothing: what came early, what was paid back.
    """
    if measure.over == "gini":
        return 0.0, 1.0
    if measure.unit == "percent" and not measure.over and measure.standardisation == "none":
        return 0.0, 100.0
    return (0.0 if measure.counts_units else -math.inf), math.inf


def _turned(measure: Declared) -> bool:
    """Whether what is counted is the good part, so that the events are the rest."""
    return measure.unit == "percent" and measure.complement != (measure.direction == "up")


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
        within=_within(measure),
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


def _begins(periods: Sequence[date], days: Sequence[date], *, after: bool = False) -> list[date]:
    """The periods in which days lie, or with `after` the first from them on; else none."""
    if after:
        later = (bisect_left(periods, day) for day in days)
        return [periods[place] for place in later if place < len(periods)]
    found = (bisect_right(periods, day) - 1 for day in days)
    return [periods[place] for place in found if place >= 0]
