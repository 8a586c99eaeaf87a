"""A look is on the disk before its page leaves, and the page is made while the disk works.

SQLite waits for the disk with the writers' lock in hand: sixteen who look at once would wait for
sixteen turns of the disk, one after another. So a look is committed first, which gives the lock
back, and then the journal is brought to the disk by a thread. Whoever answers waits for that
thread. After a crash in between the look is gone, and so is the page, which nobody has seen.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any

from onesystem.access import quick


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
    return _disk(os.getpid()).submit(bring, journal)


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


@lru_cache(maxsize=1)
def _disk(_process: int) -> ThreadPoolExecutor:
    """The thread that waits for the disk; a thread does not come over a fork."""
    return ThreadPoolExecutor(1, thread_name_prefix="disk")
