"""Jobs of a served district that nobody waits for: each is done in a process of its own.

A look whether there is anything to do takes little. The work brings engines and people into
memory that nothing else here needs, and a process seldom gives back what it once had; so it is
done by a process that comes, works until nothing is left, and goes. Jobs of different kinds do not
wait for each other.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from onesystem.cli.lean import Growth
from onesystem.web import counting

TICK = 0.2  # seconds between looks at what is due
_GROWN = 10.0  # seconds between looks at how large this process is
_GRACE = 8.0  # seconds for a part that is being worked on when all is to stop
_SOON = 0.1  # seconds between two parts of the same work, in which others get their turn
BEHIND = 10  # how much lower the priority is of what is done behind all that is served
_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of linux/prctl.h

_log = structlog.get_logger(__name__)


@dataclass
class Job:
    """Something to do now and then: `waits` looks, and `work` does a part; whether more is left.

    `work` is told how to ask whether it is to stop.
    """

    name: str
    waits: Callable[[], bool]
    work: Callable[[Callable[[], bool]], bool]
    every: float  # seconds between looks
    stays: bool = False  # the process stays for as long as anything waits, though no part is left
    behind: bool = False  # whatever is served goes before it
    due: float = 0.0
    begun: float = 0.0
    pid: int = 0


class Stop:
    """Whether this process was told to stop."""

    def __init__(self) -> None:
        self._told = False
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._tell)

    def __call__(self) -> bool:
        """Whether it was."""
        return self._told

    def _tell(self, _signal: int, _frame: object) -> None:
        self._told = True


def tend(jobs: Iterable[Job]) -> None:
    """Look after the jobs until told to stop, or until this process has grown: then a fresh one
    is to take its place.
    """
    every, stop, growth = list(jobs), Stop(), Growth()
    looked = time.monotonic()
    try:
        while not stop():
            look(every)
            if time.monotonic() - looked > _GROWN:
                looked = time.monotonic()
                if not any(job.pid for job in every) and growth.too_much():
                    return
            time.sleep(TICK)
    finally:
        _end(every)


def look(jobs: Iterable[Job]) -> None:
    """Look at each job that is due, and begin those that have something to do."""
    for job in jobs:
        if job.pid and (ended := os.waitpid(job.pid, os.WNOHANG))[0]:
            _count(job, ended[1])
            job.pid, job.due = 0, time.monotonic() + job.every
        if not job.pid and time.monotonic() >= job.due:
            job.due = time.monotonic() + job.every
            if _waits(job):
                job.begun, job.pid = time.monotonic(), _begin(job)


def _count(job: Job, status: int) -> None:
    table = counting.table()
    table.time(counting.JOBS, time.monotonic() - job.begun, job=job.name)
    if status:
        table.add(counting.FAILED, job=job.name)
    else:
        table.put(counting.DONE, time.time(), job=job.name)


def _waits(job: Job) -> bool:
    from django.db import DatabaseError

    try:
        return job.waits()
    except DatabaseError as error:
        _log.warning("a look failed; it is tried again", job=job.name, why=type(error).__name__)
        return False


def _begin(job: Job) -> int:
    """Do the work of a job in a process that ends with it; its number."""
    from django.db import connections

    connections.close_all()  # a connection never crosses a fork
    parent = os.getpid()
    if pid := os.fork():
        return pid
    code = 1
    try:
        stop = Stop()
        _end_with(parent)
        if job.behind:
            os.nice(BEHIND)
        _work(job, stop)
        code = 0
    except Exception:  # noqa: BLE001 - whatever it was, the other jobs go on
        _log.exception("a job failed; it is tried again", job=job.name)
    finally:
        with suppress(Exception):
            connections.close_all()
        os._exit(code)


def _work(job: Job, stop: Stop) -> None:
    growth = Growth()
    while not stop():
        if job.work(stop):
            time.sleep(_SOON)
        elif not job.stays or growth.too_much():
            return
        else:
            time.sleep(job.every)
            if not _waits(job):
                return


def _end_with(parent: int) -> None:
    """Be killed when the parent is gone, so that no two ever do the same job (Linux only)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _end(jobs: list[Job]) -> None:
    running = [job for job in jobs if job.pid]
    for job in running:
        os.kill(job.pid, signal.SIGTERM)
    until = time.monotonic() + _GRACE
    while running and time.monotonic() < until:
        running = [job for job in running if not os.waitpid(job.pid, os.WNOHANG)[0]]
        time.sleep(0.05)
