"""The chart: what comes in and what it costs, year by year, as bars of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from onesystem.budget.policy.working import Year
from onesystem.vocabulary.said import say

WIDTH, HEIGHT = 760, 260
_LEFT, _FOOT, _HEAD = 44, 24, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar with what it says."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """All that the chart is made of."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT


def drawn(told: Sequence[Year]) -> Drawn:
    """The bars of every year, from one scale that has nothing at its foot, or losses under it."""
    top = max(1, *(max(y.comes_in, y.costs, 1) for y in told))
    low = min(0, *(min(y.comes_in, y.costs) for y in told), 0)
    scale = (HEIGHT - _HEAD - _FOOT) / (top - low)
    zero = _HEAD + top * scale
    step = (WIDTH - _LEFT) / len(told)
    wide = step * 0.36
    bars, labels = [], []
    for place, year in enumerate(told):
        x = _LEFT + place * step + step * 0.12
        for shift, kind, sum_ in ((0.0, "in", year.comes_in), (wide, "out", year.costs)):
            words = say("comes in") if kind == "in" else say("costs")
            bars.append(
                Bar(
                    x=x + shift,
                    y=min(zero, zero - sum_ * scale),
                    width=wide - 1,
                    height=abs(sum_) * scale,
                    kind=kind,
                    words=say(
                        "{year}: {words} {billions} billion",
                        year=year.year,
                        words=words,
                        billions=billions(sum_),
                    ),
                )
            )
        labels.append((x + wide, str(year.year)))
    return Drawn(bars=tuple(bars), ticks=tuple(_ticks(top, low, zero, scale)),
                 labels=tuple(labels), zero=zero)  # fmt: skip


def billions(pounds: int) -> str:
    """Pounds as billions: 3.075 in full, 1.45 rounded."""
    text = f"{pounds / 10**9:.3f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _ticks(top: int, low: int, zero: float, scale: float) -> list[tuple[float, str]]:
    billion = 10**9
    every = max(1, round((top - low) / billion / 6)) * billion
    first = -(-low // every) * every
    return [(zero - at * scale, billions(at)) for at in range(first, top + 1, every)]
