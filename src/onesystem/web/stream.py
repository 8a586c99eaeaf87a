"""The live stream: server-sent events at `/live/`, from one process for all open pages.

The process reads the outbox, works each change out once, and fans it out. A page costs a queue
and a socket, never a database connection: the store is read by one thread, for who connects and
for what changed. On PostgreSQL a notification wakes it; on SQLite it looks ten times a second.

It listens on its own port, because the pages' server gives each request a whole worker. Cookies
belong to a host and not to a port, so the session comes along; only the pages' own origin may
read the answer. The FHIR server's door for many at once lies beside it, at `/fhir`.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

import structlog

from onesystem.record.fhir.doors.asgi import Fhir
from onesystem.vocabulary.typed import whole_or
from onesystem.web import counting, probes
from onesystem.web.counted import counted
from onesystem.web.hub import Client, Hub

log = structlog.get_logger()
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

POLL = 0.1  # seconds between looks at the outbox on SQLite
SAFETY = 1.0  # and on PostgreSQL, should a notification be missed
TOGETHER = 0.05  # seconds in which notifications are gathered into one event
TICK = 30.0  # seconds between looks at what only time changes
BEAT = 15.0  # seconds of silence after which a comment keeps proxies from hanging up
LONGEST = 3600.0  # seconds after which a page connects again, and is asked again who it is


class Stream:
    """The ASGI application."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.ending = False
        self.told = (-1, -1)
        self.task: asyncio.Task[None] | None = None
        # Django's connections belong to their thread: one thread, one connection.
        self.store = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self.fhir = Fhir()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/fhir" or scope["path"].startswith("/fhir/"):
            await counted(self.fhir, "fhir:door")(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._end_when_told()
                self.task = asyncio.create_task(self._run())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def _end_when_told(self) -> None:
        """End the streams as soon as the process is told to stop.

        The server waits for open answers before it stops, and these would never end.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)

            def told(signum: int, frame: Any, before: Any = before) -> None:
                loop.call_soon_threadsafe(self._let_go)
                if callable(before):
                    before(signum, frame)

            signal.signal(number, told)

    def _let_go(self) -> None:
        self.ending = True
        if self.hub:
            self.hub.close()

    async def _stop(self) -> None:
        if self.task:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
        if self.hub:
            self.hub.close()
        await self._read("close")
        self.store.shutdown(wait=False)
        self.fhir.close()

    async def _read(self, what: str, *args: Any) -> Any:
        from onesystem.web import watching

        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.store, getattr(watching, what), *args)

    async def _run(self) -> None:
        """Publish what changes, for ever; a store that is away is waited for."""
        while True:
            try:
                await self._follow()
            except Exception:
                log.exception("the store cannot be read; trying again")
                if self.hub:
                    self.hub.close()  # pages come back, and load what they missed
                    self.hub = None
                await self._read("close")
                await asyncio.sleep(1)

    async def _follow(self) -> None:
        loop, woken = asyncio.get_running_loop(), asyncio.Event()
        last, watch = await self._read("begin")
        hub = self.hub = Hub(last=last)
        ticks = beats = loop.time()

        def heard() -> None:
            # The socket stays readable until the store's thread has read it: look away meanwhile.
            loop.remove_reader(watch)
            woken.set()

        try:
            while True:
                if watch is not None:
                    loop.add_reader(watch, heard)
                await _until(woken, POLL if watch is None else SAFETY)
                if event := await self._read("poll"):
                    hub.publish(event)
                if loop.time() > ticks + TICK:
                    ticks = loop.time()
                    if event := await self._read("tick"):
                        hub.publish(event)
                for event in await self._read("poll_own", hub.boards()):
                    hub.publish(event)
                self._count(hub)
                if loop.time() > beats + BEAT:
                    beats = loop.time()
                    hub.beat()
        finally:
            if watch is not None:
                loop.remove_reader(watch)

    def _count(self, hub: Hub) -> None:
        """Say, where the operator's figures are, what pages were told and how many listen."""
        from onesystem.web import watching

        if (stands := (watching.followed(), len(hub.clients))) != self.told:
            self.told = stands
            counting.table().put(counting.FOLLOWED, stands[0])
            counting.table().put(counting.OPEN, stands[1])

    async def _answer(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if scope["path"] in {probes.HEALTH, probes.READY}:
            fine = scope["path"] == probes.HEALTH or (self.hub is not None and not self.ending)
            await _say(send, *((200, b"ok\n") if fine else (503, b"not ready: stream\n")))
            return
        if scope["path"] != "/live/" or scope["method"] != "GET":
            await _say(send, 404, b"The live stream is at /live/.\n")
            return
        origin = headers.get("origin", "")
        if origin and origin != pages_origin(scope, headers):
            await _say(send, 403, b"Only the district's own pages may listen.\n")
            return
        inbox, board = _asked(scope, "inbox"), _asked(scope, "board")
        full = await self._read("who", headers.get("cookie", ""), inbox, board)
        if (hub := self.hub) is None or self.ending:
            await _say(send, 503, b"The store cannot be read just now.\n", origin)
            return
        if full is None:
            await _say(send, 401, b"Sign in first.\n", origin)
            return
        client = Client(
            full=full, channel=f"inbox:{inbox}" if inbox else "", board="" if inbox else board
        )
        await _serve(hub, client, _after(scope, headers), origin, receive, send)


async def _serve(
    hub: Hub, client: Client, after: int | None, origin: str, receive: Receive, send: Send
) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _head(origin)})
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    hub.join(client, after=after)
    gone = asyncio.create_task(_gone(receive))
    gone.add_done_callback(lambda _: client.end())
    try:
        await _pour(client, send, gone)
    finally:
        gone.cancel()
        hub.leave(client)


async def _pour(client: Client, send: Send, gone: "asyncio.Task[None]") -> None:
    """Send what is queued until the page goes, falls behind, or has been open long enough."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + LONGEST
    while not gone.done() and loop.time() < ends:
        chunk = await client.queue.get()
        if chunk is None:
            break
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    if not gone.done():
        last = b"event: end\ndata: {}\n\n"
        await send({"type": "http.response.body", "body": last, "more_body": False})


async def _until(woken: asyncio.Event, seconds: float) -> None:
    """Wait to be woken, at most so long; what comes within a moment is told together."""
    with suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), seconds)
        await asyncio.sleep(TOGETHER)
    woken.clear()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def pages_origin(scope: dict[str, Any], headers: dict[str, str]) -> str:
    """The one origin whose pages may listen: the same host, on the port of the pages."""
    if named := os.environ.get("ONESYSTEM_PAGES_URL"):
        return named.rstrip("/")
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if ":" in host and not host.endswith("]") else host
    own = (scope.get("server") or ("", 0))[1]
    port = os.environ.get("ONESYSTEM_PAGES_PORT") or str(int(own or 1) - 1)
    return f"{scope.get('scheme', 'http')}://{name}:{port}"


def _after(scope: dict[str, Any], headers: dict[str, str]) -> int | None:
    text = headers.get("last-event-id") or _asked(scope, "after")
    return whole_or(text, None)


def _asked(scope: dict[str, Any], what: str) -> str:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get(what, [""])[0]


def _head(origin: str, kind: bytes = b"text/event-stream") -> list[tuple[bytes, bytes]]:
    head = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # a proxy must pass each event on at once
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"origin"),
    ]
    if origin:
        head.append((b"access-control-allow-origin", origin.encode("latin-1")))
        head.append((b"access-control-allow-credentials", b"true"))
    return head


async def _say(send: Send, status: int, text: bytes, origin: str = "") -> None:
    head = _head(origin, b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": text})


app = Stream()
