"""The district's present: the world's, or that of a demo whose clock runs by itself.

A demo may be paused and may run faster than the world. Its clock is one small file, `clock.json`,
in the district folder: at the real second `real` the district's second was `here`, and from then
on it runs at `speed`, or stands still. A real district has no such file.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from onesystem.district.current import folder

FILE = "clock.json"


@dataclass(frozen=True, slots=True)
class Clock:
    """How the district's time follows from real time, both in seconds since 1970."""

    real: float
    here: float
    speed: float = 1.0
    paused: bool = False

    def at(self, real: float) -> float:
        """The district's second at a real second."""
        return self.here if self.paused else self.here + max(0.0, real - self.real) * self.speed


def read(place: Path) -> Clock | None:
    """The clock of a district folder; None where real time rules."""
    try:
        return Clock(**json.loads((place / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(place: Path, clock: Clock) -> Clock:
    """Keep the clock, whole or not at all."""
    part = place / f"{FILE}.{os.getpid()}.tmp"
    part.write_text(json.dumps(asdict(clock)), encoding="utf-8")
    part.replace(place / FILE)
    return clock


def now() -> datetime:
    """The present of the district that this process serves."""
    return datetime.now(UTC) + lead()


def lead() -> timedelta:
    """How far the district's present is ahead of the world's; behind it where negative."""
    place = folder()
    try:
        kept = os.stat(f"{place}/{FILE}")  # noqa: PTH116 - a page asks 200 times: no path is built
    except OSError:  # most districts have none
        return timedelta(0)
    real = time.time()
    clock = _as_written(place, kept.st_ino, kept.st_mtime_ns)
    return timedelta(seconds=clock.at(real) - real) if clock else timedelta(0)


@lru_cache(maxsize=8)
def _as_written(place: Path, _file: int, _written: int) -> Clock | None:
    """The clock as it was read first from that file: it is replaced, never written over."""
    return read(place)
