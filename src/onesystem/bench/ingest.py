"""`bench ingest`: live HL7 v2 from the socket to the landing, person and contact.

The server runs in a process of its own; the CPU seconds are its own, with those of PostgreSQL's
processes where DATABASE_URL is set and the benchmark is full. The sender's are not counted.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onesystem.bench.adt import DISTRICT, messages
from onesystem.bench.fhir import _Scratch as Scratch
from onesystem.bench.shape import Row, register
from onesystem.feeds.framing import END, framed

_CONNECTIONS = 4
_RATE = 50  # messages a second of the run that measures acknowledgements


@register("ingest", "HL7 v2 messages a CPU second from socket to person and contact; how fast acks")
def run(*, full: bool) -> Iterator[Row]:
    """8,000 messages (40,000 when full) as fast as they go, then 50 a second for a while."""
    count = 40_000 if full else 8_000
    feed = messages(count)
    stores = {"SQLite": ""}
    if full and os.environ.get("DATABASE_URL"):
        stores["PostgreSQL"] = os.environ["DATABASE_URL"]
    for store, url in stores.items():
        spent, _ = _served("product", feed, url=url)
        if spent["read"] != count:
            msg = f"of {count} messages {spent['read']} were read"
            raise RuntimeError(msg)
        yield Row(
            name=f"ADT, {store}, socket to person and contact",
            value=count / (spent["cpu"] + spent["server_cpu"]),
            unit="messages / CPU s",
            target=1500,
            peer="MessageFoundry 0.2.1 (measured)",
            peer_value=77,
        )
    spent, _ = _served("bare", feed, url="")
    yield Row(
        name="a bare durable acknowledgement, same feed",
        value=count / spent["cpu"],
        unit="messages / CPU s",
    )
    seconds = 60 if full else 15
    _, waits = _served("product", feed[: _RATE * seconds], url="", rate=_RATE)
    for name, part in (("99th percentile", 99), ("median", 50)):
        yield Row(
            name=f"acknowledgement at {_RATE} a second, {name}",
            value=statistics.quantiles(waits, n=100)[part - 1] * 1000,
            unit="ms",
            target=50 if part == 99 else None,
            lower_is_better=True,
        )


def _served(
    kind: str, feed: Sequence[bytes], *, url: str, rate: int = 0
) -> tuple[dict[str, Any], list[float]]:
    """What the server spent on the feed, and how long each acknowledgement took (with a rate)."""
    with tempfile.TemporaryDirectory() as scratch, _server(Path(scratch), kind, url) as server:
        port = int(server.stdout.readline())
        waits = asyncio.run(_paced(port, feed, rate) if rate else _flooded(port, feed))
        server.send_signal(signal.SIGTERM)
        spent = json.loads(server.stdout.readline())
        server.wait(timeout=60)
    return spent, waits


@contextmanager
def _server(folder: Path, kind: str, url: str) -> Iterator[Any]:
    (folder / "district.toml").write_text(DISTRICT, encoding="utf-8")
    env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "ONESYSTEM_DISTRICT"}}
    with Scratch(url, f"onesystem_bench_{os.getpid()}_adt") as database:
        if database:
            env["DATABASE_URL"] = database
        command = [sys.executable, "-m", "onesystem.bench.ingest_run", str(folder), kind]
        with subprocess.Popen(  # noqa: S603
            command, env=env, stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                yield process
            finally:
                process.kill()


async def _flooded(port: int, feed: Sequence[bytes]) -> list[float]:
    """Send all as fast as the server takes it, over a few connections, each in order."""

    async def send(part: Sequence[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def listen() -> None:
            left = len(part)
            while left:
                left -= (await reader.read(1 << 16)).count(END)

        listening = asyncio.create_task(listen())
        for at in range(0, len(part), 50):
            writer.write(b"".join(framed(each) for each in part[at : at + 50]))
            await writer.drain()
        await listening
        writer.close()

    await asyncio.gather(*(send(feed[i::_CONNECTIONS]) for i in range(_CONNECTIONS)))
    return []


async def _paced(port: int, feed: Sequence[bytes], rate: int) -> list[float]:
    """Send at a steady rate over one connection, and time each acknowledgement."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent: list[float] = []
    waits: list[float] = []

    async def listen() -> None:
        while len(waits) < len(feed):
            for _ in range((await reader.read(1 << 16)).count(END)):
                waits.append(time.perf_counter() - sent[len(waits)])

    listening = asyncio.create_task(listen())
    begun = time.perf_counter()
    for i, each in enumerate(feed):
        await asyncio.sleep(max(0.0, begun + i / rate - time.perf_counter()))
        sent.append(time.perf_counter())
        writer.write(framed(each))
    await listening
    writer.close()
    return waits
