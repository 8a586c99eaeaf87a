"""HL7 v2 over MLLP: live messages, acknowledged when they are safe on disk.

    bytes -> frames -> parse -> group commit to the landing -> AA or AE -> batch to the store

Parsing comes before the acknowledgement, so that it can say AE for a message that is set aside;
the disk comes before it too, so that no acknowledged message can be lost. The store comes after:
what is landed and not stored when the process dies is found in the landing at the next start.
Three threads of control share the work: the loop talks and parses, one thread waits for the disk,
one for the store. Senders may pipeline; acknowledgements go back in the order of the messages.
"""

import asyncio
import contextlib
import signal
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.db import connection

from onesystem.district import District, current
from onesystem.feeds.acks import ack, refused
from onesystem.feeds.framing import Framer
from onesystem.feeds.intake import pipeline_of
from onesystem.feeds.landing import Arrival, NotLanded
from onesystem.feeds.pending import process_lost, process_pending
from onesystem.feeds.pipeline import Pipeline, Tally
from onesystem.feeds.reading import Read, read_one
from onesystem.feeds.tls import Tls, secured

_READ = 1 << 16
_DRAIN = 10.0  # seconds that a stop waits for a store that does not get on
_REFRESH = 5.0  # seconds between two looks at what people mapped
_MOST_BATCH = 256
_MOST_UNSTORED = 100  # blocks; beyond it senders wait, so memory stays bounded

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where and how to listen. `source` is the sender's name in the district.

    `idle` closes a silent connection after so many seconds; 0 never does.
    """

    source: str
    host: str = "127.0.0.1"
    port: int = 2575
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    most_bytes: int = 16 << 20
    idle: float = 0.0

    def tls(self) -> ssl.SSLContext | None:
        """The server's side of TLS, when a certificate is given. Raises BadConfig."""
        if self.tls_cert is None:
            return None
        return Tls(cert=self.tls_cert, key=self.tls_key, client_ca=self.tls_client_ca).context()


@dataclass(slots=True)
class _Waiting:
    """A message between its arrival and its acknowledgement."""

    arrival: Arrival
    done: asyncio.Future[Read]


