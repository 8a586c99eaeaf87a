"""Files of messages: one or many, batches (FHS, BHS), MLLP captures; any line ends.

A file is gone through once, a piece at a time. A message that is larger than a reader may hold is
not gathered in memory: it is given as a file of its own, and what comes after it is read.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from onesystem.feeds.hl7v2.message import no_msh
from onesystem.feeds.readers import MOST_MESSAGE, Parted

_HEAD = re.compile(rb"[\r\n\x0b\x1c][ \t]*(MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\r\n])")
_FRAMED = re.compile(rb"\x0b[ \t\r\n]*(?:MSH|FHS|BHS)[^A-Za-z0-9\r\n]")
_BOM = b"\xef\xbb\xbf"
_PIECE = 1 << 20
_OVERLAP = 1 << 10  # what of the bytes gone through may still be the beginning of a head
_BETWEEN = b"\r\n\x1c\x0b \t\0"


def looks_like(head: bytes) -> bool:
    """Whether a file that begins so holds HL7 v2 messages, framed ones after any noise."""
    head = head.removeprefix(_BOM)
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head[2:].replace(b"\0", b"")
    if _FRAMED.search(head):
        return True
    head = head.lstrip(b" \t\r\n\x0b\x1c")
    return head[:3] in {b"MSH", b"FHS", b"BHS"} and len(head) > 8 and not head[3:4].isalnum()


def messages(data: BinaryIO) -> Iterator[bytes | BinaryIO]:
    """The messages of a file without what lies between them; too large a one as a file."""
    first = data.read(_PIECE)
    if first[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield from _of_wide(first + data.read(MOST_MESSAGE))
        return
    yield from _Split().of(first.removeprefix(_BOM), data)


class _Split:
    """Where the way through a file has come to. `_waiting` begins with the message at hand."""

    def __init__(self) -> None:
        self._waiting = bytearray(b"\n")  # a head begins a line, the first of the file too
        self._head = b""  # what the part at hand begins with; empty before the first
        self._framed = False
        self._large: Parted | None = None

    def of(self, piece: bytes, data: BinaryIO) -> Iterator[bytes | BinaryIO]:
        """The messages of a piece and of all pieces after it. Raises BadInput."""
        searched = 0
        while piece:
            self._waiting += piece
            yield from self._ended(searched)
            self._bound()
            searched = max(0, len(self._waiting) - _OVERLAP)
            piece = data.read(_PIECE)
        if not self._head:
            raise no_msh()
        yield from self._message(len(self._waiting))

    def _ended(self, searched: int) -> Iterator[bytes | BinaryIO]:
        at = 0
        for start in _HEAD.finditer(self._waiting, searched):
            if self._head:
                yield from self._message(start.start(), at)
            self._head, self._large, at = start[1], None, start.start(1)
            self._framed = start[0].startswith(b"\x0b")
        del self._waiting[:at]

    def _bound(self) -> None:
        """Keep no more in memory than one message may be; of what is no message, hardly any."""
        if self._head == b"MSH" and len(self._waiting) <= MOST_MESSAGE and not self._large:
            return
        if self._head == b"MSH":
            self._large = self._large or Parted()
            self._large.add(self._waiting[:-_OVERLAP])
        del self._waiting[:-_OVERLAP]

    def _message(self, end: int, start: int = 0) -> Iterator[bytes | BinaryIO]:
        if self._head != b"MSH":
            return
        if self._large:
            self._large.add(self._waiting[start:end])
            yield self._large.whole()
            return
        whole = bytes(memoryview(self._waiting)[start:end])
        message, mark, _ = whole.partition(b"\x1c")  # what follows the end of a frame is noise
        # A frame that was begun and never ended keeps its first byte, by which it is flagged.
        cut = b"\x0b" if self._framed and not mark else b""
        yield cut + message.rstrip(_BETWEEN)


def _of_wide(whole: bytes) -> Iterator[bytes | BinaryIO]:
    """The messages of a file in UTF-16, as UTF-8 and behind its mark, whatever MSH-18 says."""
    try:
        text = whole.decode("utf-16")
    except UnicodeDecodeError:
        yield whole
        return
    for message in messages(BytesIO(text.encode())):
        yield _BOM + message if isinstance(message, bytes) else message
