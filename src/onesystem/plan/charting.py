"""The two charts of plans over years, as figures that a template lays out. Pure.

`drawn` has lines over years, with a band where there is a range; `fallen` is a bridge: a bar for
each end, and between them a step up or down for each thing that moves it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from onesystem.vocabulary.said import say

WIDE, HIGH, LEFT, RIGHT, HEAD, FOOT = 820, 320, 84, 200, 14, 34
_APART, _MOST_LABELS, _PART = 16, 10, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line: what it is called, one figure a year, and the class that it is drawn by."""

    name: str
    values: Sequence[float]
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A line as it is drawn, with the words at its end."""

    d: str
    kind: str
    name: str
    label: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """All that a chart of lines is made of."""

    curves: tuple[Curve, ...]
    band: str
    ticks: tuple[tuple[float, str], ...]
    feet: tuple[tuple[float, str], ...]
    zero: float | None
    width: int = WIDE
    height: int = HIGH
    left: int = LEFT
    right: int = WIDE - RIGHT


def drawn(
    series: Sequence[Series], years: Sequence[str], *, words: Callable[[float], str],
    band: Sequence[tuple[float, float]] = (),
) -> Chart:  # fmt: skip
    """Lines over years on one scale; the band is from low to high."""
    every = [value for each in series for value in each.values] + [v for pair in band for v in pair]
    low, top = min(every), max(every)
    if low > 0 and low < (top - low) * 2:
        low = 0
    marks = _ticks(low, top)
    low, top = min(low, marks[0]), max(top, marks[-1])
    many = max(1, len(years) - 1)

    def x(at: int) -> float:
        return LEFT + at * (WIDE - RIGHT - LEFT) / many

    def y(value: float) -> float:
        return HEAD + (top - value) * (HIGH - HEAD - FOOT) / ((top - low) or 1)

    def path(values: Sequence[float]) -> str:
        return " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values))

    ends = _apart([y(each.values[-1]) for each in series])
    every_nth = -(-len(years) // _MOST_LABELS)
    around = ""
    if band:
        upper = [high for _, high in band]
        lower = [(at, value) for at, (value, _) in enumerate(band)][::-1]
        back = " L".join(f"{x(at):.1f},{y(value):.1f}" for at, value in lower)
        around = say("M{path} L{back}Z", path=path(upper).replace(" ", " L"), back=back)
    return Chart(
        curves=tuple(
            Curve(d=f"M{path(each.values).replace(' ', ' L')}", kind=each.kind, name=each.name,
                  label=(x(many) + 8, ends[nth] + 4))
            for nth, each in enumerate(series)
        ),
        band=around, ticks=tuple((y(mark), words(mark)) for mark in marks),
        feet=tuple((x(at), name) for at, name in enumerate(years) if at % every_nth == 0),
        zero=y(0) if low < 0 < top else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a bridge."""

    x: float
    y: float
    width: float
    height: float
    kind: str  # end, up, down, none
    name: str
    words: str
    above: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged:
    """All that a bridge is made of."""

    bars: tuple[Bar, ...]
    joins: tuple[tuple[float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    width: int = WIDE
    height: int = HIGH + 30
    left: int = LEFT
    bottom: int = HIGH - FOOT


def fallen(
    before: tuple[str, int], steps: Sequence[tuple[str, int]], after: tuple[str, int], *,
    words: Callable[[float], str],
) -> Bridged:  # fmt: skip
    """A bridge from an end to the other. The scale begins near the ends, so that steps are seen."""
    levels = [before[1]]
    for _, amount in steps:
        levels.append(levels[-1] + amount)
    lowest, highest = min(*levels, after[1]), max(*levels, after[1])
    low = max(0, lowest - (highest - lowest or highest or 1) * 0.6) if lowest >= 0 else lowest
    marks = [mark for mark in _ticks(low, highest) if mark >= low]
    high = max([highest, *marks])
    many = len(steps) + 2
    slot = (WIDE - LEFT - 10) / many

    def y(value: float) -> float:
        return HEAD + 18 + (high - value) * (HIGH - HEAD - FOOT - 18) / ((high - low) or 1)

    def bar(nth: int, a: float, b: float, kind: str, name: str, said: str) -> Bar:
        upper, lower = max(a, b), min(a, b)
        return Bar(x=LEFT + nth * slot + slot * 0.12, y=y(upper), width=slot * 0.76,
                   height=max(1.0, y(lower) - y(upper)), kind=kind, name=name, words=said,
                   above=y(upper) - 6)  # fmt: skip

    bars = [bar(0, low, before[1], "end", before[0], words(before[1]))]
    for nth, ((name, amount), level) in enumerate(zip(steps, levels, strict=False), 1):
        kind = "up" if amount > 0 else "down" if amount < 0 else "none"
        sign = "+" if amount > 0 else ""
        bars.append(bar(nth, level, level + amount, kind, name, f"{sign}{words(amount)}"))
    bars.append(bar(many - 1, low, after[1], "end", after[0], words(after[1])))
    joins = tuple(
        (one.x + one.width, other.x, y(level))
        for (one, other), level in zip(pairwise(bars), levels, strict=True)
    )
    return Bridged(bars=tuple(bars), joins=joins,
                   ticks=tuple((y(mark), words(mark)) for mark in marks))  # fmt: skip


def _ticks(low: float, top: float) -> list[float]:
    """Round figures over a range, four or five."""
    span = (top - low) or abs(top) or 1
    rough = span / _PART
    size = 10.0 ** (len(f"{rough:.0f}") - 1) if rough >= 1 else 10.0 ** -(len(f"{1 / rough:.0f}"))
    step = next((size * k for k in (1, 2, 2.5, 5, 10) if size * k >= rough), size * 10)
    first = int(low // step)
    made = [step * n for n in range(first, first + 2 * _PART + 3)]
    return [mark for mark in made if low - step < mark <= top + step * 0.999]


def _apart(ends: Sequence[float]) -> list[float]:
    """Labels far enough from each other to be read, none lost."""
    order = sorted(range(len(ends)), key=lambda nth: ends[nth])
    made = list(ends)
    for one, other in pairwise(order):
        made[other] = max(made[other], made[one] + _APART)
    return made
