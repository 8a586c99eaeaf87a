"""Where the demo's messages go: over the wire to a served district, or straight to the landing."""

import socket
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from onesystem.demo.posting import left_over
from onesystem.demo.sent import DROP, Sent

_START, _END = b"\x0b", b"\x1c\r"
_WINDOW = 64  # messages on their way before an acknowledgement is awaited
_PATIENCE = 30.0  # seconds for an acknowledgement


def drop_files(sent: Iterable[Sent], folder: Path) -> list[Path]:
    """Leave the files where the sources leave theirs; each appears whole or not at all.

    While the district is served, what a source sends by REST goes there instead (see `posting`).
    """
    left = []
    for each in left_over(sent, folder):
        place = folder / DROP / each.source
        place.mkdir(parents=True, exist_ok=True)
        part = place / f".{each.name}.part"
        part.write_bytes(each.data)
        left.append(part.replace(place / each.name))
    return left


class Line:
    """One MLLP connection. Sends ahead, and knows which messages were acknowledged."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._socket: socket.socket | None = None
        self._rest = b""

    def send(self, messages: Sequence[bytes]) -> int:
        """Send in order; how many were acknowledged. Raises OSError when nobody listens."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=_PATIENCE)
            self._rest = b""
        done = 0
        try:
            for first in range(0, len(messages), _WINDOW):
                some = messages[first : first + _WINDOW]
                self._socket.sendall(b"".join(_START + each + _END for each in some))
                for _ in some:
                    self._acknowledged()
                    done += 1
        except OSError:
            self.close()
            if not done:
                raise
        return done

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _acknowledged(self) -> None:
        """Wait for one acknowledgement; a refusal is the receiver's to keep, so it counts."""
        assert self._socket is not None  # noqa: S101 - set by send
        while _END not in self._rest:
            data = self._socket.recv(1 << 16)
            if not data:
                raise ConnectionError("the listener hung up")
            self._rest += data
        _, self._rest = self._rest.split(_END, 1)


class Wire:
    """A way over MLLP: each source to its port; one for which nobody listens, straight.

    Hang up with `close`.
    """

    def __init__(self, ports: dict[str, int]) -> None:
        self._ports = ports
        self._lines = {port: Line("127.0.0.1", port) for port in set(ports.values())}

    def __call__(self, sent: Sequence[Sent]) -> None:
        """Send in order to each port. Raises OSError when nobody listens."""
        straight([each for each in sent if each.source not in self._ports])
        wired = [each for each in sent if each.source in self._ports]
        for port, messages in _by(wired, lambda s: self._ports[s.source]).items():
            rest = [each.data for each in messages]
            while rest:
                rest = rest[self._lines[port].send(rest) :]

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()


def straight(sent: Sequence[Sent]) -> None:
    """Into the landing of this process's district, as a listener would."""
    from onesystem import feeds

    for source, messages in _by(sent, lambda s: s.source).items():
        arrivals = [
            feeds.Arrival(source=source, data=each.data, name="live", format="hl7v2")
            for each in messages
        ]
        for first in range(0, len(arrivals), 256):
            feeds.take_messages(arrivals[first : first + 256])


def _by(sent: Sequence[Sent], key: Callable[[Sent], object]) -> dict:  # type: ignore[type-arg]
    groups = defaultdict(list)
    for each in sent:
        groups[key(each)].append(each)
    return groups
