"""Where the shapes of a funnel stand: limits by size, and each place against them. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from onesystem.flow.charts import scale
from onesystem.flow.charts.drawing import shape
from onesystem.flow.charts.words import Unit
from onesystem.flow.spc import Funnel, Improve, Kind
from onesystem.flow.spc.assurance import kind as kind_of
from onesystem.flow.spc.rules import Cause

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000.0, 420.0, 78.0, 26.0, 22.0, 46.0
_STEPS = 80
_At = Callable[[float], float]
_Shown = Sequence[tuple["Spot", float, int | None]]
_RADIUS = {Kind.COMMON: 4.0, Kind.IMPROVEMENT: 6.0, Kind.CONCERN: 5.5, Kind.NEUTRAL: 6.5}
SIGNALS = {
    -2: "below the 99.8% limit", -1: "below the 95% limit", 0: "within the limits",
    1: "above the 95% limit", 2: "above the 99.8% limit",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place: its count, what it is counted out of, and its name."""

    name: str
    above: float
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The shapes: axes, the four limits and the centre as paths, the places by kind."""

    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    limits: tuple[tuple[str, str], ...]  # class of the line, path
    points: tuple[tuple[str, str, str], ...]  # kind, path, words
    names: tuple[tuple[float, float, str, str], ...]  # x, y, words, anchor


def meaning(signal: int | None, improve: Improve) -> Kind:
    """What a place's signal means; only outside the outer limits is it one."""
    if signal is None or abs(signal) < 2:
        return Kind.COMMON
    return kind_of(Cause.OUTSIDE, 1 if signal > 0 else -1, improve)


def draw(spots: Sequence[Spot], made: Funnel, unit: Unit, improve: Improve) -> Drawn:
    """The shapes of a funnel that has one place or more with something to be counted out of."""
    shown = [
        (spot, spot.above / spot.below, signal)
        for spot, signal in zip(spots, made.signals, strict=True)
        if spot.below
    ]
    across = scale.numbers(0, max(spot.below for spot, _, _ in shown), 8)
    smallest = max(min(spot.below for spot, _, _ in shown) / 2, across[-1] / 400)
    high = max(value for _, value, _ in shown)
    low = min(value for _, value, _ in shown)
    edge = made.at(min(spot.below for spot, _, _ in shown))
    up = scale.numbers(
        min(low, edge.lower_alarm) * unit.scale, max(high, edge.upper_alarm) * unit.scale
    )
    places = scale.places(up)

    def x(size: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * size / across[-1], 1)

    def y(value: float) -> float:
        part = (value * unit.scale - up[0]) / ((up[-1] - up[0]) or 1)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(part, 0), 1), 1)

    sizes = [smallest + (across[-1] - smallest) * (i / _STEPS) ** 2 for i in range(_STEPS + 1)]
    return Drawn(
        rows=tuple((y(t / unit.scale), unit.said(t / unit.scale, places)) for t in up),
        columns=tuple((x(t), _many(t, across[-1])) for t in across),
        limits=tuple(_limits(made, sizes, x, y)),
        points=tuple(_points(shown, unit, improve, x, y)),
        names=tuple(_names(shown, x, y)),
    )


def _many(count: float, most: float) -> str:
    """A size as the axis has room for it: millions where there are any."""
    return f"{count / 1e6:g} m" if most >= 1e6 and count else f"{count:,.12g}"


def _limits(made: Funnel, sizes: Sequence[float], x: _At, y: _At) -> Iterator[tuple[str, str]]:
    for name, css in (
        ("lower_alarm", "limit"), ("lower_alert", "alert"),
        ("upper_alert", "alert"), ("upper_alarm", "limit"),
    ):  # fmt: skip
        points = [f"{x(s)} {y(getattr(made.at(s), name))}" for s in sizes]
        yield css, "M" + "L".join(points)
    yield "mean", f"M{LEFT} {y(made.centre)}H{WIDTH - RIGHT}"


def _points(
    shown: _Shown, unit: Unit, improve: Improve, x: _At, y: _At
) -> Iterator[tuple[str, str, str]]:
    for spot, value, signal in shown:
        kind = meaning(signal, improve)
        left, above, path = shape(kind, _RADIUS[kind])
        words = f"{spot.name}: {unit.said(value)} of {spot.below:,.0f}, {SIGNALS[signal or 0]}"
        yield str(kind), f"M{x(spot.below) - left:.1f} {y(value) - above:.1f}{path}", words


def _names(shown: _Shown, x: _At, y: _At) -> Iterator[tuple[float, float, str, str]]:
    """The names of places outside a limit, the farthest first, none upon another."""
    taken: list[tuple[float, float]] = []
    for spot, value, signal in sorted(shown, key=lambda each: -abs(each[2] or 0)):
        at = (x(spot.below), y(value))
        clear = all(abs(at[0] - a) > 150 or abs(at[1] - b) > 14 for a, b in taken)
        if signal and clear:
            taken.append(at)
            end = at[0] > WIDTH - 220
            yield at[0] + (-9 if end else 9), at[1] + 4, spot.name[:32], "end" if end else "start"
