"""Practices beside each other as somebody may see them: by name or as points, small counts hidden.

A practice sees itself by name and the others as points without names; who keeps the alliance, or
brings improvement, sees every name. Nothing is ever put in order of its ratio.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onesystem.alliance.learning.peers import adjusting
from onesystem.alliance.learning.peers.adjusting import ALARM, Funnel, Line
from onesystem.alliance.learning.peers.figures import Figure
from onesystem.flow.chances.seeing import Eyes

ANOTHER = "another practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: their practice's code, whether they see all names, and how they see counts."""

    mine: str
    names: bool
    eyes: Eyes
    name_of: Callable[[str], str]

    def name(self, practice: str) -> str:
        """A practice's name, where they may see it."""
        return self.name_of(practice) if self.names or practice == self.mine else ANOTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A practice's line as it is shown; `under` is years on the list, or discharges."""

    line: Line
    name: str
    named: bool
    under: float
    signal: int

    @property
    def inner(self) -> tuple[float, float]:
        """The limits at 95 %."""
        return self.line.limits()

    @property
    def outer(self) -> tuple[float, float]:
        """The limits at 99.8 %."""
        return self.line.limits(ALARM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One figure of every practice, in order of name; `hidden` were too small to show."""

    figure: Figure
    seen: tuple[Seen, ...]
    made: Funnel
    hidden: int

    def of(self, practice: str) -> Seen | None:
        """A practice's line; None where it is hidden, or nothing is expected."""
        return next((s for s in self.seen if s.line.practice == practice), None)

    @property
    def outside(self) -> int:
        """How many lie beyond the outer limits."""
        return sum(abs(s.signal) == 2 for s in self.seen)


def review(found: Mapping[str, Any], figure: Figure, viewer: Viewer) -> Review:
    """A figure of every practice, as somebody may see it."""
    cells = found["found"]
    under = cells["discharges"] if figure.of == "discharges" else found["people"]
    every = adjusting.lines(cells[figure.rule], under)
    # Where a practice lies goes by the counts as they are: moving them must not make a signal.
    made = adjusting.funnel(every)
    seen = [
        Seen(line=line, name=viewer.name(line.practice), signal=signal,
             named=viewer.names or line.practice == viewer.mine,
             under=sum(under[line.practice].values()))
        for each, signal in zip(every, made.signals, strict=True)
        if (line := _shown(each, found, figure, viewer)) is not None
    ]  # fmt: skip
    return Review(
        figure=figure, seen=tuple(sorted(seen, key=_by_name)), made=made,
        hidden=len(every) - len(seen),
    )  # fmt: skip


def _by_name(seen: Seen) -> tuple[str, float]:
    # Those without a name stand by size: the order of their codes would tell who they are.
    return seen.name.casefold(), seen.line.expected


def _shown(line: Line, found: Mapping[str, Any], figure: Figure, viewer: Viewer) -> Line | None:
    """The line with its count as they may see it; what is hidden is left out whole, since the
    counts of all add up to what is expected of all.
    """
    key = "\x1f".join((figure.code, found["start"], found["end"], line.practice))
    count = viewer.eyes.count(round(line.observed), key=key)
    if count is None:
        return None
    return Line(practice=line.practice, observed=count, expected=line.expected)


def profile(
    found: Mapping[str, Any], practice: str, bands: tuple[str, ...]
) -> list[tuple[str, float, float]]:
    """Of each age band, the share of a practice's list, and of all lists."""
    made = []
    mine, every = found["people"].get(practice, {}), found["people"].values()
    whole = sum(sum(each.values()) for each in every) or 1
    own = sum(mine.values()) or 1
    for band in bands:
        of = [sum(n for s, n in each.items() if s.endswith(f" {band}")) for each in (mine, *every)]
        made.append((band, of[0] / own, sum(of[1:]) / whole))
    return made
