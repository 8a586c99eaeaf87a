"""The least that a queue of many servers can cost: one loop, compiled, that knows nothing else.

It has a heap of ends and a ring of who waits, draws from one stream, and sums up the waits. No
classes, ways on, quantiles, occupancy, contacts or common random numbers: what is written for one
queue alone. Beside it one sees what a kernel for any network pays for all that.
"""

import math
import time
from typing import Any

import numpy as np
from numba import njit

compiled = njit(error_model="numpy")


@compiled
def _drawn() -> float:
    return -math.log(np.random.random())  # noqa: NPY002


@compiled
def _up(ends: Any, n: int, end: float) -> None:
    while n > 0 and ends[(n - 1) >> 1] > end:
        ends[n] = ends[(n - 1) >> 1]
        n = (n - 1) >> 1
    ends[n] = end


@compiled
def _down(ends: Any, size: int, end: float) -> None:
    n = 0
    while 2 * n + 1 < size:
        child = 2 * n + 1
        if child + 1 < size and ends[child + 1] < ends[child]:
            child += 1
        if ends[child] >= end:
            break
        ends[n] = ends[child]
        n = child
    ends[n] = end


@compiled
def _queue(customers: int, rate: float, servers: int, seed: int) -> float:
    """The mean wait of so many customers; compiled."""
    np.random.seed(seed)  # noqa: NPY002 - numba's own stream
    ends, ring = np.full(servers + 1, np.inf), np.zeros(1 << 20)
    busy = came = first = last = 0
    waited, arrives = 0.0, _drawn() / rate
    for _ in range(2 * customers):
        if came < customers and arrives <= ends[0]:
            now, came = arrives, came + 1
            arrives = now + _drawn() / rate
            if busy < servers:
                _up(ends, busy, now + _drawn())
                busy += 1
            else:
                ring[last & (len(ring) - 1)] = now
                last += 1
        else:
            now = ends[0]
            if last > first:
                waited += now - ring[first & (len(ring) - 1)]
                first += 1
                _down(ends, busy, now + _drawn())
            else:
                busy -= 1
                end, ends[busy] = ends[busy], np.inf
                if busy:
                    _down(ends, busy, end)
    return waited / customers


def rate(customers: int, servers: int = 20, load: float = 0.9) -> float:
    """Millions of events a CPU second; what is compiled once is not counted."""
    _queue(1000, load * servers, servers, 1)
    spent = []
    for _ in range(3):
        began = time.process_time()
        _queue(customers, load * servers, servers, 2)
        spent.append(time.process_time() - began)
    return round(2 * customers / min(spent) / 1e6, 2)
