"""`bench serve`: how much memory the served demo takes, and how fast it starts.

Memory is the proportional set size of every process of the server: what several share counts
once. It is taken when nobody has opened a page yet, and again after people of every kind have
worked: the figure of a district in use is the second.

BENCH_DEMO   the folder of a demo that was made before; otherwise one is made and thrown away
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from onesystem.bench import browsing
from onesystem.bench.browsing import Browser
from onesystem.bench.processes import calm, cpu_of_all, memory, served
from onesystem.bench.shape import Row, register
from onesystem.demo.signins import PASSWORD

_LIMIT = 250  # MB
_TIMELINES = 60
_STARTS = 3  # the first of them may have to compile
_SETTLED = 15.0  # seconds after which the feeds and the demo have taken what was missed

_TAKEN = 2.0  # seconds in which a process that made room is replaced


@register("serve", "memory of the served demo, and the time of a start")
def run(*, full: bool) -> Iterator[Row]:
    """Serve a demo district (5,000 people, or 50,000 when full) and look at its processes."""
    with demo(50_000 if full else 5_000) as (folder, people):
        starts = []
        for _ in range(_STARTS - 1):
            with _served(folder) as (_, _, seconds):
                starts.append(seconds)
        with _served(folder) as (root, port, seconds):
            starts.append(seconds)
            first = cpu_of_all(root)
            time.sleep(_SETTLED)
            calm(root)
            rest = memory(root)
            opened = _work(port)
            time.sleep(_TAKEN)
            used = memory(root)
            cpu = cpu_of_all(root)
    about = f"{people:,} people"
    yield _memory_row(f"memory at rest, {about}", rest)
    yield _memory_row(f"memory after {opened} timelines and pages of every role", used)
    yield Row(
        name=f"start on an existing district to its first page, median of {_STARTS}",
        value=sorted(starts)[_STARTS // 2],
        unit="s",
        target=5,
        lower_is_better=True,
    )
    yield Row(name="CPU of all processes until then", value=first, unit="CPU s")
    yield Row(name="CPU of all of this", value=cpu, unit="CPU s")


def _memory_row(name: str, megabytes: float) -> Row:
    return Row(name=name, value=megabytes, unit="MB (PSS)", target=_LIMIT, lower_is_better=True)


def _work(port: int) -> int:
    """Everyone works for a while, some with a board open; gives how many timelines they opened."""
    opened = 0
    with ExitStack() as open_boards:
        for name in ("nurse", "gp", "paramedic", "district.nurse", "coordinator", "viewer"):
            person = _signed_in(port, name)
            open_boards.enter_context(person.listen(port + 1))
            if name in {"nurse", "gp"}:
                opened += browsing.look_after(person, _TIMELINES // 2)
            else:
                person.get("/")
        browsing.look_at_feeds(_signed_in(port, "engineer"))
        browsing.look_after_records(_signed_in(port, "records"))
        browsing.administer(_signed_in(port, "administrator"))
        _signed_in(port, "privacy").get("/settings/audit/")
        _signed_in(port, "analyst").get("/")
    return opened


def _signed_in(port: int, name: str) -> Browser:
    browser = Browser(port)
    browser.sign_in(name, PASSWORD)
    return browser


@contextmanager
def demo(people: int) -> Iterator[tuple[Path, int]]:
    """A demo district, and how many people it has."""
    if made := os.environ.get("BENCH_DEMO"):
        from onesystem.demo.progress import read

        progress = read(Path(made))
        if progress is None:
            raise FileNotFoundError(f"BENCH_DEMO={made} is no demo district")
        yield Path(made), progress.made.people
        return
    with tempfile.TemporaryDirectory(prefix="onesystem-bench-") as scratch:
        folder = Path(scratch) / "demo"
        _run("demo", "make", str(folder), "--people", str(people), "--quiet")
        # At rest is when the measures are there: to work them out takes a process of its own.
        _run("-d", str(folder), "measure", "refresh", "--all", "--quiet")
        yield folder, people


def _run(*args: str) -> None:
    subprocess.run([*_ONESYSTEM, *args], check=True, capture_output=True)  # noqa: S603


_ONESYSTEM = (sys.executable, "-m", "onesystem.cli")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[int, int, float]]:
    """The demo served: its first process, its port, and the seconds until its first page."""
    begun = time.monotonic()
    with served(folder, "--demo") as (root, port):
        yield root, port, time.monotonic() - begun
