"""Flags into a score, line by line: what was counted, and the points that it gives. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onesystem.flow.coordination.definitions import Flag


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a flag counted. `at` in microseconds; `amount` is 1, or nights of a stay."""

    at: int
    service: str
    source: str
    said: str = ""
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: a flag, how many facts, the points."""

    flag: str
    count: int
    points: int
    facts: tuple[Fact, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The senders that the line rests on, by name."""
        return tuple(sorted({fact.source for fact in self.facts} - {""}))

    @property
    def newest(self) -> int:
        """When its newest fact was, in microseconds; 0 without facts."""
        return max((fact.at for fact in self.facts), default=0)


def points(flag: Flag, count: int) -> int:
    """What so many facts give: nothing below the least, then `points` and `more` for each beyond.

    The ambulance's second window has a larger least: what was found at all is worth the points.
    """
    return min(flag.most, flag.points + flag.more * max(0, count - flag.least))


def line(flag: Flag, facts: Sequence[Fact]) -> Line:
    """The line of facts that reach the flag's least."""
    count = sum(fact.amount for fact in facts)
    newest = sorted(facts, key=lambda each: (-each.at, each.service, each.said))
    return Line(flag.name, count, points(flag, count), tuple(newest))


def score(lines: Iterable[Line]) -> int:
    """The score: the sum of the lines."""
    return sum(each.points for each in lines)


def working(flag: Flag, count: int, given: int) -> str:
    """One line of the working in words."""
    beyond = max(0, count - flag.least)
    if not flag.more or not beyond:
        return f"{flag.points} for {flag.least} or more"
    summed = flag.points + flag.more * beyond
    said = f"{flag.points} for {flag.least}, and {flag.more} for each of {beyond} more"
    return f"{said}; at most {flag.most}" if summed > given else said
