"""The demo's clock: follows real time, and can be paused and made to run faster.

Its state is one small file, `live/clock.json`, that a command or a page may write: at the real
second `real` the demo's second was `demo`, and from then on it runs at `speed` (0 while paused).
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from onesystem.vocabulary import BadConfig

FILE = Path("live") / "clock.json"
SPEEDS = (1, 10, 60, 600)


@dataclass(frozen=True)
class Clock:
    """How the demo's time follows from real time, both in seconds since 1970."""

    real: float
    demo: float
    speed: float = 1.0
    paused: bool = False

    def at(self, real: float) -> float:
        """The demo's second at a real second."""
        return self.demo if self.paused else self.demo + max(0.0, real - self.real) * self.speed


def read(folder: Path) -> Clock:
    """The clock of a demo district; real time where nobody has set it."""
    try:
        return Clock(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        now = time.time()
        return Clock(now, now)


def write(folder: Path, clock: Clock) -> Clock:
    """Keep the clock, whole or not at all."""
    path = folder / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(asdict(clock)), encoding="utf-8")
    part.replace(path)
    return clock


def now(folder: Path) -> float:
    """The demo's present second."""
    return read(folder).at(time.time())


def change(folder: Path, *, speed: float | None = None, paused: bool | None = None) -> Clock:
    """Change speed or pause from now on; what has passed stays. Raises BadConfig."""
    clock, real = read(folder), time.time()
    if speed is not None and not 0 < speed <= max(SPEEDS):
        raise BadConfig(f"the speed is {speed:g}", f"Use one of {', '.join(map(str, SPEEDS))}.")
    return write(
        folder,
        Clock(
            real=real,
            demo=clock.at(real),
            speed=clock.speed if speed is None else speed,
            paused=clock.paused if paused is None else paused,
        ),
    )


def waken(folder: Path, reached: float) -> Clock:
    """The clock when the demo is switched on: real time, or where it was if it had run ahead."""
    clock, real = read(folder), time.time()
    if clock.paused:
        return clock
    return write(folder, Clock(real=real, demo=max(real, reached), speed=clock.speed))
