"""`bench serve`: how much memory the served demo takes, and how fast it starts."""

import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from onesystem.bench.shape import Row, register

_PORT = 18_470
_WARM_REQUESTS = 40


@register("serve", "Memory of the served demo, and the time of a start")
def run(*, full: bool) -> Iterator[Row]:
    """Serve a demo district (5,000 people, or 50,000 when full) and look at its processes."""
    people = 50_000 if full else 5_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "demo"
        _command("demo", "make", str(folder), "--people", str(people), "--years", "1")
        begun = time.monotonic()
        served = subprocess.Popen(  # noqa: S603
            [
                *(sys.executable, "-m", "onesystem.cli", "-d", str(folder), "serve", "--demo"),
                *("--port", str(_PORT)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for_page()
            started = time.monotonic() - begun
            for _ in range(_WARM_REQUESTS):
                _get("account/login/")
            time.sleep(5)  # the feeds and the demo have taken messages by now
            memory = sum(_proportional(pid) for pid in _tree(served.pid)) / 1e6
        finally:
            served.send_signal(signal.SIGTERM)
            served.wait(timeout=30)
    yield Row(
        name=f"memory of all processes, {people:,} people",
        value=memory,
        unit="MB (PSS)",
        target=250,
        lower_is_better=True,
    )
    yield Row(
        name="start on an existing district to the first page",
        value=started,
        unit="s",
        target=5,
        lower_is_better=True,
    )


def _command(*args: str) -> None:
    subprocess.run([sys.executable, "-m", "onesystem.cli", *args], check=True, capture_output=True)  # noqa: S603


def _get(path: str) -> None:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/{path}", timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()


def _wait_for_page() -> None:
    for _ in range(600):
        try:
            _get("account/login/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the demo was not served within 30 s")


def _tree(root: int) -> Iterator[int]:
    yield root
    for task in Path(f"/proc/{root}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _proportional(pid: int) -> int:
    """Bytes of a process, with what it shares divided among those who share it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
