"""What happens between two moments, in order of time: one happening for each step of a contact."""

from dataclasses import dataclass

import numpy as np

from onesystem.demo.people import NEVER
from onesystem.demo.streams import Stream

STEPS = ("requested", "started", "ready", "ended")


@dataclass(frozen=True, order=True)
class Happening:
    """A step of a contact: `row` of the stream of that series."""

    at: int
    series: str
    row: int
    step: str


def happenings(streams: dict[str, Stream], after: int, until: int) -> list[Happening]:
    """Every step after one second and up to another.

    A stretch that a move ended says so by the start of the next, so its own end is no happening.
    """
    found: list[Happening] = []
    for series, made in streams.items():
        moved = _moved(made)
        for step in STEPS:
            times = getattr(made, step)
            now = (times > after) & (times <= until) & (times < NEVER)
            if step == "ended":
                now &= ~moved
            if step == "ready":
                now &= made.ended > times
            found += [
                Happening(int(times[row]), series, int(row), step) for row in np.flatnonzero(now)
            ]
    found.sort()
    return found


def _moved(made: Stream) -> np.ndarray:
    """First stretches that are followed by another."""
    followed = made.number[made.part > 1]
    return (made.part == 1) & np.isin(made.number, followed)  # type: ignore[no-any-return]
