"""Which bed of a ward a stay gets: the one that has been free the longest."""

import heapq
from dataclasses import dataclass, field

import numpy as np


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
    ) -> tuple[np.ndarray, np.ndarray]:
        """A ward and a bed number for each stay.

        Who finds the ward full goes to the first of the `others` with a free bed; when all are
        full, the ward puts up another bed, as wards do.
        """
        place, bed = ward.copy(), np.zeros(len(ward), dtype=np.int64)
        order = np.argsort(started, kind="stable")
        rows = zip(order.tolist(), ward[order].tolist(), started[order].tolist(),
                   ended[order].tolist(), strict=True)  # fmt: skip
        for row, wanted, start, end in rows:
            where = self._free_ward(wanted, start, size, others)
            beds = self.free[where]
            number = heapq.heappop(beds)[1] if beds and beds[0][0] <= start else len(beds) + 1
            heapq.heappush(beds, (end, number))
            place[row], bed[row] = where, number
        return place, bed

    def _free_ward(
        self, wanted: int, start: int, size: dict[int, int], others: dict[int, list[int]]
    ) -> int:
        for where in (wanted, *others.get(wanted, ())):
            if where not in self.free:
                self.free[where] = [(0, n + 1) for n in range(size.get(where, 6))]
            if self.free[where] and self.free[where][0][0] <= start:
                return where
        return wanted
