"""Keeping the processes of a served district alive.

One parent loads Django once and forks the rest, so that they share its memory. A child that dies
is started again, later each time it dies soon; the parent's end is the end of all.
"""

import fcntl
import gc
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from onesystem.cli import lean
from onesystem.cli.opened import say
from onesystem.vocabulary import Busy
from onesystem.web import counting

_LOCK = "serve.lock"
_SOON = 10.0  # a child that lived shorter than this waits before it is started again
_GRACE = 10.0


@dataclass
class Child:
    """One process: its name and what it runs until it ends."""

    name: str
    run: Callable[[], None]
    once: bool = False  # not started again when it has ended
    pid: int = 0
    born: float = 0.0
    due: float = 0.0
    falls: int = 0


def hold(folder: Path) -> int:
    """The lock of the one `serve` of a district. Raises Busy where another holds it."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy(f"{folder} is being served already", "Stop that first, or open it.") from None
    return handle


def serving(folder: Path) -> bool:
    """Whether some process serves this district now."""
    try:
        os.close(hold(folder))
    except Busy:
        return True
    return False


def keep(children: list[Child], *, settled: Callable[[], None] | None = None) -> None:
    """Run the children until this process is told to stop (SIGTERM or Ctrl-C).

    A child that ends by itself without an error is started again at once: it made room for a
    fresh one. `settled` is called once, when all of them run.
    The caller has no other thread: a lock that one holds would stay locked in every child.
    """
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    gc.freeze()  # what is loaded now is shared by all children and never collected
    lean.fill_gaps()
    while not stopping:
        for child in children:
            if not child.pid and time.monotonic() >= child.due:
                _start(child)
        if settled:
            settled()
            settled = None
        _reap(children, quiet=False)
        time.sleep(0.2)
    _end(children)


def _start(child: Child) -> None:
    child.born = time.monotonic()
    counting.table().add(counting.STARTS, process=child.name)
    pid = os.fork()
    if pid:
        child.pid = pid
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, who tells the rest
    code = 1
    try:
        child.run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException as error:  # noqa: BLE001 - the last line of defence of a process
        say(f"{child.name}: {type(error).__name__}: {error}")
    finally:
        os._exit(code)


def _reap(children: list[Child], *, quiet: bool) -> None:
    for child in children:
        if not child.pid:
            continue
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if not pid:
            continue
        child.pid = 0
        if child.once:
            child.due = float("inf")
            continue
        code = os.waitstatus_to_exitcode(status)
        if not code:
            child.falls, child.due = 0, time.monotonic()
            continue
        soon = time.monotonic() - child.born < _SOON
        child.falls = child.falls + 1 if soon else 0
        child.due = time.monotonic() + min(30, 2**child.falls - 1)
        if not quiet:
            say(f"{child.name} ended ({code}); starting it again")


def _end(children: list[Child]) -> None:
    for child in children:
        if child.pid:
            os.kill(child.pid, signal.SIGTERM)
    until = time.monotonic() + _GRACE
    while any(child.pid for child in children) and time.monotonic() < until:
        _reap(children, quiet=True)
        time.sleep(0.05)
    for child in children:
        if child.pid:
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
