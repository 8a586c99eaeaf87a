"""Where each unknown stands among the columns of the matrix. Pure.

Work of a service by a group and unmet work, by period; staff hired, from an agency, in post, by
period; whether an option is on, by moment. Period and moment run fastest.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from onesystem.plan.portfolio.shape import Problem

UNIT = 100_000  # minor units to one of the solver's: numbers near 1 are solved best


@dataclass(frozen=True)
class Columns:
    """The blocks of columns of a problem."""

    problem: Problem

    @cached_property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Which group can do which service, by their places in the problem."""
        place = {each.name: n for n, each in enumerate(self.problem.groups)}
        return tuple(
            (n, place[name])
            for n, each in enumerate(self.problem.services)
            for name in (each.minutes or ())
        )

    @cached_property
    def free(self) -> tuple[int, ...]:
        """Services that need no staff of ours: done as far as money and places allow."""
        return tuple(n for n, each in enumerate(self.problem.services) if not each.minutes)

    @cached_property
    def _blocks(self) -> tuple[int, ...]:
        p = self.problem
        sizes = (
            (len(self.pairs) + len(self.free)) * p.periods, len(p.services) * p.periods,
            *[len(p.groups) * p.periods] * 3, len(p.choices) * p.moments,
        )  # fmt: skip
        return tuple(np.cumsum((0, *sizes)).tolist())

    @property
    def count(self) -> int:
        """How many columns there are."""
        return self._blocks[-1]

    @cached_property
    def work(self) -> Any:
        """By pair (then by service without staff) and period."""
        return self._block(0, len(self.pairs) + len(self.free), self.problem.periods)

    @cached_property
    def unmet(self) -> Any:
        """By service and period."""
        return self._block(1, len(self.problem.services), self.problem.periods)

    @cached_property
    def hired(self) -> Any:
        """By group and period."""
        return self._block(2, len(self.problem.groups), self.problem.periods)

    @cached_property
    def agency(self) -> Any:
        """By group and period."""
        return self._block(3, len(self.problem.groups), self.problem.periods)

    @cached_property
    def staff(self) -> Any:
        """By group and period: those in post."""
        return self._block(4, len(self.problem.groups), self.problem.periods)

    @cached_property
    def on(self) -> Any:
        """By option and moment."""
        return self._block(5, len(self.problem.choices), self.problem.moments)

    @cached_property
    def worked(self) -> Any:
        """The service of each row of `work`."""
        return np.array([*(s for s, _ in self.pairs), *self.free], np.int64)

    def _block(self, nth: int, rows: int, wide: int) -> Any:
        first, last = self._blocks[nth], self._blocks[nth + 1]
        return np.arange(first, last).reshape(rows, wide)

    def at(self, period: Any, lag: int = 0) -> Any:
        """The moment that says whether an option is on in a period, that much later; -1 before."""
        return np.minimum(
            (np.asarray(period) - lag) // self.problem.every, self.problem.moments - 1
        )
