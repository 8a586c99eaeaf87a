"""The chart of a comparison: what each form leaves after its cost, as contacts fall or rise. Pure.

A line that rises to the right pulls towards more contacts, one that falls towards fewer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from onesystem.budget.comparing.comparing import STEPS, Compared, Result
from onesystem.vocabulary.said import listed

WIDE, HIGH, LEFT, RIGHT, HEAD, FOOT = 820, 330, 74, 286, 12, 34
_APART = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line, and the words at its end."""

    points: str
    end: tuple[float, float]
    label: tuple[float, float]
    words: str
    nth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """All that the chart is made of."""

    curves: tuple[Curve, ...]
    ticks: tuple[tuple[float, int], ...]
    feet: tuple[tuple[float, str], ...]
    zero: float
    now: float
    width: int = WIDE
    height: int = HIGH
    left: int = LEFT
    right: int = WIDE - RIGHT


def drawn(made: Compared) -> Drawn:
    """The lines of all forms on one scale; forms that leave the same share a line."""
    every = [_left(each, made.costs) for each in made.results]
    top, low = max(0, *map(max, every)), min(0, *map(min, every))
    scale = (HIGH - HEAD - FOOT) / max(1, top - low)

    def y(amount: float) -> float:
        return HEAD + (top - amount) * scale

    def x(at: int) -> float:
        return LEFT + at * (WIDE - RIGHT - LEFT) / (len(STEPS) - 1)

    shared: dict[tuple[int, ...], list[str]] = {}
    for each, left in zip(made.results, every, strict=True):
        shared.setdefault(left, []).append(each.title)
    ends = _apart([y(left[-1]) for left in shared])
    curves = tuple(
        Curve(
            points=" ".join(f"{x(at):.1f},{y(amount):.1f}" for at, amount in enumerate(left)),
            end=(x(len(STEPS) - 1), y(left[-1])), label=(WIDE - RIGHT + 16, ends[nth]),
            words=listed(titles), nth=nth,
        )
        for nth, (left, titles) in enumerate(shared.items())
    )  # fmt: skip
    feet = tuple((x(at), f"{int(step * 100):+d}%" if step else "as set")
                 for at, step in enumerate(STEPS) if at % 5 == 0)  # fmt: skip
    return Drawn(
        curves=curves, ticks=tuple((y(at), at) for at in _ticks(low, top)), feet=feet, zero=y(0),
        now=x(len(STEPS) // 2),
    )  # fmt: skip


def _left(result: Result, costs: Sequence[int]) -> tuple[int, ...]:
    return tuple(paid - cost for paid, cost in zip(result.curve, costs, strict=True))


def _apart(wanted: Sequence[float]) -> list[float]:
    """Where words stand so that none covers another: pushed down, then all up if need be."""
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    found, last = [0.0] * len(wanted), HEAD - _APART + 4.0
    for at in order:
        last = found[at] = max(wanted[at] + 4, last + _APART)
    over = max(0.0, last - (HIGH - FOOT + 4))
    return [each - over for each in found]


def _ticks(low: int, top: int) -> list[int]:
    """Four to eight round amounts from the lowest to the highest."""
    span = max(1, top - low)
    step = 10 ** (len(str(span)) - 1)
    for times in (1, 2, 5, 10):
        if span / (step * times / 2) <= 7:
            every = max(1, step * times // 2)
            break
    return list(range(-(-low // every) * every, top + 1, every))
