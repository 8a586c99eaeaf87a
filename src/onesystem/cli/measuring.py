"""The first working out of the measures of a district that is served."""

import os
import sys


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
