"""Times, names and lists as the numbers that the kernel counts with."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.model import Schedule


def guide(rising: Any) -> list[float]:
    """Where `draws.first_above` begins to look in a list: how many are at most k / its length."""
    steps = np.arange(len(rising)) / len(rising)
    return [float(n) for n in np.searchsorted(rising[:-1], steps, side="right")]


def steps(schedule: Schedule, begins: float, ends: float) -> Iterator[tuple[float, int]]:
    """The number of a schedule at a time, and each later change of it before another."""
    number, around = schedule.changes[0][1], 0
    if schedule.every is not None:
        around = int(begins // schedule.every)
        number = schedule.changes[-1][1] if around else number
    first = True
    while True:
        for when, new in schedule.changes:
            time = when + around * (schedule.every or 0.0)
            if time > begins:
                if first:
                    yield begins, number
                    first = False
                if time >= ends:
                    return
                yield time, new
            number = new
        around += 1
        if schedule.every is None:
            if first:
                yield begins, number
            return


def ticks(time: float) -> int:
    """A time in the model's unit as ticks."""
    return round(time * at.TICKS)


def signed(name: str) -> int:
    """A name as 64 bits, the same on every machine."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little", signed=True)
