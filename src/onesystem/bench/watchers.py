"""Many open pages as sockets that read server-sent events, and when each saw what it waits for."""

import asyncio
import time


class Watchers:
    """Open pages of one address of the stream."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.seen: list[float] = []
        self.joined = self.lost = 0
        self.word = b"\xff"
        self.all_saw: asyncio.Future[None] | None = None
        self.transports: list[asyncio.BaseTransport] = []

    async def open(self, port: int, address: str, cookie: str) -> None:
        """Connect them all, and wait until each has its stream."""
        loop = asyncio.get_running_loop()
        asked = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()
        for _ in range(self.many):
            await loop.create_connection(lambda: _Watcher(self, asked), "127.0.0.1", port)
        async with asyncio.timeout(120):
            while self.joined < self.many:  # noqa: ASYNC110 - a benchmark may look again
                await asyncio.sleep(0.02)

    def expect(self, word: bytes) -> "asyncio.Future[None]":
        """A future that is done when every page has seen that word."""
        self.word, self.seen = word, []
        self.all_saw = asyncio.get_running_loop().create_future()
        return self.all_saw

    def saw(self) -> None:
        """One more page has it."""
        self.seen.append(time.perf_counter())
        if len(self.seen) == self.many and self.all_saw and not self.all_saw.done():
            self.all_saw.set_result(None)

    def close(self) -> None:
        """Close every page."""
        for transport in self.transports:
            transport.close()


class _Watcher(asyncio.Protocol):
    """One open page."""

    def __init__(self, all_: Watchers, asked: bytes) -> None:
        self.all, self.asked, self.joined, self.tail = all_, asked, False, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        self.all.transports.append(transport)
        transport.write(self.asked)  # type: ignore[attr-defined]

    def connection_lost(self, exc: Exception | None) -> None:
        """A page that is let go would come back by itself; here it is a page less."""
        del exc
        self.all.lost += 1

    def data_received(self, data: bytes) -> None:
        """Look for the word, across the edges of what arrives together."""
        data = self.tail + data
        self.tail = data[-64:]
        if not self.joined:
            self.joined = b"retry" in data
            self.all.joined += self.joined
        if self.all.word in data:
            self.tail = b""
            self.all.saw()
