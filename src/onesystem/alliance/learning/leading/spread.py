"""How far leading is spread over professions or sectors. Pure.

The effective number of groups is Hill's number of order 1 (Hill 1973, Ecology 54:427-432): the
exponential of the entropy of the shares. Ten leaders of one profession count as one group, ten of
ten as ten. That leading should be spread is the King's Fund's reading of Canterbury (2013); using
this number for it is ours.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """People who lead, by group, and how many groups that comes to."""

    counts: tuple[tuple[str, int], ...]  # the most first

    @property
    def people(self) -> int:
        """How many they are."""
        return sum(count for _, count in self.counts)

    @property
    def effective(self) -> float:
        """Hill's number of order 1; 0 where nobody leads."""
        if not self.people:
            return 0.0
        shares = [count / self.people for _, count in self.counts]
        return math.exp(-sum(share * math.log(share) for share in shares))


def spread(groups: Iterable[str]) -> Spread:
    """The spread of one group a person."""
    return Spread(tuple(sorted(Counter(groups).items(), key=lambda each: (-each[1], each[0]))))
