"""A look is on the disk before its page leaves, and the page is made while the disk works.

SQLite waits for the disk with the writers' lock in hand: sixteen who look at once would wait for
sixteen turns of the disk, one after another. So a look is committed first, which gives the lock
back, and then the journal is brought to the disk by a thread. Whoever answers waits for that
thread. After a crash in between the look is gone, and so is the page, which nobody has seen.

Whoever commits when the journal is long would carry it into the store, and whoever asks would wait
meanwhile: so a thread of its own carries it before it is long.
"""

import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import lru_cache
from typing import Any

from onesystem.access import quick

_OFTEN = 100  # turns of the disk between two times that the journal is carried


def soon(write: Callable[[], object]) -> "Future[None] | None":
    """Let `write` commit, and bring it to the disk meanwhile; `result()` waits for that.

    None where it is there already: on PostgreSQL, and inside a transaction, which is not over. The
    result raises OSError where the disk failed.
    """
    journal = journal_of(quick.store())
    if journal is None:
        write()
        return None
    driver = quick.driver()
    driver.execute("PRAGMA synchronous=NORMAL")  # a commit does not wait for the disk
    try:
        write()
    finally:
        driver.execute("PRAGMA synchronous=FULL")
    return _disk(os.getpid()).turn(journal)


def journal_of(store: Any) -> str | None:
    """The journal that a commit is written to; None where a commit has to wait for the disk."""
    if store.vendor != "sqlite" or store.in_atomic_block:
        return None
    path = f"{store.settings_dict['NAME']}-wal"
    return path if os.access(path, os.F_OK) else None


def bring(journal: str) -> None:
    """Bring what was written to a file to the disk, whoever wrote it. Raises OSError.

    A journal that has begun anew meanwhile was carried into the store first, by way of the disk.
    """
    handle = os.open(journal, os.O_RDONLY)
    try:
        os.fdatasync(handle)
    finally:
        os.close(handle)


def carry(store: str) -> None:
    """Carry the journal into the store, as far as that keeps nobody waiting."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(store, timeout=0)) as own:
        own.execute("PRAGMA wal_checkpoint(PASSIVE)")


class _Disk:
    """The thread that waits for the disk. Who has committed before it begins shares its turn."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        self._carrier = ThreadPoolExecutor(1, thread_name_prefix="carrier")
        self._lock = threading.Lock()
        self._next: tuple[str, Future[None]] | None = None
        self._turns = 0

    def turn(self, journal: str) -> "Future[None]":
        """The next turn of the disk; it begins after this."""
        with self._lock:
            if self._next is None or self._next[0] != journal:
                self._next = journal, self._thread.submit(self._bring, journal)
            return self._next[1]

    def _bring(self, journal: str) -> None:
        with self._lock:
            self._next = None
            self._turns += 1
        if self._turns % _OFTEN == 0:
            self._carrier.submit(carry, journal.removesuffix("-wal"))
        bring(journal)


@lru_cache(maxsize=1)
def _disk(_process: int) -> _Disk:
    """The disk of a process: a thread does not come over a fork."""
    return _Disk()
