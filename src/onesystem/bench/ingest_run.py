"""The server's side of `bench ingest`, in a process of its own so that its CPU is its alone.

python -m onesystem.bench.ingest_run FOLDER product|bare

Prints the port as a line; on SIGTERM finishes, and prints what it took as a line of JSON.
`bare` only frames, appends, waits for the disk and acknowledges: the floor under any server.
"""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

from onesystem.feeds.acks import ack
from onesystem.feeds.framing import Framer


async def _product(folder: Path, stop: asyncio.Event) -> None:
    os.environ["ONESYSTEM_DISTRICT"] = str(folder)
    from onesystem.feeds.intake import pipeline_of
    from onesystem.feeds.mllp import Door, Listener

    pipeline = pipeline_of(_district(folder), patience=None)
    listener = Listener([Door(source="pas", port=0)], pipeline)
    running = asyncio.create_task(listener.run(stop))
    await listener.started.wait()
    await _begin(listener.ports[0])
    await running


def _district(folder: Path):  # noqa: ANN202
    from onesystem.district import load

    return load(folder)


async def _bare(folder: Path, stop: asyncio.Event) -> None:
    file = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    loop = asyncio.get_running_loop()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer(1 << 24)
        while data := await reader.read(1 << 16):
            whole = [each for each in framer.feed(data) if isinstance(each, bytes)]
            if whole:
                await loop.run_in_executor(None, _append, file, b"".join(whole))
                writer.write(b"".join(ack(each, None) for each in whole))
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    await _begin(server.sockets[0].getsockname()[1])
    await stop.wait()
    server.close()
    os.close(file)


def _append(file: int, data: bytes) -> None:
    os.write(file, data)
    os.fdatasync(file)


_TICK = os.sysconf("SC_CLK_TCK")
_BEGUN: dict[str, float] = {}


async def _begin(port: int) -> None:
    _BEGUN["server"] = await _server_seconds()
    _BEGUN["cpu"] = time.process_time()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


async def _server_seconds() -> float:
    """CPU seconds of PostgreSQL's processes; asked in a thread, since the loop must not wait."""
    if not os.environ.get("DATABASE_URL"):
        return 0.0
    return await asyncio.get_running_loop().run_in_executor(None, _postgres_seconds)


def _postgres_seconds() -> float:
    """Of the server, those of its processes that live, and those that it has buried."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = _stat(cursor.fetchone()[0])
    connection.close()
    if own is None:
        return 0.0
    server = own[0]
    found = (_stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit())
    living = sum(seconds for above, seconds, _ in filter(None, found) if above == server)
    parent = _stat(server)
    return living + (parent[1] + parent[2] if parent else 0.0)


def _stat(pid: int) -> tuple[int, float, float] | None:
    """Its parent, its own CPU seconds, and those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return int(fields[1]), own / _TICK, ended / _TICK


async def _main(folder: Path, kind: str) -> dict[str, float]:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await (_product if kind == "product" else _bare)(folder, stop)
    return {
        "cpu": time.process_time() - _BEGUN["cpu"],
        "server_cpu": await _server_seconds() - _BEGUN["server"],
    }


def _counts(kind: str) -> dict[str, int]:
    if kind == "bare":
        return {}
    from django.db import connection

    counts = {}
    with connection.cursor() as cursor:
        for name, sql in (
            ("read", "SELECT COUNT(*) FROM feeds_message WHERE state = 'read'"),
            ("quarantined", "SELECT COUNT(*) FROM feeds_message WHERE state <> 'read'"),
            ("contacts", "SELECT COUNT(*) FROM contacts_contact"),
            ("identities", "SELECT COUNT(*) FROM people_identity"),
        ):
            cursor.execute(sql)
            counts[name] = cursor.fetchone()[0]
    return counts


if __name__ == "__main__":
    if sys.argv[2] == "product":
        os.environ["ONESYSTEM_DISTRICT"] = sys.argv[1]
        from onesystem.wiring import open_district

        open_district()
    done = asyncio.run(_main(Path(sys.argv[1]), sys.argv[2])) | _counts(sys.argv[2])
    sys.stdout.write(json.dumps(done) + "\n")
