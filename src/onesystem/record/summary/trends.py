"""Results over time: the newest of each kind, with what came before it, oldest left."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from onesystem.record.summary.folding import Folded, fold, plain
from onesystem.record.summary.statements import Statement

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
MOST_POINTS = 24


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value; a blood pressure has two numbers."""

    at: datetime
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One kind of result: the newest, how many there are, and the numbers over time."""

    latest: Folded
    count: int
    points: tuple[Point, ...]  # oldest first, of the newest one's unit

    @property
    def words(self) -> str:
        """What was measured."""
        return self.latest.first.words

    @property
    def change(self) -> str:
        """Against the one before: higher, lower, the same; empty where it cannot be said."""
        if len(self.points) < 2:
            return ""
        before, now = self.points[-2].numbers, self.points[-1].numbers
        if now == before:
            return "same"
        return "higher" if now > before else "lower"


def trends(results: Iterable[Statement]) -> list[Trend]:
    """Results by what they measure, the newest measured first.

    A code and the words of another source's code for the same thing meet as in `folding`: by the
    code, or by the words.
    """
    kinds: dict[object, list[Statement]] = {}
    home: dict[object, object] = {}
    for said in results:
        keys = [
            k for k in ((said.system, said.code) if said.code else None, plain(said.words)) if k
        ]
        known = next((home[k] for k in keys if k in home), keys[0] if keys else said.entry)
        for key in keys:
            home.setdefault(key, known)
        kinds.setdefault(known, []).append(said)
    found = [_trend(each) for each in kinds.values()]
    return sorted(found, key=lambda t: t.latest.first.moment, reverse=True)


def _trend(said: Sequence[Statement]) -> Trend:
    lines = sorted(fold(said), key=lambda f: (f.first.moment, f.first.entry))
    unit = lines[-1].first.unit
    points = [
        Point(line.first.moment, numbers)
        for line in lines
        if line.first.unit == unit and (numbers := numbers_of(line.first.value))
    ]
    width = len(points[-1].numbers) if points else 0
    alike = [p for p in points if len(p.numbers) == width]
    return Trend(latest=lines[-1], count=len(lines), points=tuple(alike[-MOST_POINTS:]))


def numbers_of(value: str) -> tuple[float, ...]:
    """The numbers of a measured value; none where it is words, or a range, or a date.

    >>> numbers_of("125/73"), numbers_of("<0.5"), numbers_of("abnormal")
    ((125.0, 73.0), (0.5,), ())
    """
    parts = value.lstrip("<>=~ ").split("/")
    if not all(_NUMBER.fullmatch(part.strip()) for part in parts):
        return ()
    return tuple(float(part) for part in parts)
