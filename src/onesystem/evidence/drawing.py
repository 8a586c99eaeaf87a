"""The chart of a result: where everything stands, for an SVG template. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.evidence.translating import number
from onesystem.flow.charts import scale

WIDTH, HEIGHT = 760.0, 340.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 14.0, 18.0, 34.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as text for paths, with its marks in place."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    lines: tuple[dict[str, str], ...]
    bands: tuple[dict[str, str], ...]
    dots: tuple[dict[str, Any], ...]
    ticks: tuple[tuple[float, str], ...]  # of the values
    days: tuple[tuple[float, str], ...]  # of the axis
    marks: tuple[tuple[float, str], ...]


def drawn(picture: dict[str, Any]) -> Drawn | None:
    """A picture as JSON holds it; None where there is nothing to draw."""
    axis = [a for each in picture["axis"] if (a := _place(each)) is not None]
    values = [
        v for line in picture["lines"] for part in ("values", "low", "high")
        for v in line.get(part) or [] if v is not None
    ]  # fmt: skip
    if len(axis) < 2 or len(axis) < len(picture["axis"]) or not values:
        return None
    low, high = min(values), max(values)
    if 0 < low < 0.4 * high:
        low = 0.0  # a level that is near nothing is drawn from nothing
    ticks = scale.numbers(low, high)
    low, high = min(ticks[0], low), max(ticks[-1], high)
    first, last = axis[0], axis[-1]
    span = (last - first) or 1.0

    def x(at: float) -> float:
        return round(LEFT + (at - first) / span * (WIDTH - LEFT - RIGHT), 1)

    def y(value: float) -> float:
        part = (value - low) / ((high - low) or 1.0)
        return float(round(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM), 1))

    places = [x(a) for a in axis]
    lines, bands, dots = [], [], []
    for line in picture["lines"]:
        seen = [None if v is None else y(v) for v in line["values"]]
        if line["kind"] == "observed" and len(axis) <= 400:
            dots += [
                {"x": px, "y": py, "kind": line["kind"]}
                for px, py in zip(places, seen, strict=True) if py is not None
            ]  # fmt: skip
        lines.append({"kind": line["kind"], "name": line["name"], "d": _path(places, seen)})
        if line.get("low"):
            bands.append({"kind": line["kind"], "d": _band(places, line["low"], line["high"], y)})
    marks = [
        (x(at), str(words))
        for a, words in picture.get("marks") or []
        if (at := _place(a)) is not None
    ]
    count = scale.places(ticks)
    return Drawn(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, tuple(lines), tuple(bands),
        tuple(dots), tuple((y(t), f"{t:,.{count}f}") for t in ticks),
        tuple(_axis(picture["axis"], x)), tuple(marks),
    )  # fmt: skip


def _place(at: Any) -> float | None:
    if isinstance(at, (int, float)):
        return float(at)
    try:
        return float(date.fromisoformat(str(at)).toordinal())
    except ValueError:
        return None


def _axis(axis: Sequence[Any], x: Any) -> list[tuple[float, str]]:
    if isinstance(axis[0], str):
        first, last = date.fromisoformat(axis[0]), date.fromisoformat(axis[-1])
        return [(x(float(d.toordinal())), words) for d, words in scale.times(first, last, 7)]
    ends = float(axis[0]), float(axis[-1])
    inside = [t for t in scale.numbers(*ends, 8) if ends[0] <= t <= ends[1]]
    plain = all(float(t).is_integer() for t in inside)
    return [(x(t), f"{t:.0f}" if plain else number(t)) for t in inside]


def _path(places: Sequence[float], seen: Sequence[float | None]) -> str:
    out, pen = [], False
    for px, py in zip(places, seen, strict=True):
        if py is None:
            pen = False
            continue
        out.append(f"{'L' if pen else 'M'}{px} {py}")
        pen = True
    return "".join(out)


def _band(places: Sequence[float], low: Sequence[Any], high: Sequence[Any], y: Any) -> str:
    inside = [(p, y(a), y(b)) for p, a, b in zip(places, low, high, strict=True)
              if a is not None and b is not None]  # fmt: skip
    if len(inside) < 2:
        return ""
    there = "L".join(f"{p} {b}" for p, _, b in inside)
    back = "L".join(f"{p} {a}" for p, a, _ in reversed(inside))
    return f"M{there}L{back}Z"
