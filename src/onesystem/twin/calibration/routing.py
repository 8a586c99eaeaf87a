"""Where people go on to: shares by class, with those of few people drawn to those of all.

A class's counts are multinomial about shares that are Dirichlet about the shares of everybody; how
strongly is what makes the counts most likely (Good, 1965, The Estimation of Probabilities).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

_STRENGTHS = np.geomspace(1, 1e5, 26)
ALIKE = 2e4  # at this strength classes do not differ


@dataclass(frozen=True)
class Ways:
    """Shares of a service's ways on: `all` of everybody, `by` class and way, rows sum to one."""

    targets: Any  # service numbers; -1 is out
    counts: Any
    all: Any
    by: Any
    strength: float

    @property
    def differ(self) -> bool:
        """Whether classes go different ways."""
        return self.strength < ALIKE


def ways(kind: Any, target: Any, classes: int) -> Ways:
    """The ways on of people of these classes to these services (-1 is out)."""
    targets, place = np.unique(target, return_inverse=True)
    counts = np.zeros((classes, len(targets)))
    np.add.at(counts, (kind, place), 1)
    shares = counts.sum(0) / max(counts.sum(), 1)
    strength = _strength(counts, shares)
    by = (counts + strength * shares) / (counts.sum(1, keepdims=True) + strength)
    return Ways(targets, counts, shares, by, strength)


def _strength(counts: Any, shares: Any) -> float:
    from scipy.special import gammaln

    rows = counts[counts.sum(1) > 0]
    if len(rows) < 2 or counts.shape[1] < 2:
        return float(_STRENGTHS[-1])

    def likely(a: float) -> float:
        prior = a * shares
        whole = gammaln(a) - gammaln(a + rows.sum(1))
        return float(whole.sum() + (gammaln(prior + rows) - gammaln(prior)).sum())

    return float(max(_STRENGTHS, key=likely))
