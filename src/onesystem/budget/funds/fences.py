"""Ring fences, floors and ceilings: rules that hold over the whole result of every move.

ring     what was given for something stays there: its lines, and what its fund has not allotted,
         hold at least the level. A pound lies within one ring only: where rings overlap, the
         lines of any of them together must hold what all of them ask (Hall's condition).
floor    at least the level is planned there, such as last year's spend on mental health.
ceiling  at most the level is planned there.

A rule looks at what the plan of the year comes to, never at one move by itself: money that left in
three steps has left. While a fence is not yet reached (a year that is being allotted), whatever
does not make it worse may be done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations

from onesystem.budget.funds.shape import Line, Where, total
from onesystem.vocabulary.said import say, say_each

RING, FLOOR, CEILING = "ring", "floor", "ceiling"
KINDS = (RING, FLOOR, CEILING)
AMOUNT, CONTRIBUTED, SHARE, LAST_YEAR = "amount", "contributed", "share", say("last year")
BASES = say_each(
    {
        AMOUNT: "an amount a year",
        CONTRIBUTED: "a share of what was contributed to its fund this year",
        SHARE: "a share of the whole plan of this year",
        LAST_YEAR: "a share of what was spent there last year",
    }
)
MOST_OVERLAPPING = 12  # rings that ask of the same lines: each set of them is looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One rule, as dated data: what `where` must hold, by which basis, and who says so."""

    code: str
    name: str
    kind: str
    where: Where
    basis: str = AMOUNT
    amount: int = 0
    share: Fraction = Fraction(1)
    fund: str = ""
    source: str = ""
    since: date = date.min
    until: date | None = None
    number: int = 0

    def holds(self, first: date, last: date) -> bool:
        """Whether it is in force in any month of a year."""
        return self.since <= last and (self.until is None or self.until >= first)

    def covers(self, line: Line) -> bool:
        """Whether a line lies within. What a ring's own fund has not allotted is still inside."""
        inside = self.kind == RING and line.unallotted and line.fund == self.fund
        return inside or self.where.covers(line)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a year comes to, in minor units: plan by line, contributions by fund, last year's."""

    plan: Mapping[str, int] = field(default_factory=dict)
    contributed: Mapping[str, int] = field(default_factory=dict)
    spent_before: Mapping[str, int] = field(default_factory=dict)

    def after(self, changes: Mapping[str, int]) -> "Holding":
        """The same with the lines' plans changed by so much."""
        plan = dict(self.plan)
        for line, amount in changes.items():
            plan[line] = plan.get(line, 0) + amount
        return Holding(plan, self.contributed, self.spent_before)


@dataclass(frozen=True, slots=True)
class State:
    """A fence as it stands: what it asks, what is there, and by how much it is missed."""

    fence: Fence
    level: int
    held: int

    @property
    def missed(self) -> int:
        """By how much; 0 where it is kept."""
        over = self.held - self.level
        return max(0, over if self.fence.kind == CEILING else -over)


@dataclass(frozen=True, slots=True)
class Broken:
    """Fences that a result would break, together where they ask for the same pounds."""

    fences: tuple[Fence, ...]
    level: int
    held: int
    missed: int


def level(fence: Fence, lines: Sequence[Line], holding: Holding) -> int:
    """What a fence asks for: a part of a penny is rounded up for a ring or floor, else down."""
    if fence.basis == AMOUNT:
        return fence.amount
    base = {
        CONTRIBUTED: lambda: holding.contributed.get(fence.fund, 0),
        SHARE: lambda: sum(holding.plan.values()),
        LAST_YEAR: lambda: total(lines, holding.spent_before, fence.where),
    }[fence.basis]()
    exact = fence.share * base
    return exact.__floor__() if fence.kind == CEILING else exact.__ceil__()


def states(fences: Sequence[Fence], lines: Sequence[Line], holding: Holding) -> list[State]:
    """Each fence as it stands, by itself."""
    return [
        State(
            fence,
            level(fence, lines, holding),
            sum(holding.plan.get(line.code, 0) for line in lines if fence.covers(line)),
        )
        for fence in fences
    ]


def broken(
    fences: Sequence[Fence], lines: Sequence[Line], before: Holding, after: Holding
) -> list[Broken]:
    """The fences that a result misses by more than they were missed before."""
    was = {s.fence.code: s.missed for s in states(fences, lines, before)}
    now = states(fences, lines, after)
    found = [
        Broken((s.fence,), s.level, s.held, s.missed) for s in now if s.missed > was[s.fence.code]
    ]
    if found:
        return found
    worst_was = {frozenset(f.code for f in b.fences): b for b in together(fences, lines, before)}
    return [
        each
        for each in together(fences, lines, after)
        if (old := worst_was.get(frozenset(f.code for f in each.fences))) is None
        or each.missed > old.missed
    ]


def together(fences: Sequence[Fence], lines: Sequence[Line], holding: Holding) -> list[Broken]:
    """Sets of overlapping rings that ask for more than the lines of any of them hold."""
    found = []
    for group in overlapping(fences, lines):
        asked = {s.fence.code: s.level for s in states(group, lines, holding)}
        for size in range(2, len(group) + 1):
            for some in combinations(group, size):
                held = sum(
                    max(0, holding.plan.get(line.code, 0))
                    for line in lines
                    if any(f.covers(line) for f in some)
                )
                wanted = sum(asked[f.code] for f in some)
                if wanted > held:
                    found.append(Broken(some, wanted, held, wanted - held))
    return found


def overlapping(fences: Sequence[Fence], lines: Sequence[Line]) -> list[list[Fence]]:
    """Rings in groups that share a line with one another, directly or by others of the group."""
    rings = [fence for fence in fences if fence.kind == RING]
    inside = {f.code: {line.code for line in lines if f.covers(line)} for f in rings}
    groups: list[tuple[list[Fence], set[str]]] = []
    for ring in rings:
        near = [g for g in groups if g[1] & inside[ring.code]]
        merged = [f for g in near for f in g[0]] + [ring]
        codes = set().union(inside[ring.code], *(g[1] for g in near))
        groups = [g for g in groups if g not in near] + [(merged, codes)]
    return [group for group, _ in groups if len(group) > 1]
