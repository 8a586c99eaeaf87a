"""Where the shapes of a funnel around 1 stand: expected across, observed over expected up."""

from collections.abc import Callable
from dataclasses import dataclass

from onesystem.alliance.learning.peers.seeing import Review, Seen
from onesystem.flow.charts import scale
from onesystem.flow.charts.drawing import shape
from onesystem.flow.charts.funnels import SIGNALS
from onesystem.flow.spc import Kind

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 620.0, 330.0, 46.0, 16.0, 14.0, 44.0
_STEPS, _HIGHEST = 60, 4.0
_At = Callable[[float], float]
_LIMITS = (("lower_alarm", "limit"), ("lower_alert", "alert"),
           ("upper_alert", "alert"), ("upper_alarm", "limit"))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The shapes, and the words for who does not see them."""

    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    limits: tuple[tuple[str, str], ...]  # class of the line, path
    points: tuple[tuple[str, str, str], ...]  # class, path, words
    label: tuple[float, float, str, str] | None  # x, y, words, anchor
    said: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    base: float = HEIGHT - BOTTOM


def picture(review: Review, mine: str) -> Picture | None:
    """The funnel of a figure, with one practice named; None where there is nothing to show."""
    if not review.seen:
        return None
    sizes = [s.line.expected for s in review.seen]
    across = scale.numbers(0, max(sizes), 7)
    smallest = max(min(sizes) * 0.7, across[-1] / 300)
    high = max(*(s.line.ratio for s in review.seen), review.made.at(min(sizes)).upper_alarm, 1.5)
    up = scale.numbers(0, min(high, _HIGHEST))

    def x(size: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * size / across[-1], 1)

    def y(ratio: float) -> float:
        part = min(max(ratio / up[-1], 0), 1)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part, 1)

    ends = [smallest + (across[-1] - smallest) * (i / _STEPS) ** 2 for i in range(_STEPS + 1)]
    at = [review.made.at(size) for size in ends]
    lines = [
        (css, "M" + "L".join(f"{x(each.size)} {y(getattr(each, name))}" for each in at
                             if getattr(each, name) <= up[-1]))
        for name, css in _LIMITS
    ]  # fmt: skip
    places = scale.places(up)
    return Picture(
        rows=tuple((y(t), f"{t:.{places}f}") for t in up),
        columns=tuple((x(t), f"{t:,.12g}") for t in across),
        limits=(*lines, ("mean", f"M{LEFT} {y(1)}H{WIDTH - RIGHT}")),
        points=tuple(_point(s, mine, x, y)
                     for s in sorted(review.seen, key=lambda s: s.line.practice == mine)),
        label=_label(review.of(mine), x, y), said=said(review),
    )  # fmt: skip


def said(review: Review) -> str:
    """The funnel in words."""
    many, out = len(review.seen), review.outside
    words = f"{many} practices; {out or 'none'} beyond the outer limits."
    if review.made.widened > 1:
        words += (f" They differ {review.made.widened:.1f} times as much as chance: the limits are"
                  " widened for that.")  # fmt: skip
    return words + (f" {review.hidden} with small counts left out." if review.hidden else "")


def _point(seen: Seen, mine: str, x: _At, y: _At) -> tuple[str, str, str]:
    kind = Kind.NEUTRAL if abs(seen.signal) == 2 else Kind.COMMON
    own = seen.line.practice == mine
    left, above, path = shape(kind, 7.0 if own else 5.0)
    words = (f"{seen.name}: {seen.line.observed:,.0f} observed, {seen.line.expected:,.1f} expected,"
             f" ratio {seen.line.ratio:.2f}, {SIGNALS[seen.signal]}")  # fmt: skip
    at = f"M{x(seen.line.expected) - left:.1f} {y(seen.line.ratio) - above:.1f}{path}"
    return f"{kind}{' peer-mine' if own else ''}", at, words


def _label(seen: Seen | None, x: _At, y: _At) -> tuple[float, float, str, str] | None:
    if seen is None:
        return None
    across, end = x(seen.line.expected), x(seen.line.expected) > WIDTH * 0.6
    up = y(seen.line.ratio) - 12
    return across + (8 if end else -8), max(up, 12), seen.name[:36], "end" if end else "start"
