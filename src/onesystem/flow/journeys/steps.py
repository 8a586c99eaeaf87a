"""Steps of many journeys in columns: the form that maps, paths and filters work on. Pure.

A *journey* is what one person went through for one reason (or one case of an event log), a *step*
is one contact in it (or one event). Columns are numpy arrays of one length; steps of a journey
lie together, oldest first, and steps of one moment keep the order in which they came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Small = NDArray[np.int32]  # a third of the memory of a log is its columns of codes
Mask = NDArray[np.bool_]

NOT_KNOWN = np.iinfo(np.int64).min  # a time that no source gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """`journey` counts from 0 without a gap; `kind` is a place in `names`.

    `start` and `end` are microseconds since 1970 in UTC (`end` may be NOT_KNOWN); `cost` is in
    minor units of money. `label` is what the source calls each journey: one per journey.
    """

    journey: Small
    kind: Small
    names: tuple[str, ...]
    start: Whole
    end: Whole
    cost: Whole
    label: NDArray[Any]

    @classmethod
    def of(
        cls,
        *,
        journey: NDArray[Any],
        kind: NDArray[Any],
        names: Sequence[str],
        start: NDArray[Any],
        end: NDArray[Any] | None = None,
        cost: NDArray[Any] | None = None,
    ) -> Self:
        """Columns in any order; they are sorted where they are not sorted yet.

        Raises ValueError where a kind has no name or the columns differ in length.
        """
        start = np.asarray(start, np.int64)
        end = np.full(len(start), NOT_KNOWN) if end is None else np.asarray(end, np.int64)
        cost = np.zeros(len(start), np.int64) if cost is None else np.asarray(cost, np.int64)
        kind = np.asarray(kind, np.int32)
        if len(kind) and (kind.min() < 0 or kind.max() >= len(names)):
            raise ValueError(f"a kind of step has no name: there are {len(names)} names")
        if len({len(journey), len(kind), len(start), len(end), len(cost)}) != 1:
            raise ValueError("the columns of steps differ in length")
        order = _order(journey, start)
        if order is not None:
            journey, kind, start, end, cost = (
                column[order] for column in (journey, kind, start, end, cost)
            )
        fresh = _changes(journey)
        return cls(
            journey=np.cumsum(fresh, dtype=np.int32) - np.int32(1),
            kind=kind,
            names=tuple(names),
            start=start,
            end=end,
            cost=cost,
            label=np.asarray(journey)[fresh],
        )

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def journeys(self) -> int:
        """How many journeys there are."""
        return len(self.label)

    @property
    def first(self) -> Whole:
        """Where each journey begins among the steps."""
        return np.flatnonzero(_changes(self.journey))

    @property
    def last(self) -> Whole:
        """Where each journey ends among the steps: the place of its last step."""
        first = self.first
        return np.append(first[1:], len(self))[: len(first)] - 1

    def only(self, chosen: Mask) -> "Steps":
        """The journeys for which `chosen` (one truth per journey) holds."""
        kept = chosen[self.journey]
        fresh = np.cumsum(chosen, dtype=np.int32) - np.int32(1)
        return Steps(
            journey=fresh[self.journey[kept]],
            kind=self.kind[kept],
            names=self.names,
            start=self.start[kept],
            end=self.end[kept],
            cost=self.cost[kept],
            label=self.label[chosen],
        )

    def place(self, name: str) -> int:
        """The kind of a name; -1 where no step has it."""
        return self.names.index(name) if name in self.names else -1


def _order(journey: NDArray[Any], start: Whole) -> NDArray[np.intp] | None:
    """The order that sorts steps; None where they lie in order already."""
    if len(start) < 2:
        return None
    later = journey[1:] > journey[:-1]
    same = journey[1:] == journey[:-1]
    if bool(np.all(later | (same & (start[1:] >= start[:-1])))):
        return None
    return np.lexsort((start, journey))


def _changes(journey: NDArray[Any]) -> Mask:
    fresh = np.ones(len(journey), np.bool_)
    if len(journey) > 1:
        fresh[1:] = journey[1:] != journey[:-1]
    return fresh
