"""A server's processes as a benchmark sees them: their ports, their memory, their CPU."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SETTLED = 3.0  # seconds after the first page, in which every worker has begun
_LOOKED, _IDLE = 5.0, 0.1  # seconds between two looks, and of them the share of a core that is none
_MOST_WAITED = 300.0


@contextmanager
def served(folder: Path, *words: str) -> Iterator[tuple[int, int]]:
    """A district served as users are served, from its first page on: first process and port."""
    port = free_ports()
    server = subprocess.Popen(  # noqa: S603 - our own code, on this machine
        [sys.executable, "-m", "onesystem.cli", "-d", str(folder), "serve", *words,
         "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},  # the first start compiles
    )  # fmt: skip
    try:
        wait_for_page(port)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_ports() -> int:
    """A free port whose next one is free too: pages on one, the stream on the other."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            try:
                two.bind(("127.0.0.1", one.getsockname()[1] + 1))
            except (OSError, OverflowError):
                continue
            return int(one.getsockname()[1])


def wait_for_page(port: int) -> None:
    """Wait until the server answers. Raises TimeoutError after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5).close()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError("the demo was not served within a minute")


def tree(root: int) -> list[int]:
    """A process and all that it started, of those that have not ended meanwhile."""
    found = [root]
    with suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    return found


def memory(root: int) -> float:
    """Megabytes of a process and all that it started."""
    return sum(map(_proportional, tree(root))) / 1e6


def _proportional(pid: int) -> int:
    """Bytes of a process, with what it shares divided among those who share it."""
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0  # it has just made room for another
    for line in said.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used; 0 where it has ended."""
    return sum(_ticks(pid)[:2]) / os.sysconf("SC_CLK_TCK")


def calm(root: int) -> None:
    """Wait until a server works at nothing: a fresh demo works out for minutes what pages show.

    Whoever measures pages or memory before that measures the work too. Waits five minutes at most.
    """
    ends, before = time.monotonic() + _MOST_WAITED, cpu_of_all(root)
    while time.monotonic() < ends:
        time.sleep(_LOOKED)
        now = cpu_of_all(root)
        if now - before < _LOOKED * _IDLE:
            return
        before = now


def cpu_of_all(root: int) -> float:
    """Seconds of CPU of a process and all that it started, with those that have ended since."""
    return sum(sum(_ticks(pid)) for pid in tree(root)) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> list[int]:
    """User and system time of a process, then of those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return [0, 0, 0, 0]
    return list(map(int, fields[11:15]))
