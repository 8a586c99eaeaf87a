"""A chart as shapes: where its lines, its points and its words stand. Pure.

All points of one kind are one path, so that a chart of hundreds of points stays a few elements.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.flow.charts import scale
from onesystem.flow.charts.words import Unit
from onesystem.flow.spc import Chart, Kind
from onesystem.flow.spc.chart import Phase
from onesystem.vocabulary.said import say

Place = tuple[float, float]
Heights = Sequence[float | None]
_RADIUS = {Kind.COMMON: 3.5, Kind.IMPROVEMENT: 5.5, Kind.CONCERN: 5.0, Kind.NEUTRAL: 6.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The size of a picture, the room around what is plotted, and of its points."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    points: float = 1.0


LARGE = Box(width=960, height=380, left=64, right=126, top=30, bottom=34)
BAND = Box(width=960, height=210, left=64, right=126, top=24, bottom=34)  # under one another
SMALL = Box(width=220, height=60, left=5, right=8, top=7, bottom=7, points=0.62)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A note or a step change on the chart: the day, and the letter or number it has below."""

    day: date
    label: str
    step: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseLines:
    """The lines of one phase as paths; empty where there is no such line."""

    band: str
    centre: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What the template draws. What stands along an axis is (place, words)."""

    box: Box
    rows: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    grid: str
    ticks: str
    phases: tuple[PhaseLines, ...]
    line: str
    points: tuple[tuple[str, str], ...]  # kind, path
    places: tuple[Place | None, ...]  # of each point, for the reading by keyboard
    target: float | None
    labels: tuple[tuple[float, str, str], ...]  # at the right: place, words, class
    notes: tuple[tuple[float, str, bool], ...]
    last: tuple[Place, str] | None  # where the last known point stands, and its kind


class _Canvas:
    """Days and figures to places in a box."""

    def __init__(self, chart: Chart, unit: Unit, box: Box) -> None:
        dates = chart.series.dates
        self.box, self.first = box, dates[0].toordinal()
        self.span = dates[-1].toordinal() - self.first
        low, high = _reach(chart)
        self.ticks = [t / unit.scale for t in scale.numbers(low * unit.scale, high * unit.scale)]
        if box is not SMALL:  # round numbers at both ends
            low, high = min(low, self.ticks[0]), max(high, self.ticks[-1])
        self.low = low
        self.up = (box.height - box.top - box.bottom) / ((high - low) or 1.0)

    def x(self, day: date) -> float:
        wide = self.box.width - self.box.left - self.box.right
        along = (day.toordinal() - self.first) / self.span if self.span else 0.5
        return round(self.box.left + along * wide, 1)

    def y(self, value: float) -> float:
        return round(self.box.height - self.box.bottom - (value - self.low) * self.up, 1)

    def heights(self, values: Heights) -> list[float | None]:
        return [None if v is None else self.y(v) for v in values]


def draw(chart: Chart, unit: Unit, box: Box = LARGE, marks: Sequence[Mark] = ()) -> Drawing:
    """The shapes of a chart that has one date or more."""
    canvas = _Canvas(chart, unit, box)
    dates = chart.series.dates
    xs = [canvas.x(day) for day in dates]
    ys = canvas.heights(chart.series.values)
    kinds = chart.kinds
    rows, days = _axes(canvas, unit, dates) if box is not SMALL else ((), ())
    base, right = box.height - box.bottom, box.width - box.right
    target = chart.asked.target
    last = chart.last
    return Drawing(
        box=box,
        rows=rows,
        days=days,
        grid="".join(f"M{box.left} {y}H{right}" for y, _ in rows),
        ticks="".join(f"M{x} {base}v5" for x, _ in days),
        phases=tuple(_phase(p, xs[p.first : p.end], canvas) for p in chart.phases),
        line="".join(_joined(xs[p.first : p.end], ys[p.first : p.end]) for p in chart.phases),
        points=tuple(_points(xs, ys, kinds, box.points)),
        places=_places(xs, ys),
        target=None if target is None else canvas.y(target),
        labels=tuple(_labels(chart, unit, canvas)) if box is not SMALL else (),
        notes=tuple((canvas.x(m.day), m.label, m.step) for m in _within(marks, dates)),
        last=None if last is None else ((xs[last], ys[last] or 0.0), str(kinds[last])),
    )


def places(chart: Chart, unit: Unit, box: Box = LARGE) -> tuple[Place | None, ...]:
    """Where the points of a chart that has one date or more stand; None where nothing is known."""
    canvas = _Canvas(chart, unit, box)
    return _places(map(canvas.x, chart.series.dates), canvas.heights(chart.series.values))


def _places(xs: Iterable[float], ys: Iterable[float | None]) -> tuple[Place | None, ...]:
    return tuple(None if y is None else (x, y) for x, y in zip(xs, ys, strict=True))


def _axes(
    canvas: _Canvas, unit: Unit, dates: Sequence[date]
) -> tuple[tuple[tuple[float, str], ...], tuple[tuple[float, str], ...]]:
    """Where the figures at the left and the days below stand, with their words."""
    decimals = scale.places([t * unit.scale for t in canvas.ticks])
    return (
        tuple((canvas.y(t), unit.said(t, decimals)) for t in canvas.ticks),
        tuple((canvas.x(d), said) for d, said in scale.times(dates[0], dates[-1])),
    )


def _reach(chart: Chart) -> tuple[float, float]:
    """The lowest and the highest that has to be seen; from nought where nought is near."""
    columns = (chart.series.values, *(chart.line(n) for n in ("centre", "lower", "upper")))
    shown = [v for column in columns for v in column if v is not None]
    if chart.asked.target is not None:
        shown.append(chart.asked.target)
    low, high = min(shown, default=0.0), max(shown, default=1.0)
    if 0 < low < 0.3 * high:
        low = 0.0
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _phase(phase: Phase, xs: Sequence[float], canvas: _Canvas) -> PhaseLines:
    lines = phase.lines
    lower, upper = (_limit(line, canvas) for line in (lines.lower, lines.upper))
    return PhaseLines(
        band=_band(xs, lower, upper),
        centre=_stairs(xs, _limit(lines.centre, canvas)),
        lower=_stairs(xs, lower),
        upper=_stairs(xs, upper),
    )


def _limit(line: Heights, canvas: _Canvas) -> Heights:
    """The heights of a line; one alone where it is level."""
    if line[0] is not None and line.count(line[0]) == len(line):
        return [canvas.y(line[0])]
    return canvas.heights(line)


def _stairs(xs: Sequence[float], ys: Heights) -> str:
    """A line of limits: straight where it is level, from point to point where it is not."""
    if len(ys) == 1 and ys[0] is not None:
        left, right = (xs[0], xs[-1]) if len(xs) > 1 else (xs[0] - 8, xs[0] + 8)
        return f"M{left} {ys[0]}H{right}"
    return _joined(xs, ys) if len(ys) == len(xs) else ""


def _band(xs: Sequence[float], lower: Heights, upper: Heights) -> str:
    """What lies between the limits."""
    if None in (lower[0], upper[0]) and len(lower) == len(upper) == 1:
        return ""
    if len(lower) == len(upper) == 1:
        return say(
            "M{xs} {upper}H{xs2}V{lower}H{xs}Z",
            xs=xs[0],
            upper=upper[0],
            xs2=xs[-1],
            lower=lower[0],
        )
    many = len(xs)
    lower, upper = (tuple(line) * (many if len(line) == 1 else 1) for line in (lower, upper))
    edges = [
        (x, low, high)
        for x, low, high in zip(xs, lower, upper, strict=True)
        if low is not None and high is not None
    ]
    if len(edges) < 2:
        return ""
    there = " ".join(f"{x} {high}" for x, _, high in edges)
    back = " ".join(f"{x} {low}" for x, low, _ in reversed(edges))
    return f"M{there} {back}Z"


def _joined(xs: Sequence[float], ys: Heights) -> str:
    """A line through what is known, broken where something is not."""
    out, begun = [], False
    for x, y in zip(xs, ys, strict=True):
        if y is not None:
            out.append(f"{'L' if begun else 'M'}{x} {y}")
        begun = y is not None
    return "".join(out)


def _points(
    xs: Sequence[float], ys: Heights, kinds: Sequence[Kind], size: float
) -> Iterator[tuple[str, str]]:
    """A path for each kind: dots, large dots, squares, diamonds."""
    for kind in Kind:
        left, above, path = shape(kind, _RADIUS[kind] * size)
        drawn = [
            f"M{x - left:.1f} {y - above:.1f}{path}"
            for x, y, each in zip(xs, ys, kinds, strict=True)
            if each is kind and y is not None
        ]
        if drawn:
            yield str(kind), "".join(drawn)


def shape(kind: Kind, r: float) -> tuple[float, float, str]:
    """How far left of and above its point a shape begins, and how it goes on from there."""
    if kind is Kind.CONCERN:
        return r, r, f"h{2 * r:.1f}v{2 * r:.1f}h-{2 * r:.1f}z"
    if kind is Kind.NEUTRAL:
        return 0, r, f"l{r:.1f} {r:.1f} -{r:.1f} {r:.1f} -{r:.1f} -{r:.1f}z"
    arc = f"a{r:.1f} {r:.1f} 0 1 0"
    return r, 0, f"{arc} {2 * r:.1f} 0{arc} -{2 * r:.1f} 0z"


def _labels(chart: Chart, unit: Unit, canvas: _Canvas) -> Iterator[tuple[float, str, str]]:
    """The figures at the right end, set apart so that none lies on another."""
    if not chart.phases:
        return
    ends = chart.phases[-1].lines
    wanted = [
        (value, f"{word} {unit.said(value)}", css)
        for value, word, css in (
            (ends.upper[-1], "upper", "limit"),
            (chart.asked.target, "target", "target"),
            (ends.centre[-1], "mean", "mean"),
            (ends.lower[-1], "lower", "limit"),
        )
        if value is not None
    ]
    below = -1e9
    for value, said, css in sorted(wanted, key=lambda each: -each[0]):
        below = max(canvas.y(value) + 4, below + 15)
        yield round(below, 1), said, css


def _within(marks: Sequence[Mark], dates: Sequence[date]) -> list[Mark]:
    return [m for m in marks if dates[0] <= m.day <= dates[-1]]
