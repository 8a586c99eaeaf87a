"""Where bars and lines stand in the picture of ED time over general practice. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from onesystem.flow.charts.scale import numbers

WIDTH, LEFT, RIGHT = 1000.0, 64.0, 16.0
_BARS, _LINES, _GAP, _TOP = 250.0, 90.0, 56.0, 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A piece of a bar: which part, and its rectangle."""

    part: int
    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A panel with its words, its height marks (height, words) and its lines (number, path)."""

    title: str
    top: float
    base: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Bars and panels over one axis; `labels` are places along it with their words."""

    bars: tuple[Bar, ...]
    panels: tuple[Panel, ...]
    labels: tuple[tuple[float, str], ...]
    height: float


def picture(
    names: Sequence[str],
    stacks: Sequence[Sequence[float] | None],
    said: Sequence[Sequence[str]],
    below: Sequence[tuple[str, Sequence[Sequence[float | None]]]],
) -> Picture:
    """A stack of minutes for each bucket, and under it a panel of lines for each of `below`.

    `said` has words for each piece; a stack that is None is not drawn.
    """
    step = (WIDTH - LEFT - RIGHT) / max(len(names), 1)
    middles = [LEFT + step * (i + 0.5) for i in range(len(names))]
    marks = numbers(0, max((sum(s) for s in stacks if s), default=1.0) or 1.0)
    base = _TOP + _BARS
    bars = [
        bar
        for x, stack, words in zip(middles, stacks, said, strict=True)
        if stack
        for bar in _stack(x - step * 0.4, step * 0.8, base, _BARS / marks[-1], stack, words)
    ]
    panels = [
        Panel(title="Mean minutes in each part, of those who came", top=_TOP, base=base, lines=(),
              ticks=_ticks(marks, base, _BARS)),
    ]  # fmt: skip
    for title, lines in below:
        top = panels[-1].base + _GAP
        panels.append(_panel(title, top, middles, lines))
    every = max(1, round(len(names) / 13))
    labels = [(x, n) for i, (x, n) in enumerate(zip(middles, names, strict=True)) if i % every == 0]
    return Picture(
        bars=tuple(bars), panels=tuple(panels), labels=tuple(labels), height=panels[-1].base + 34
    )


def _stack(
    x: float, width: float, base: float, scale: float, stack: Sequence[float], said: Sequence[str]
) -> list[Bar]:
    made, at = [], base
    for part, (minutes, words) in enumerate(zip(stack, said, strict=True)):
        height = minutes * scale
        if height > 0:
            at -= height
            made.append(
                Bar(part=part, x=round(x, 1), y=round(at, 1), width=round(width, 1),
                    height=round(height, 1), said=words)
            )  # fmt: skip
    return made


def _panel(
    title: str, top: float, xs: Sequence[float], lines: Sequence[Sequence[float | None]]
) -> Panel:
    base = top + _LINES
    most = max((v for line in lines for v in line if v is not None), default=1.0) or 1.0
    marks = numbers(0, most, 4)
    scale = _LINES / marks[-1]
    return Panel(
        title=title, top=top, base=base, ticks=_ticks(marks, base, _LINES),
        lines=tuple((i, _path(xs, line, base, scale)) for i, line in enumerate(lines)),
    )  # fmt: skip


def _path(xs: Sequence[float], line: Sequence[float | None], base: float, scale: float) -> str:
    """A line through what is known, broken where something is not."""
    out, begun = [], False
    for x, value in zip(xs, line, strict=True):
        if value is not None:
            out.append(f"{'L' if begun else 'M'}{x:.1f} {base - value * scale:.1f}")
        begun = value is not None
    return "".join(out)


def _ticks(marks: Sequence[float], base: float, high: float) -> tuple[tuple[float, str], ...]:
    return tuple((round(base - high * mark / marks[-1], 1), f"{mark:,g}") for mark in marks)
