"""A series as a chart: its lines by phase, the cause of each point, and what it says. Pure.

chart = draw(Series.of(dates, values), Asked(improve=Improve.UP, target=0.95))
chart.variation, chart.assurance, chart.causes, chart.warnings
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from onesystem.flow.spc import assurance, attributes, rare, rules, xmr
from onesystem.flow.spc.assurance import Assurance, Improve, Kind, Variation
from onesystem.flow.spc.lines import Column, Lines
from onesystem.flow.spc.rules import Cause
from onesystem.flow.spc.series import Series
from onesystem.vocabulary import BadConfig, BadInput
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import counted

FEWEST_FIXED = 12  # points that a fixed baseline wants
SETTLED = 13  # points from which limits are no longer on trial


class ChartKind(StrEnum):
    """How limits are worked out."""

    XMR = "xmr"
    P = "p"
    PP = "pp"
    U = "u"
    UP = "up"
    C = "c"
    T = "t"
    G = "g"


COUNTED = frozenset({ChartKind.P, ChartKind.PP, ChartKind.U, ChartKind.UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a chart is asked for.

    `baseline` is how many points at the start of each phase make its limits; `rebase` are the
    dates on which a new phase begins; `screen` drops outlying moving ranges, which XmR does
    unless told not to and the others do not unless told to. `within` are the least and the most
    that a value of XmR can be at all.
    """

    kind: ChartKind = ChartKind.XMR
    improve: Improve = Improve.NONE
    target: float | None = None
    baseline: int | None = None
    rebase: tuple[date, ...] = ()
    screen: bool | None = None
    within: tuple[float, float] = (-math.inf, math.inf)

    def __post_init__(self) -> None:
        if self.baseline is not None and self.baseline < FEWEST_FIXED:
            raise BadConfig(
                say(
                    "a baseline of {baseline} points is too short to stand for a process",
                    baseline=self.baseline,
                ),
                say("Take {fewest_fixed} points or more", fewest_fixed=FEWEST_FIXED),
            )

    @property
    def screens(self) -> bool:
        """Whether outlying moving ranges are dropped."""
        return self.kind is ChartKind.XMR if self.screen is None else self.screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Points with limits of their own: from one rebase to the next."""

    first: int
    end: int
    lines: Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point, with all that is known of it."""

    date: date
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    cause: Cause
    way: int
    kind: Kind
    phase: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A series with its lines and causes; columns run along the dates."""

    series: Series
    asked: Asked
    phases: tuple[Phase, ...]
    causes: tuple[Cause, ...]
    ways: tuple[int, ...]
    warnings: tuple[str, ...] = ()

    def line(self, name: str) -> Column:
        """A line along all phases: centre, lower, upper, near_lower or near_upper."""
        return tuple(value for s in self.phases for value in getattr(s.lines, name))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Common, improvement, concern or neutral, of each point."""
        high, low = (assurance.kind(Cause.OUTSIDE, way, self.asked.improve) for way in (1, -1))
        return tuple(high if way > 0 else low if way else Kind.COMMON for way in self.ways)

    @property
    def last(self) -> int | None:
        """The place of the last point that is known."""
        known = (
            i for i in range(len(self.series) - 1, -1, -1) if self.series.values[i] is not None
        )
        return next(known, None)

    @property
    def variation(self) -> Variation:
        """The icon of variation, from the last point that is known."""
        last = self.last
        return Variation.COMMON if last is None else self.variation_at(last)

    def variation_at(self, place: int) -> Variation:
        """The icon that a point would give if it were the last."""
        way = self.ways[place]
        return assurance.variation(assurance.kind(self.causes[place], way, self.asked.improve), way)

    @property
    def assurance(self) -> Assurance | None:
        """The icon of assurance, from the last limits; None without a target or a better way."""
        if not self.phases:
            return None
        final = self.phases[-1].lines
        return assurance.assurance(final.lower, final.upper, self.asked.target, self.asked.improve)

    @property
    def special(self) -> int:
        """How many points have a special cause."""
        return sum(cause is not Cause.COMMON for cause in self.causes)

    def points(self) -> Iterator[Point]:
        """Point by point, oldest first."""
        centre, lower, upper = self.line("centre"), self.line("lower"), self.line("upper")
        kinds = self.kinds
        for number, phase in enumerate(self.phases):
            for i in range(phase.first, phase.end):
                yield Point(
                    date=self.series.dates[i],
                    value=self.series.values[i],
                    centre=centre[i],
                    lower=lower[i],
                    upper=upper[i],
                    cause=self.causes[i],
                    way=self.ways[i],
                    kind=kinds[i],
                    phase=number,
                )


def usual(series: Series) -> ChartKind:
    """The chart that fits: XmR of single values; of shares p and of rates u, or their primed forms
    where denominators are large.

    >>> from datetime import date
    >>> from onesystem.flow.spc import Series
    >>> days = [date(2026, 1, 5), date(2026, 1, 12)]
    >>> str(usual(Series.of(days, [52, 49]))), str(usual(Series.of_counts(days, [3, 4], [90, 110])))
    ('xmr', 'p')
    """
    if series.numerators is None or series.denominators is None:
        return ChartKind.XMR
    known = [n for n in series.denominators if n]
    large = bool(known) and sum(known) / len(known) >= attributes.LARGE
    if any(v is not None and v > 1 for v in series.values):
        return ChartKind.UP if large else ChartKind.U
    return ChartKind.PP if large else ChartKind.P


