"""Which bed of a ward a stay gets: the one that has been free the longest."""

import heapq
from dataclasses import dataclass, field

import numpy as np

from onesystem.demo.seconds import DAY


@dataclass
class Beds:
    """When each bed of each ward becomes free; kept from one block of time to the next."""

    free: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def take(
        self,
        ward: np.ndarray,
        started: np.ndarray,
        ended: np.ndarray,
        size: dict[int, int],
        others: dict[int, list[int]],
        *,
        shut: tuple[list[int], np.ndarray] | None = None,
        crowd: bool = True,
    ) -> tuple[np.ndarray, np.ndarray]:
        """A ward and a bed number for each stay.

        Who finds the ward full goes to the first of the `others` with a free bed. When all are
        full, the largest of them puts up another bed, as wards do; where they are not to `crowd`
        nobody is taken in: bed 0. `shut` names wards of a season, and says of each stay whether
        they are closed when it begins.
        """
        place, bed = ward.copy(), np.zeros(len(ward), dtype=np.int64)
        order = np.argsort(started, kind="stable")
        seasonal, closed = shut or ([], np.zeros(len(ward), dtype=bool))
        rows = zip(order.tolist(), ward[order].tolist(), started[order].tolist(),
                   ended[order].tolist(), closed[order].tolist(), strict=True)  # fmt: skip
        for row, wanted, start, end, now_shut in rows:
            open_to = [o for o in others.get(wanted, ()) if not (now_shut and o in seasonal)]
            where = self._free_ward(wanted, start, size, open_to)
            beds = self.free[where]
            free = bool(beds) and beds[0][0] <= start
            if not free and not crowd:
                continue
            number = heapq.heappop(beds)[1] if free else _next(beds)
            heapq.heappush(beds, (end, number))
            place[row], bed[row] = where, number
        return place, bed

    def wait(
        self, home: np.ndarray, wished: np.ndarray, ended: np.ndarray, gone: np.ndarray,
        size: dict[int, int],
    ) -> np.ndarray:  # fmt: skip
        """When each moves in: as wished, or the day after a place has become free.

        Who wished first comes first. `ended` is when they would go again had they come as wished,
        `gone` when they die or move away.
        """
        begun = wished.copy()
        for row in np.argsort(wished, kind="stable").tolist():
            where = int(home[row])
            places = self.free.setdefault(where, [(0, n + 1) for n in range(size[where])])
            free, number = places[0]
            if free > wished[row]:
                begun[row] = free + DAY
            if begun[row] < gone[row]:
                end = int(min(ended[row] - wished[row] + begun[row], gone[row]))
                heapq.heapreplace(places, (end, number))
        return begun

    def _free_ward(self, wanted: int, start: int, size: dict[int, int], others: list[int]) -> int:
        for where in (wanted, *others):
            if where not in self.free:
                self.free[where] = [(0, n + 1) for n in range(size.get(where, 6))]
            beds = self.free[where]
            while beds and beds[0][0] <= start and beds[0][1] > size.get(where, 6):
                heapq.heappop(beds)  # one that had been put up is put away
            if beds and beds[0][0] <= start:
                return where
        return max((wanted, *others), key=lambda where: size.get(where, 6))


def _next(beds: list[tuple[int, int]]) -> int:
    """The number of a bed that is put up: the first that no other has."""
    taken = {number for _, number in beds}
    return next(n for n in range(1, len(beds) + 2) if n not in taken)
