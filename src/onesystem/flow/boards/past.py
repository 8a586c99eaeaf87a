"""Gridlock in hours that are over, by the contacts of the log: as a look at the hour saw it. Pure.

Nobody looked at a board before there was one, and nobody looks while it is switched off. The log
still says who was where. The definition is the board's own (`gridlock`, `now`); a test holds the
two against each other. Times are whole microseconds since 1970 in UTC, NEVER where there is none.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from onesystem.flow.boards.gridlock import Limits

NEVER = 1 << 62


class Stays(NamedTuple):
    """The contacts of one service in columns of the same length, none of them cancelled.

    `longest` is after how long a stay has lost its end; `capacity` how many the service can hold
    at each hour that is asked, -1 where nobody has said.
    """

    requested: Any
    planned: Any
    started: Any
    ready: Any
    ended: Any
    longest: int = NEVER
    capacity: Any = None

    def here(self, hours: Any) -> Any:
        """How many were there at each hour."""
        return _held(self.started, self._gone(), hours)

    def waiting(self, hours: Any) -> Any:
        """How many waited for a place at each hour; who is booked from the time booked."""
        due = np.maximum(self.requested, np.where(self.planned == NEVER, 0, self.planned))
        return _held(due, np.minimum(self.started, self.ended), hours)

    def ready_to_go(self, hours: Any) -> Any:
        """How many were there, and ready to leave, at each hour."""
        return _held(np.maximum(self.started, self.ready), self._gone(), hours)

    def _gone(self) -> Any:
        lost = np.minimum(self.started, NEVER - self.longest) + self.longest + 1
        return np.minimum(self.ended, lost)


def gridlocked(
    beds: Sequence[Stays], gates: Sequence[Stays], limits: Limits, hours: Any
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether an organisation was gridlocked at each hour: its wards, and its EDs."""
    here, capacity, said = (np.zeros(len(hours), dtype=np.int64) for _ in range(3))
    waiting = np.zeros(len(hours), dtype=np.int64)
    for ward in beds:
        known = ward.capacity >= 0
        here += np.where(known, ward.here(hours), 0)
        capacity += np.where(known, ward.capacity, 0)
        said += known
        waiting += ward.waiting(hours)
    for gate in gates:
        waiting += gate.ready_to_go(hours)
    full = (said > 0) & (capacity > 0) & (here > limits.occupancy * capacity)
    return full & (waiting >= limits.waiting)


def _held(begins: Any, ends: Any, hours: Any) -> Any:
    """How many stretches hold each hour: begun by then, and not ended by then."""
    real = begins < ends
    begun = np.searchsorted(np.sort(begins[real]), hours, side="right")
    return begun - np.searchsorted(np.sort(ends[real]), hours, side="right")
