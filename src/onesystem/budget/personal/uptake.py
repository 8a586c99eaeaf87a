"""How many hold a personal budget, against what was hoped and promised, at a district's size. Pure.

five million of 54,316,600 is 9.2 %; of 100,000 people that is 9,205
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.personal.programme import Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """A goal at the district's size, and how far it is."""

    goal: Goal
    here: int  # people of the district, for the same share
    reached: int

    @property
    def share(self) -> int:
        """Whole per cent of it."""
        return round(100 * self.reached / self.here) if self.here else 0


def here_of(goal: Goal, population: int) -> int:
    """The goal as a share of this population, in whole people."""
    return round(Fraction(goal.people) * population / goal.of)


def against(goals: Iterable[Goal], population: int, reached: int) -> list[Against]:
    """Each goal at the district's size."""
    return [Against(goal=g, here=here_of(g, population), reached=reached) for g in goals]
