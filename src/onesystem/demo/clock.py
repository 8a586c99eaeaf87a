"""The demo's clock: follows real time, and can be paused and made to run faster."""

import time
from pathlib import Path

from onesystem.district.clock import Clock, read, write
from onesystem.vocabulary import BadConfig

SPEEDS = (1, 10, 60, 600)


def clock_of(folder: Path) -> Clock:
    """The clock of a demo district; real time where nobody has set it."""
    real = time.time()
    return read(folder) or Clock(real, real)


def now(folder: Path) -> float:
    """The demo's present second."""
    return clock_of(folder).at(time.time())


def change(folder: Path, *, speed: float | None = None, paused: bool | None = None) -> Clock:
    """Change speed or pause from now on; what has passed stays. Raises BadConfig."""
    clock, real = clock_of(folder), time.time()
    if speed is not None and not 0 < speed <= max(SPEEDS):
        raise BadConfig(f"the speed is {speed:g}", f"Use one of {', '.join(map(str, SPEEDS))}.")
    return write(
        folder,
        Clock(
            real=real,
            here=clock.at(real),
            speed=clock.speed if speed is None else speed,
            paused=clock.paused if paused is None else paused,
        ),
    )


def waken(folder: Path, reached: float) -> Clock:
    """The clock when the demo is switched on: real time, or where it was if it had run ahead."""
    clock, real = clock_of(folder), time.time()
    if clock.paused:
        return clock
    return write(folder, Clock(real=real, here=max(real, reached), speed=clock.speed))


def set_to(folder: Path, second: float) -> Clock:
    """The clock at that second from now on, as fast as before."""
    clock = clock_of(folder)
    made = Clock(real=time.time(), here=second, speed=clock.speed, paused=clock.paused)
    return write(folder, made)
