"""`bench fhir-server`: what a client asks over HTTP, a second of one core of the server.

The people are enrolled at a practice, and the client asks as a doctor of that practice: so each
answer is a token looked up, a purpose, a tie to the person that the query itself decides, and an
event of the trail in the same durable commit. Sixteen connections ask again as soon as they are
answered; the CPU is that of the server's process, as the system counts it.
"""

import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from onesystem.bench import fhir_people
from onesystem.bench.asking import Line
from onesystem.bench.processes import cpu_of, free_ports
from onesystem.bench.scratch import scratch
from onesystem.bench.shape import Row, register

_CONNECTIONS, _A_SECOND = 16, 100
_PEER = "Medplum 5.2 (measured, {} to {})"
_SERVE = """
import gc, sys, django
django.setup()
from onesystem import wiring
wiring.connect()
import uvicorn
from onesystem.web.stream import app
gc.freeze()  # as `serve` does
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@register("fhir-server", "reads, searches and $everything over HTTP, with access and audit")
def run(*, full: bool) -> Iterable[Row]:
    """5,000 people, or 100,000 when full."""
    people = 100_000 if full else 5_000
    with scratch(fhir_people.DISTRICT) as folder:
        token, resources, seconds = fhir_people.fill(folder, people)
        about = f"{people:,} people, {resources:,} resources"
        yield Row(name=f"taken in from NDJSON: {about}", value=resources / seconds,
                  unit="resources / CPU s", target=3000,
                  peer=_PEER.format(64, 86), peer_value=86)  # fmt: skip
        with _served(folder) as (pid, port):
            yield from _rates(pid, port, token, people, full=full)
            waits = sorted(_paced(port, token, people, 20 if full else 5))
        yield Row(name=f"Patient read, 99th percentile at {_A_SECOND} a second",
                  value=waits[int(len(waits) * 0.99)] * 1000, unit="ms", target=10,
                  lower_is_better=True)  # fmt: skip


def _rates(pid: int, port: int, token: str, people: int, *, full: bool) -> Iterator[Row]:
    long = range(fhir_people.LONG)
    dice = random.Random(4)  # noqa: S311 - the same asks in every run
    asks: list[tuple[str, Callable[[], str], int, float, str, float]] = [
        ("Patient read", lambda: f"Patient/p{dice.randrange(people)}", 6000, 2500,
         _PEER.format(583, 740), 740),
        ("Patient search by identifier",
         lambda: f"Patient?identifier={fhir_people.SYSTEM}%7CN{dice.randrange(people)}", 3000, 1500,
         _PEER.format(402, 522), 522),
        ("Observation search by person and code, 20 a page",
         lambda: f"Observation?subject=Patient/p{dice.choice(long)}&_count=20"
         f"&code={urllib.parse.quote(fhir_people.COMMON)}", 1000, 1000,
         _PEER.format(365, 486), 486),
        ("Patient/$everything, the first 100",
         lambda: f"Patient/p{dice.choice(long)}/$everything?_count=100", 300, 300,
         _PEER.format(34, 42), 42),
    ]  # fmt: skip
    for name, path, times, target, peer, peer_value in asks:
        paths = [path() for _ in range(times * (4 if full else 1))]
        _ask_all(port, token, paths[: _CONNECTIONS * 4])
        before = cpu_of(pid)
        _ask_all(port, token, paths)
        spent = cpu_of(pid) - before
        yield Row(name=name, value=len(paths) / spent, unit="/ CPU s", target=target, peer=peer,
                  peer_value=peer_value)  # fmt: skip


def _ask_all(port: int, token: str, paths: list[str]) -> None:
    """Ask for all of them over the connections. Raises RuntimeError where one is refused."""
    faults: list[Exception] = []

    def ask(part: list[str]) -> None:
        try:
            with Line(port, token) as line:
                for path in part:
                    line.get(path)
        except Exception as error:  # noqa: BLE001 - told by whoever waits
            faults.append(error)

    threads = [threading.Thread(target=ask, args=[paths[n::_CONNECTIONS]])
               for n in range(_CONNECTIONS)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError("an ask was refused") from faults[0]


def _paced(port: int, token: str, people: int, seconds: int) -> list[float]:
    """Reads at set times, whether or not those before are answered; gives each one's wait."""
    begun = time.perf_counter() + 0.2
    waits: list[float] = []

    def ask(first: int) -> None:
        with Line(port, token) as line:
            for n in range(first, seconds * _A_SECOND, _CONNECTIONS):
                due = begun + n / _A_SECOND
                time.sleep(max(0.0, due - time.perf_counter()))
                line.get(f"Patient/p{n * 7919 % people}")
                waits.append(time.perf_counter() - due)

    threads = [threading.Thread(target=ask, args=[n]) for n in range(_CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


@contextmanager
def _served(folder: Path) -> Iterator[tuple[int, int]]:
    port = free_ports()
    served = subprocess.Popen(  # noqa: S603 - our own code, on this machine
        [sys.executable, "-c", _SERVE, str(port)],
        env={**os.environ, "ONESYSTEM_DISTRICT": str(folder)},
    )
    try:
        _wait(port)
        yield served.pid, port
    finally:
        served.terminate()
        served.wait(timeout=30)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with Line(port, "") as line:
                line.get("metadata")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the FHIR server did not answer within a minute")
