"""The door for many at once: an ASGI application over one thread that has the store.

What has come while the last batch was being answered goes into the next one, so the busier it is,
the more looks share one commit. Whoever was answered together is given a moment to ask again
together: else they fall into two halves that wait for each other, and each commit serves half as
many. One client that asks by itself never waits for others, nor others for the disk that it waits
for. It is mounted beside the live stream.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.doors.bodies import LARGEST, shared, too_large, unpacked
from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary.typed import whole_or

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
_TOGETHER = 64  # asks of one batch
_BEHIND = 2000  # asks that wait at most
_MOMENT = 0.002  # seconds for those who were answered together to ask again


class Fhir:
    """The application. `root`: the path that it lies under."""

    def __init__(self, root: str = "/fhir") -> None:
        self.root = root
        # Django's connections belong to their thread: one thread, one connection.
        self._store = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fhir")
        self._waiting: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._busy = False
        self._leaving: set[asyncio.Task[None]] = set()  # answers that wait for the disk
        self._all_here: asyncio.Future[None] | None = None
        self._expected = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """One request, or the life of the process."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def close(self) -> None:
        """Let the store go."""
        self._store.submit(_let_go)
        self._store.shutdown(wait=False)

    async def _serve(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            body = await _body(scope["method"], headers, receive)
            body = unpacked(body, headers.get("content-encoding", "").lower())
            made = await self.ask(self._ask(scope, headers, body))
        except Refusal as refusal:
            made = refusal.answer()
        made = shared(made, headers.get("origin", ""))
        made.headers.setdefault("Content-Length", str(len(made.body)))
        await send(
            {"type": "http.response.start", "status": made.status, "headers": list(made.lines())}
        )
        await send({"type": "http.response.body", "body": made.body})

    def _ask(self, scope: dict[str, Any], headers: dict[str, str], body: bytes) -> Ask:
        host = headers.get("host", "localhost")
        proto = headers.get("x-forwarded-proto", scope.get("scheme", "http"))
        path = scope["path"].removeprefix(self.root).lstrip("/")
        return Ask(
            method=scope["method"],
            path=quote(path, safe="/$_.-|"),
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers,
            body=body,
            base=f"{proto}://{host}{self.root}",
        )

    async def ask(self, ask: Ask) -> Answer:
        """Have an ask answered with the next batch."""
        if len(self._waiting) >= _BEHIND:
            raise Refusal(503, "too many asks wait already", "Try again in a few seconds.",
                          headers={"Retry-After": "2"})  # fmt: skip
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, future))
        if not self._busy:
            self._busy = True
            asyncio.get_running_loop().create_task(self._work())
        elif self._all_here and len(self._waiting) >= self._expected:
            self._go_on()
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
                made: list[Answer]
                try:
                    made, disk = await loop.run_in_executor(
                        self._store, _answer, [ask for ask, _ in batch]
                    )
                except Exception:  # noqa: BLE001 - each asker is told
                    made, disk = [_failed() for _ in batch], None
                leaving = loop.create_task(_give(batch, made, disk))
                if len(batch) == 1:
                    self._leaving.add(leaving)
                    leaving.add_done_callback(self._leaving.discard)
                else:
                    await leaving
                expected = min(len(batch) + len(self._waiting), _TOGETHER)
                if len(batch) > 1 and len(self._waiting) < expected:
                    await self._gather(expected)
        finally:
            self._busy = False

    async def _gather(self, expected: int) -> None:
        """Wait until so many are here, or for a moment."""
        loop = asyncio.get_running_loop()
        self._expected, self._all_here = expected, loop.create_future()
        late = loop.call_later(_MOMENT, self._go_on)
        await self._all_here
        late.cancel()

    def _go_on(self) -> None:
        if self._all_here and not self._all_here.done():
            self._all_here.set_result(None)
            self._all_here = None


async def _give(
    batch: list[tuple[Ask, asyncio.Future[Answer]]], made: list[Answer],
    disk: "Future[None] | None",
) -> None:  # fmt: skip
    """Let answers leave, once it is on the disk that they were given."""
    try:
        if disk is not None:
            await asyncio.wrap_future(disk)
    except OSError:
        made = [_failed() for _ in batch]
    for (_, future), each in zip(batch, made, strict=True):
        if not future.done():
            future.set_result(each)


def _answer(asks: list[Ask]) -> "tuple[list[Answer], Future[None] | None]":
    from onesystem.record.fhir.engine import begun

    return begun(asks)


def _failed() -> Answer:
    return Refusal(503, "the store cannot be used just now", "Try again in a minute.").answer()


def _let_go() -> None:
    from django.db import connections

    with suppress(Exception):
        connections.close_all()


async def _body(method: str, headers: dict[str, str], receive: Receive) -> bytes:
    """The body, and never more of it in memory than is allowed."""
    if method in {"GET", "HEAD", "OPTIONS"} and "content-length" not in headers:
        return b""
    if whole_or(headers.get("content-length"), 0) > LARGEST:
        raise too_large()
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise too_large()
        if not message.get("more_body"):
            return bytes(body)
