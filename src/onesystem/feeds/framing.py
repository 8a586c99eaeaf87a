"""MLLP frames out of a stream: <VT> message <FS><CR>. Pure.

Garbage between frames is dropped. A frame that grows over the limit is dropped as it comes, so
that it never fills the memory, and its size is given in place of it. A frame that begins within
another says that the sender broke the first one off; it was never acknowledged and comes again.
"""

from collections.abc import Iterator

START, END = b"\x0b", b"\x1c"
_ANEW = START + b"MSH"


class Framer:
    """Feed it bytes as they come; it gives messages, or the size of one that was too large."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._buffer = bytearray()
        self._inside = False
        self._dropped = 0
        self._searched = 0  # bytes of the buffer that hold no END

    def feed(self, data: bytes) -> Iterator[bytes | int]:
        """The messages that these bytes complete."""
        self._buffer += data
        while True:
            if not self._inside:
                start = self._buffer.find(START)
                if start < 0:
                    self._buffer.clear()
                    return
                del self._buffer[: start + 1]
                self._inside, self._dropped, self._searched = True, 0, 0
            end = self._buffer.find(END, self._searched)
            if end < 0:
                if len(self._buffer) + self._dropped > self._most:
                    self._dropped += len(self._buffer)
                    self._buffer.clear()
                self._searched = len(self._buffer)
                return
            message, size = bytes(self._buffer[:end]), self._dropped + end
            del self._buffer[: end + 1]
            self._inside, self._searched = False, 0
            if (anew := message.rfind(_ANEW)) >= 0:
                message = message[anew + 1 :]
                size = len(message)
                self._dropped = 0
            yield size if self._dropped or size > self._most else message


def framed(message: bytes) -> bytes:
    """A message as it goes over the wire."""
    return START + message + END + b"\r"
