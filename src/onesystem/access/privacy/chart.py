"""A chart of bars as SVG, drawn by the server: no script, sharp on paper, a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT, _LEFT, _FOOT, _TOP = 640.0, 200.0, 56.0, 24.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, with its words under it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws."""

    bars: tuple[Bar, ...]
    lines: tuple[tuple[float, str], ...]  # (y, what it stands for)
    width: float = _WIDTH
    height: float = _HEIGHT
    left: float = _LEFT
    base: float = _HEIGHT - _FOOT


def bars(values: Sequence[tuple[str, int]]) -> Chart | None:
    """The chart of (label, value); None where there is nothing to draw."""
    top = ceiling(max((value for _, value in values), default=0))
    if not top:
        return None
    tall, step = _HEIGHT - _FOOT - _TOP, (_WIDTH - _LEFT) / len(values)

    def y(value: float) -> float:
        return round(_HEIGHT - _FOOT - tall * value / top, 1)

    drawn = tuple(
        Bar(
            x=round(_LEFT + step * i + step * 0.15, 1),
            y=y(value),
            width=round(step * 0.7, 1),
            height=round(tall * value / top, 1),
            label=label,
            value=value,
        )
        for i, (label, value) in enumerate(values)
    )
    ticks = (0, top // 2, top) if top > 1 else (0, top)
    return Chart(drawn, tuple((y(tick), f"{tick:,}") for tick in ticks))


def ceiling(value: int) -> int:
    """The next round number: 1, 2, 4, 6 or 10 times a power of ten, whose half is round too.

    >>> ceiling(0), ceiling(3), ceiling(17), ceiling(130_000)
    (0, 4, 20, 200000)
    """
    if value <= 0:
        return 0
    power = 10 ** (len(str(value)) - 1)
    return next(f * power for f in (1, 2, 4, 6, 10) if f * power >= value)  # type: ignore[no-any-return]
