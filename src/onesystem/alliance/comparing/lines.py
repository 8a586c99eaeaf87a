"""Some places over many years, as lines without limits: ages follow no chance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from onesystem.alliance.comparing.series import LAST_ESTIMATE, UNITS, Indicator, Point, points
from onesystem.flow.charts import scale
from onesystem.vocabulary.said import say

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1000, 380, 50, 170, 10, 30
_BESIDE = ("Japan", say("United Kingdom"), say("New Zealand"), "World")
_APART = 15.0  # of names at the ends of lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The shapes: axes, a line a place with its name, and where the projection begins."""

    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    paths: tuple[tuple[str, str, float, str], ...]
    now: float
    said: str
    width: int = WIDTH
    height: int = HEIGHT


def drawn(indicator: Indicator, mine: str) -> Lines | None:
    """A place beside a few others; None of a figure that has limits, or no years."""
    if indicator.limits:
        return None
    known = points(indicator.code)
    names = [n for n in dict.fromkeys([mine, *_BESIDE]) if len(known.get(n, ())) > 1]
    if not names:
        return None
    return _drawn(indicator, {name: known[name] for name in names}, mine)


def _drawn(indicator: Indicator, lines: dict[str, Sequence[Point]], mine: str) -> Lines:
    factor, after = UNITS[indicator.unit]
    every = [p for each in lines.values() for p in each]
    first, last = min(p.month for p in every), max(p.month for p in every)
    up = scale.numbers(0, max(p.above / p.below for p in every) * factor)

    def x(day: date) -> float:
        part = (day - first).days / ((last - first).days or 1)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * part, 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / up[-1], 1)

    paths = []
    for name, each in lines.items():
        spots = [f"{x(p.month)} {y(p.above / p.below * factor)}" for p in each]
        end = y(each[-1].above / each[-1].below * factor) + 4
        paths.append((name, "M" + "L".join(spots), end, "mine" if name == mine else "other"))
    return Lines(
        rows=tuple((y(t), f"{t:g}{after}") for t in up),
        columns=tuple(
            (x(date(year, 7, 1)), str(year))
            for year in range(first.year + -first.year % 25, last.year + 1, 25)
        ),
        paths=tuple(_apart(paths)),
        now=x(date(LAST_ESTIMATE, 7, 1)),
        said=say(
            "{name}: {lines}, {year} to {year2}",
            name=indicator.name,
            lines=", ".join(lines),
            year=first.year,
            year2=last.year,
        ),
    )


def _apart(paths: list[tuple[str, str, float, str]]) -> list[tuple[str, str, float, str]]:
    """Names moved down until none lies upon another."""
    made: list[tuple[str, str, float, str]] = []
    for name, path, at, css in sorted(paths, key=lambda each: each[2]):
        lowest = made[-1][2] + _APART if made else at
        made.append((name, path, max(at, lowest), css))
    return made
