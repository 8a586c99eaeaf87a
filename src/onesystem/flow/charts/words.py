"""What a chart says, in words: its icons, the causes of its points, its figures. Pure.

Colours and shapes are told again in letters and words, so that nobody has to see them: H and L of
variation for high and low, P, F and ? of assurance for pass, fail, hit or miss.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from onesystem.flow.sheets import Turn
from onesystem.flow.spc import Assurance, Cause, Chart, ChartKind, Kind, Point, Variation
from onesystem.vocabulary import words
from onesystem.vocabulary.said import amid, listed, say, say_each

KINDS = {
    ChartKind.XMR: say("XmR: single values and their moving ranges"),
    ChartKind.P: say("p: a share, limits by chance"),
    ChartKind.PP: say("p′: a share, Laney's limits"),  # noqa: RUF001 - the chart's name
    ChartKind.U: say("u: a rate, limits by chance"),
    ChartKind.UP: say("u′: a rate, Laney's limits"),  # noqa: RUF001 - the chart's name
    ChartKind.C: say("c: counts, limits by chance"),
    ChartKind.T: say("t: time between rare events"),
    ChartKind.G: say("g: cases between rare events"),
}
NAMES = {
    **{str(k): said for k, said in KINDS.items()},
    "funnel": say("Funnel: groups beside each other"),
}


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon: the kind that gives its colour, its letter, and its words."""

    kind: str
    letter: str
    title: str
    words: str


VARIATIONS = {
    Variation.COMMON: Icon("common", "", say("Common cause"), say("no significant change")),
    Variation.IMPROVEMENT_HIGH: Icon("improvement", "H", "Improving", say("significantly higher")),
    Variation.IMPROVEMENT_LOW: Icon("improvement", "L", "Improving", say("significantly lower")),
    Variation.CONCERN_HIGH: Icon("concern", "H", say("Of concern"), say("significantly higher")),
    Variation.CONCERN_LOW: Icon("concern", "L", say("Of concern"), say("significantly lower")),
    Variation.NEUTRAL_HIGH: Icon("neutral", "H", say("Special cause"), say("significantly higher")),
    Variation.NEUTRAL_LOW: Icon("neutral", "L", say("Special cause"), say("significantly lower")),
}
ASSURANCES = {
    Assurance.PASS: Icon("improvement", "P", "Passing", say("the target will be met")),
    Assurance.FAIL: Icon("concern", "F", "Failing", say("the target will not be met")),
    Assurance.HIT_OR_MISS: Icon(
        "common", "?", say("Hit or miss"), say("the target is met by chance")
    ),
}
POINT_KINDS = say_each(
    {
        Kind.COMMON: "Common cause",
        Kind.IMPROVEMENT: "Improvement",
        Kind.CONCERN: "Concern",
        Kind.NEUTRAL: "Special cause",
    }
)
_CAUSES = {
    Cause.OUTSIDE: (say("below the lower limit"), say("above the upper limit")),
    Cause.TREND: (
        say("part of a fall of seven points or more"),
        say("part of a rise of seven or more"),
    ),
    Cause.TWO_OF_THREE: (
        say("two of three near the lower limit"),
        say("two of three near the upper limit"),
    ),
    Cause.RUN: (say("seven or more below the mean"), say("seven or more above the mean")),
}


def cause(point: Point) -> str:
    """Why a point is marked; empty where it is not."""
    return cause_of(point.cause, point.way)


def cause_of(cause: Cause, way: int) -> str:
    """The same of a cause and its way."""
    return _CAUSES[cause][way > 0] if cause else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """How figures are written: times `scale`, with a word or a sign around."""

    before: str = ""
    after: str = ""
    scale: float = 1.0
    places: int | None = None

    def said(self, value: float | None, places: int | None = None) -> str:
        """A figure: `83.1%`, `1,204`, `£12.50`; a dash for none."""
        if value is None:
            return words.NONE
        shown = value * self.scale
        if places is None:
            places = self.places if self.places is not None else _places(shown)
        text = f"{abs(shown):,.{places}f}"
        sign = "-" if shown < 0 and any(c in "123456789" for c in text) else ""
        return f"{sign}{self.before}{text}{self.after}"


def _places(value: float) -> int:
    """Three figures that mean something, and no decimals of whole numbers."""
    if value == round(value) or abs(value) >= 1000:
        return 0
    return max(1, min(4, 2 - math.floor(math.log10(abs(value)))))


PLAIN = Unit()
SHARE = Unit(after="%", scale=100, places=1)


def headline(chart: Chart, unit: Unit, period: str = "") -> str:
    """The answer first: the latest figure, what it means, and whether the target will be met."""
    last = chart.last
    if last is None:
        return say("Nothing is known of this time.")
    point = list(chart.points())[last]
    icon = VARIATIONS[chart.variation]
    known = {
        "value": unit.said(point.value),
        "when": period or say("on {day}", day=day(point.date)),
    }
    if point.cause:
        said = say(
            "{value} {when}: {signal}, {words} ({cause}).", **known,
            signal=amid(icon.title), words=icon.words, cause=cause(point),
        )  # fmt: skip
    else:
        said = say("{value} {when}: common cause, no significant change.", **known)
    if chart.assurance is not None:
        target = say("the target of {target}", target=unit.said(chart.asked.target))
        met = ASSURANCES[chart.assurance].words.replace("the target", target)
        return listed([said, say("As the process is, {met}.", met=met)], " ")
    return said


def day(moment: date) -> str:
    """A day as it is written: 3 Nov 2026; a number in place of it as that."""
    return f"{moment}" if isinstance(moment, Turn) else f"{moment.day} {moment:%b %Y}"


def description(chart: Chart, unit: Unit) -> str:
    """A chart for those who cannot see it: its length, its mean and limits, what is marked."""
    return listed(_described(chart, unit), " ")


def _described(chart: Chart, unit: Unit) -> Iterator[str]:
    dates = chart.series.dates
    if not dates:
        yield say("No points.")
        return
    yield say(
        "{dates} points from {dates2} to {dates3}.",
        dates=len(dates),
        dates2=day(dates[0]),
        dates3=day(dates[-1]),
    )
    for phase in chart.phases:
        lines = phase.lines
        centre = unit.said(lines.centre[-1])
        mean = (
            say("From {day} the mean is {centre}", day=day(dates[phase.first]), centre=centre)
            if len(chart.phases) > 1
            else say("The mean is {centre}", centre=centre)
        )
        if lines.upper[-1] is None:
            yield say("{mean} without limits.", mean=mean)
        else:
            low, high = unit.said(lines.lower[-1]), unit.said(lines.upper[-1])
            yield say("{mean} and the limits are {low} and {high}.", mean=mean, low=low, high=high)
    if chart.asked.target is not None:
        yield say("The target is {target}.", target=unit.said(chart.asked.target))
    yield say(
        "{points_have} a special cause.",
        points_have=words.plural(chart.special, "point has", "points have"),
    )