@dataclass(slots=True)
class Listener:
    """A listening MLLP server with a door for each source.

    `started` is set when it takes connections; `ports` are then known, in the order of `doors`.
    """

    doors: Sequence[Door]
    pipeline: Pipeline
    started: asyncio.Event = field(default_factory=asyncio.Event)
    ports: list[int] = field(default_factory=list)
    taken: Callable[[Tally], object] | None = None
    _waiting: list[_Waiting] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    # Whole blocks of the landing, in its order: a block is stored before it is marked as done.
    _unstored: asyncio.Queue[list[Read]] = field(
        default_factory=lambda: asyncio.Queue(maxsize=_MOST_UNSTORED)
    )
    _refreshed: float = 0.0
    _stored: int = 0
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set, then finish what was acknowledged."""
        with (
            ThreadPoolExecutor(1, "landing") as disk,
            ThreadPoolExecutor(1, "store") as store,
        ):
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(store, process_pending, self.pipeline)
            landing = asyncio.create_task(self._land(disk))
            storing = asyncio.create_task(self._store(store))
            servers: list[asyncio.Server] = []
            try:
                for door in self.doors:
                    servers.append(await self._open(door))  # noqa: PERF401 - closed if one fails
                self.ports = [server.sockets[0].getsockname()[1] for server in servers]
                self.started.set()
                await _first(stop.wait(), landing, storing)
            finally:
                for server in servers:
                    server.close()
                await self._hang_up()
                landing.cancel()
                if not storing.done():
                    await self._drain(storing)
                storing.cancel()
                await asyncio.gather(landing, storing, return_exceptions=True)
                await loop.run_in_executor(store, _close)
                self.pipeline.landing.close()

    async def _hang_up(self) -> None:
        """End the talks; what they sent before is still acknowledged."""
        for talk in list(self._talks):
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _drain(self, storing: asyncio.Task[None]) -> None:
        """Let the store catch up while it gets on; where it does not, the landing has the rest."""
        left = -1
        while not storing.done() and left != self._stored:
            left = self._stored
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(_first(self._unstored.join(), storing), _DRAIN)
                break
        self.pipeline.closing.set()

    async def _open(self, door: Door) -> asyncio.Server:
        context = door.tls()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if context is None or await self._secured(writer, context, door.source):
                await self._talk(door, reader, writer)

        return await asyncio.start_server(talk, door.host, door.port, limit=_READ)

    async def _secured(
        self, writer: asyncio.StreamWriter, context: ssl.SSLContext, source: str
    ) -> bool:
        talk = asyncio.current_task()
        if talk:
            self._talks.add(talk)
        try:
            return await secured(writer, context, source)
        except asyncio.CancelledError:  # we stop: nothing was said that could be lost
            writer.close()
            return False
        finally:
            if talk:
                self._talks.discard(talk)

    async def _talk(
        self, door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """One connection: messages in, acknowledgements out, in order."""
        talk = asyncio.current_task()
        if talk:
            self._talks.add(talk)
        framer = Framer(door.most_bytes)
        answers: asyncio.Queue[Awaitable[bytes] | None] = asyncio.Queue(maxsize=1000)
        answering = asyncio.create_task(_answer(answers, writer))
        try:
            while data := await _read(reader, door.idle):
                for message in framer.feed(data):
                    await answers.put(self._take(door, message))
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            # What was sent before the connection ended is taken all the same.
            with contextlib.suppress(asyncio.CancelledError):
                await answers.put(None)
                await answering
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
                await writer.wait_closed()
            if talk:
                self._talks.discard(talk)

    def _take(self, door: Door, message: bytes | int) -> "Awaitable[bytes]":
        """Begin to land a message; what comes of it is its acknowledgement."""
        loop = asyncio.get_running_loop()
        if isinstance(message, int):
            answer: asyncio.Future[bytes] = loop.create_future()
            answer.set_result(refused(b"", f"over {door.most_bytes:,} bytes: {message:,}"))
            return answer
        waiting = _Waiting(
            Arrival(source=door.source, data=message, name="mllp", format="hl7v2"),
            loop.create_future(),
        )
        self._waiting.append(waiting)
        self._wake.set()
        return self._acknowledged(waiting)

    async def _acknowledged(self, waiting: _Waiting) -> bytes:
        try:
            read = await waiting.done
        except NotLanded as error:
            return refused(waiting.arrival.data, f"not safe on disk, send again: {error.what}")
        return ack(waiting.arrival.data, read.refusal)

    async def _land(self, disk: ThreadPoolExecutor) -> None:
        """Group commit: whatever has arrived while the disk was busy goes in one write."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            for at in range(0, len(batch), _MOST_BATCH):
                await self._land_one(loop, disk, batch[at : at + _MOST_BATCH])

    async def _land_one(
        self, loop: asyncio.AbstractEventLoop, disk: ThreadPoolExecutor, batch: list[_Waiting]
    ) -> None:
        arrivals = [each.arrival for each in batch]
        try:
            landed = await loop.run_in_executor(disk, self.pipeline.landing.land, arrivals)
        except NotLanded as error:
            _log.error("not landed", why=error.what)
            for each in batch:
                each.done.set_exception(error)
            return
        block = [read_one(one, self.pipeline.district, self.pipeline.landing) for one in landed]
        for each, read in zip(batch, block, strict=True):
            if not each.done.done():
                each.done.set_result(read)
        await self._unstored.put(block)

    async def _store(self, store: ThreadPoolExecutor) -> None:
        """Batches to the store, in the order of landing."""
        loop = asyncio.get_running_loop()
        while True:
            blocks = [await self._unstored.get()]
            while sum(map(len, blocks)) < _MOST_BATCH and not self._unstored.empty():
                blocks.append(self._unstored.get_nowait())
            reads = [read for block in blocks for read in block]
            tally = await loop.run_in_executor(store, self._process, reads)
            self._stored += len(reads)
            if self.taken:
                self.taken(tally)
            for _ in blocks:
                self._unstored.task_done()

    def _process(self, reads: list[Read]) -> Tally:
        tally = self.pipeline.process([read.landed for read in reads], reads=reads)
        if self.pipeline.landing.lost:
            tally.add(process_lost(self.pipeline))
        if time.monotonic() - self._refreshed > _REFRESH:
            # Only after the batch, in this thread: what people mapped since counts from now on.
            self.pipeline, self._refreshed = self.pipeline.refreshed(), time.monotonic()
        return tally


def _close() -> None:
    """Close this thread's own connection: `connection` is another one in every thread."""
    connection.close()


async def _first(*waits: "Awaitable[object]") -> None:
    """Wait for the first to end; an error of any is raised."""
    tasks = {asyncio.ensure_future(wait): wait for wait in waits}
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        if task is not tasks[task]:  # made here, so nobody else waits for it
            task.cancel()
    for task in done:
        task.result()


async def _read(reader: asyncio.StreamReader, idle: float) -> bytes:
    if not idle:
        return await reader.read(_READ)
    return await asyncio.wait_for(reader.read(_READ), idle)


async def _answer(
    answers: "asyncio.Queue[Awaitable[bytes] | None]", writer: asyncio.StreamWriter
) -> None:
    while (answer := await answers.get()) is not None:
        data = await answer
        with contextlib.suppress(ConnectionError, RuntimeError):
            writer.write(data)
            if answers.empty():
                await writer.drain()


async def listen(
    doors: Door | Sequence[Door],
    *,
    district: District | None = None,
    stop: asyncio.Event | None = None,
    signals: bool = True,
    taken: Callable[[Tally], object] | None = None,
) -> None:
    """Listen until `stop` is set, or SIGTERM or SIGINT comes. Raises OSError for a taken port."""
    stop = stop or asyncio.Event()
    if signals:
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
    pipeline = pipeline_of(district or current(), patience=None)
    doors = [doors] if isinstance(doors, Door) else doors
    await Listener(doors, pipeline, taken=taken).run(stop)
