"""What a two-way fixed-effects regression compares when units begin at different times.

Goodman-Bacon 2021, J Econometrics 225:254-277: its coefficient is an average of two-by-two
comparisons, with weights that follow from the size of each group and how long it was treated.
Late against early starters are forbidden comparisons: the early are already treated.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from onesystem.evidence.panel import Panel

Array = Any


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of comparison: its weight, and the average of its estimates."""

    kind: str
    weight: float
    average: float


@dataclass(frozen=True, slots=True)
class Decomposed:
    """A two-way estimate and what it is made of."""

    estimate: float
    parts: tuple[Part, ...]

    @property
    def forbidden(self) -> float:
        """The weight of late against early starters."""
        return sum(p.weight for p in self.parts if p.kind == "later against earlier treated")


def decompose(data: Panel) -> Decomposed:
    """The parts of the two-way estimate of a balanced panel."""
    begins, never = data.begins, len(data.periods)
    groups = sorted({int(b) for b in begins if 0 < b < never})
    share = {g: float((begins == g).mean()) for g in [*groups, never]}
    mean = {g: data.mean_of(begins == g) for g in [*groups, never] if share[g] > 0}
    on = {g: 1 - g / never for g in groups}  # the share of time treated
    found: list[tuple[str, float, float]] = []
    if share[never] > 0:
        for g in groups:
            weight = share[g] * share[never] * on[g] * (1 - on[g])
            found.append(
                ("treated against untreated", weight, _two(mean[g], mean[never], g, 0, never))
            )
    for early, late in combinations(groups, 2):
        both = share[early] * share[late]
        weight = both * (on[early] - on[late]) * (1 - on[early])
        found.append(
            ("earlier against later treated", weight, _two(mean[early], mean[late], early, 0, late))
        )
        weight = both * on[late] * (on[early] - on[late])
        found.append(
            ("later against earlier treated", weight,
             _two(mean[late], mean[early], late, early, never))
        )  # fmt: skip
    total = sum(w for _, w, _ in found)
    parts = []
    for kind in dict.fromkeys(k for k, _, _ in found):
        mine = [(w, v) for k, w, v in found if k == kind]
        weight = sum(w for w, _ in mine)
        average = sum(w * v for w, v in mine) / weight if weight else float("nan")
        parts.append(Part(kind, weight / total if total else 0.0, average))
    estimate = sum(w * v for _, w, v in found) / total if total else float("nan")
    return Decomposed(estimate, tuple(parts))


def _two(one: Array, two: Array, cut: int, first: int, last: int) -> float:
    """Difference in differences of two series, cut at a place, within a window."""
    return float(
        (np.mean(one[cut:last]) - np.mean(one[first:cut]))
        - (np.mean(two[cut:last]) - np.mean(two[first:cut]))
    )


def two_way(data: Panel) -> float:
    """The coefficient of a regression with effects of unit and period, for comparison."""
    on = (np.arange(len(data.periods))[None, :] >= data.begins[:, None]).astype(float)

    def swept(a: Array) -> Array:
        return a - a.mean(axis=1, keepdims=True) - a.mean(axis=0, keepdims=True) + a.mean()

    d = swept(on)
    return float(np.sum(d * swept(data.values)) / np.sum(d * d))
