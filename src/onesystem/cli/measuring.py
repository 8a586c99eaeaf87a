"""Keeping the measures up while a district is served: a few people at a time."""

import asyncio
import os
import sys
from contextlib import suppress

import structlog

_SOON, _IDLE = 0.1, 2.0  # seconds until the next look: while there is work, and without

_log = structlog.get_logger(__name__)


def first() -> None:
    """Work all measures out where they never were: a process of its own, behind all that is served.

    It takes minutes of a large log, and brings engines into memory that nothing else here needs;
    so this process becomes that command, and ends with it.
    """
    if _begun():
        return
    os.nice(10)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, sys.stdout.fileno())
    command = [sys.executable, "-m", "onesystem.cli", "measure", "refresh", "--all", "--quiet"]
    os.execv(sys.executable, command)  # noqa: S606 - our own command, and no shell


async def keep_up(stop: asyncio.Event) -> None:
    """Work out again whoever was touched, until told to stop."""
    while not stop.is_set():
        left = await asyncio.to_thread(refresh_once)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _SOON if left else _IDLE)


def _begun() -> bool:
    """Whether cells were ever worked out; so they are as good as, where nobody can tell."""
    from django.db import DatabaseError, connection

    from onesystem.flow import measures

    try:
        return bool(measures.begun())
    except DatabaseError:
        return True
    finally:
        connection.close()


def refresh_once() -> bool:
    """Bring the cells up, if anything waits; gives whether more is left."""
    from django.db import connection

    from onesystem.flow import measures
    from onesystem.vocabulary import Busy

    try:
        return measures.begun() and measures.pending() and measures.refresh(limit=500).left
    except Busy:  # somebody works them all out anew, and takes this in
        return False
    except Exception:  # noqa: BLE001 - whatever it was, the feeds go on
        _log.exception("the measures were not brought up; it is tried again")
        return False
    finally:
        connection.close()
