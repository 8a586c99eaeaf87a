"""A portfolio over time as shapes: a bar for each option, from its start, paler until it works.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.plan.portfolio.shape import NEVER, Choice

WIDTH, LEFT, ROW, HEAD = 880, 262, 26, 26
_MOST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One option: where its words stand, when it is being set up and when it works."""

    y: int
    name: str
    words: str
    begins: float | None
    works: float | None
    decided: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All that a timeline is made of."""

    bars: tuple[Bar, ...]
    years: tuple[tuple[float, str], ...]
    height: int
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - 10


def timeline(
    choices: Sequence[Choice], starts: Mapping[str, int], begins: date, quarters: int,
    decided: Mapping[str, int] | None = None,
) -> Timeline:  # fmt: skip
    """The options in the order in which they start; those that do not, at the end."""
    wide = (WIDTH - 10 - LEFT) / quarters
    order = sorted(choices, key=lambda c: (starts[c.name] == NEVER, starts[c.name], c.name))
    bars = []
    for n, each in enumerate(order):
        at, else_ = starts[each.name], (decided or {}).get(each.name, NEVER)
        bars.append(
            Bar(
                y=HEAD + ROW * n, name=_cut(each.name), words=each.name,
                begins=None if at == NEVER else LEFT + wide * at,
                works=None if at == NEVER else min(LEFT + wide * (at + each.lag), WIDTH - 10.0),
                decided=None if decided is None or else_ == NEVER else LEFT + wide * else_,
            )
        )  # fmt: skip
    every = 4 if quarters <= _MOST else 20
    years = tuple(
        (LEFT + wide * q, str((begins.year * 12 + begins.month - 1 + 3 * q) // 12))
        for q in range(0, quarters, every)
    )
    return Timeline(bars=tuple(bars), years=years, height=HEAD + ROW * len(bars) + 6)


def _cut(name: str) -> str:
    return name if len(name) <= 36 else f"{name[:35]}…"
