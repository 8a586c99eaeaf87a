"""Fan-out of events to open pages: one queue each, bounded, and a short memory to catch up from.

A page that does not read falls behind, its queue fills, and it is let go; its browser comes back
by itself with the id of the last event that it saw, and gets what it missed, or the advice to
load the board anew when the memory does not reach back that far.
"""

import asyncio
from collections import deque

from onesystem.flow.boards.live import channel as own_channel
from onesystem.flow.live import Event

DEPTH = 32  # events that a page may be behind
MEMORY = 300  # events that a page can catch up on


def as_sse(event: Event, data: bytes) -> bytes:
    """An event in the form of the server-sent events standard."""
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (event.id, event.name.encode(), data)


class Client:
    """One open page, and the channels that it listens to. `full` where its actor may see people.

    `board` is the one of the district's own that it shows: it hears of that beside all boards.
    """

    def __init__(self, *, full: bool, channel: str = "", board: str = "") -> None:
        self.full, self.board = full, board
        self.channels = {channel} | ({own_channel(board, full=full)} if board else set())
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(DEPTH)

    def put(self, chunk: bytes) -> bool:
        """Queue a chunk; False, and the end of the stream, where it is too far behind."""
        try:
            self.queue.put_nowait(chunk)
        except asyncio.QueueFull:
            self.end()
            return False
        return True

    def end(self) -> None:
        """Let it go: what is queued is dropped, since it will ask again from its last id."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """All open pages, and the last events."""

    def __init__(self, *, last: int) -> None:
        self.clients: set[Client] = set()
        self.last = last
        self.floor = last  # whoever has seen this much can catch up
        self.memory: deque[tuple[int, str, bytes, bytes]] = deque()

    def publish(self, event: Event) -> int:
        """Send to every page that listens to the event's channel; gives to how many."""
        full, small = as_sse(event, event.full), as_sse(event, event.small)
        self.last = max(self.last, event.id)
        self.memory.append((event.id, event.channel, full, small))
        if len(self.memory) > MEMORY:
            self.floor = max(self.floor, self.memory.popleft()[0])
        told = {c for c in self.clients if event.channel in c.channels}
        kept = {c for c in told if c.put(full if c.full else small)}
        self.clients -= told - kept
        return len(kept)

    def boards(self) -> frozenset[tuple[str, bool]]:
        """The boards of the district's own that are open, and whether their readers see people."""
        return frozenset((c.board, c.full) for c in self.clients if c.board)

    def beat(self) -> None:
        """A comment to every page, which keeps proxies from hanging up and finds who is gone."""
        self.clients = {c for c in self.clients if c.put(b": still here\n\n")}

    def join(self, client: Client, *, after: int | None) -> None:
        """Take a page in, and give it what it missed."""
        if after is not None and after < self.last:
            for chunk in self._missed(client, after):
                client.put(chunk)
        self.clients.add(client)

    def _missed(self, client: Client, after: int) -> list[bytes]:
        missed = [
            full if client.full else small
            for id_, channel, full, small in self.memory
            if id_ > after and channel in client.channels
        ]
        if self.floor <= after and len(missed) < DEPTH:
            return missed
        return [as_sse(Event(id=self.last, name="refresh"), b"{}")]

    def leave(self, client: Client) -> None:
        """Forget a page that went."""
        self.clients.discard(client)

    def close(self) -> None:
        """End every stream."""
        for client in self.clients:
            client.end()
        self.clients.clear()