def draw(series: Series, asked: Asked | None = None) -> Chart:
    """The chart of a series. Raises BadInput where the series cannot be such a chart.

    >>> from datetime import date, timedelta
    >>> from onesystem.flow.spc import Series
    >>> weeks = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(12)]
    >>> chart = draw(Series.of(weeks, [52, 49, 51, 50, 48, 50, 51, 49, 50, 52, 50, 75]))
    >>> lines = chart.phases[0].lines
    >>> lines.centre[0], round(lines.upper[0], 1), chart.causes[-1].name
    (52.25, 57.0, 'OUTSIDE')
    """
    asked = asked or Asked()
    if asked.kind in COUNTED:
        _check_counts(series, asked.kind)
    cuts, warnings = _cuts(series.dates, asked.rebase)
    phases: list[Phase] = []
    causes: list[Cause] = []
    ways: list[int] = []
    for first, end in pairwise([*cuts, len(series)]):
        lines = _lines(series, asked, first, end)
        found, went = rules.causes(series.values[first:end], lines)
        phases.append(Phase(first=first, end=end, lines=lines))
        causes += found
        ways += went
    chart = Chart(
        series=series,
        asked=asked,
        phases=tuple(phases),
        causes=tuple(causes),
        ways=tuple(ways),
    )
    return replace(chart, warnings=(*warnings, *_doubts(chart)))


def _cuts(dates: Sequence[date], rebase: Sequence[date]) -> tuple[list[int], list[str]]:
    """Where phases begin, and what is to be said about dates that are not in the series."""
    cuts, warnings = {0} if dates else set(), []
    for day in sorted(set(rebase)):
        place = bisect_left(dates, day)
        if place < len(dates) and dates[place] == day:
            cuts.add(place)
        else:
            near = dates[min(place, len(dates) - 1)] if dates else None
            said = (
                say("; the nearest date after it is {near}", near=near)
                if near and near > day
                else ""
            )
            warnings.append(
                say(
                    "No point stands on {day}, so that no phase begins there{said}.",
                    day=day,
                    said=said,
                )
            )
    return sorted(cuts), warnings


def _lines(series: Series, asked: Asked, first: int, end: int) -> Lines:
    """The lines of one phase."""
    values, baseline, screen = series.values[first:end], asked.baseline, asked.screens
    match asked.kind:
        case ChartKind.XMR:
            return xmr.lines(values, baseline=baseline, screen=screen, within=asked.within)
        case ChartKind.C:
            return attributes.count(values, baseline=baseline)
        case ChartKind.T:
            return rare.times(values, baseline=baseline, screen=screen)
        case ChartKind.G:
            return rare.between(values, baseline=baseline)
    above = (series.numerators or ())[first:end]
    below = (series.denominators or ())[first:end]
    prime = asked.kind in {ChartKind.PP, ChartKind.UP}
    if asked.kind in {ChartKind.P, ChartKind.PP}:
        return attributes.share(above, below, prime=prime, baseline=baseline, screen=screen)
    return attributes.rate(above, below, prime=prime, baseline=baseline, screen=screen)


def _check_counts(series: Series, kind: ChartKind) -> None:
    if series.numerators is None or series.denominators is None:
        raise BadInput(
            say(
                "{if_kind} {kind} chart wants counts, and what they are counted out of",
                if_kind=say("an") if kind == ChartKind.UP else "a",
                kind=kind,
            ),
            rule="spc.no-denominators",
            cure="Give a numerator and a denominator for each date, or ask for an XmR chart",
        )
    if kind in {ChartKind.P, ChartKind.PP}:
        for day, value in zip(series.dates, series.values, strict=True):
            if value is not None and value > 1:
                raise BadInput(
                    say("on {day} more are counted than there were", day=day),
                    rule="spc.share-over-one",
                    cure="Ask for a u or up chart, where a rate may be above one",
                )


def _doubts(chart: Chart) -> Iterator[str]:
    """What whoever reads the chart should know about its limits."""
    series = chart.series
    missing = len(series) - series.known
    if missing:
        yield say(
            "{missing} of {points} not known: left out.",
            missing=missing,
            points=counted(len(series), "point"),
        )
    for phase in chart.phases:
        known = sum(v is not None for v in series.values[phase.first : phase.end])
        begins = series.dates[phase.first]
        if phase.lines.upper and not any(v is not None for v in phase.lines.upper):
            yield say(
                "There are no limits from {begins}: too little is known, or nothing varies.",
                begins=begins,
            )
        elif known < SETTLED:
            yield (
                say(
                    "The limits from {begins} are on trial: they stand on {points}, and settle "
                    "from {settled} on.",
                    begins=begins,
                    points=counted(known, "point"),
                    settled=SETTLED,
                )
            )
        spread = phase.lines.spread
        if (
            chart.asked.kind in {ChartKind.P, ChartKind.U}
            and (spread or 0) > attributes.OVERDISPERSED
        ):
            yield (
                say(
                    "From {begins} the points vary {spread} times as much as chance would have it: "
                    "these limits are too tight. Ask for {kind}p.",
                    begins=begins,
                    spread=f"{spread:.1f}",
                    kind=chart.asked.kind,
                )
            )
