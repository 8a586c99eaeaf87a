"""Whose turn it is to tell a demo on: the live feed of a served demo, or a leap over months.

Each holds a lock while it tells. Who wants to leap says so by a second lock, for which the live
feed looks before each step: it then waits, and begins again from where the leap has ended. Locks
end with their process, so nothing is left behind by one that was killed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from onesystem.demo.progress import FOLDER

_TURN, _LEAP = "turn.lock", "leap.lock"


@contextmanager
def taken(folder: Path) -> Iterator[None]:
    """Tell, while nobody else does."""
    with _held(folder / FOLDER / _TURN):
        yield


@contextmanager
def leaping(folder: Path) -> Iterator[None]:
    """Tell months at once, while the live feed waits."""
    with _held(folder / FOLDER / _LEAP), taken(folder):
        yield


def leap_wanted(folder: Path) -> bool:
    """Whether somebody leaps, or waits to do so."""
    handle = os.open(folder / FOLDER / _LEAP, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def _held(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
