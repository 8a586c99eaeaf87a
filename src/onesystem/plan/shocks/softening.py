"""What would soften a shock: each lever on the same luck, ranked by what it takes away. Pure.

A lever takes away so much of what the shock added, in the first month (by default) and by one
figure. Levers whose interval holds 0 are told after those whose interval does not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.plan.shocks.windows import FIGURES, WINDOWS, Windows
from onesystem.twin.scenarios.comparing import Estimate, estimate, paired


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A figure in a window: without the shock, with it, and the difference by replication."""

    figure: str
    window: str
    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """What would soften it: how, whether it is in place or begun after, and what it takes away.

    `takes` is by window the difference in the ranking figure to the shock alone; `part` is how
    much of what the shock added that is.
    """

    key: str
    name: str
    kind: str
    takes: Mapping[str, Estimate]
    part: Mapping[str, float | None]


def effects(base: Windows, shocked: Windows) -> tuple[Effect, ...]:
    """What the shock does, figure by figure and window by window."""
    return tuple(
        Effect(
            figure=figure, window=window, before=estimate(base[figure, window].tolist()),
            after=estimate(shocked[figure, window].tolist()),
            difference=_gap(shocked[figure, window], base[figure, window]),
        )
        for figure in FIGURES for window in WINDOWS
    )  # fmt: skip


def softened(
    key: str, name: str, kind: str, base: Windows, shocked: Windows, then: Windows, figure: str
) -> Lever:
    """What a lever takes away."""
    takes, part = {}, {}
    for window in WINDOWS:
        gap = _gap(then[figure, window], shocked[figure, window])
        added = float((shocked[figure, window] - base[figure, window]).mean())
        takes[window] = gap
        part[window] = -gap.mean / added if added > 0 and gap.mean is not None else None
    return Lever(key=key, name=name, kind=kind, takes=takes, part=part)


def ranked(levers: Sequence[Lever], window: str) -> tuple[Lever, ...]:
    """Those that take most away first; those that may be chance after the others."""
    return tuple(sorted(levers, key=lambda e: (not sure(e, window), e.takes[window].mean or 0.0)))


def sure(lever: Lever, window: str) -> bool:
    """Whether what it takes away is more than chance."""
    high = lever.takes[window].high
    return high is not None and high < 0


def _gap(one: Any, other: Any) -> Estimate:
    return estimate(paired(one.tolist(), other.tolist()))
