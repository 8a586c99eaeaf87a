"""What the system knows of processes, from /proc: who began whom, memory, open files, ports."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """A process and all that it began, itself first."""
    under: dict[int, list[int]] = {}
    for each in _PROC.iterdir():
        if each.name.isdigit():
            with suppress(OSError, IndexError):
                parent = int((each / "stat").read_text().rsplit(")", 1)[1].split()[1])
                under.setdefault(parent, []).append(int(each.name))
    found = [pid]
    for each in found:
        found += under.get(each, ())
    return found


def memory(pid: int) -> int:
    """Bytes that are its share: pages that several use are counted in parts."""
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def handles(pid: int) -> int:
    """How many files and sockets it holds open."""
    with suppress(OSError):
        return len(os.listdir(_PROC / str(pid) / "fd"))  # noqa: PTH208 - names are enough
    return 0


def sockets_of(pids: Iterable[int], port: int) -> list[int]:
    """Which of them hold the socket that listens at a port."""
    marks = set()
    for row in (_PROC / "net/tcp").read_text().splitlines()[1:]:
        parts = row.split()
        if parts[3] == "0A" and int(parts[1].rsplit(":", 1)[1], 16) == port:
            marks.add(f"socket:[{parts[9]}]")
    return [pid for pid in pids if marks & _held(pid)]


def _held(pid: int) -> set[str]:
    held = set()
    with suppress(OSError):
        for each in (_PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                held.add(str(each.readlink()))
    return held
