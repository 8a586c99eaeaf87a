"""Files of messages: one or many, batches (FHS, BHS), MLLP captures; any line ends."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from onesystem.feeds.hl7v2.message import no_msh
from onesystem.vocabulary import BadInput

_HEAD = re.compile(rb"(?:^|(?<=[\r\n\x0b\x1c]))[ \t]*(MSH|FHS|BHS|BTS|FTS)(?=[^A-Za-z0-9\r\n])")
_BOM = b"\xef\xbb\xbf"
_PIECE = 1 << 20
MOST_MESSAGE = 64 << 20


def looks_like(head: bytes) -> bool:
    """Whether a file that begins so holds HL7 v2 messages."""
    head = head.removeprefix(_BOM)
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head[2:].replace(b"\0", b"")
    head = head.lstrip(b" \t\r\n\x0b\x1c")
    return head[:3] in {b"MSH", b"FHS", b"BHS"} and len(head) > 8 and not head[3:4].isalnum()


def messages(data: BinaryIO) -> Iterator[bytes]:
    """The messages of a file, byte for byte without what lies between them."""
    waiting = data.read(_PIECE)
    if waiting[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        yield from _of_wide(waiting + data.read(MOST_MESSAGE))
        return
    waiting = waiting.removeprefix(_BOM)
    ended = False
    while not ended:
        piece = data.read(_PIECE)
        ended = not piece
        waiting += piece
        starts = list(_HEAD.finditer(waiting))
        # The last one may go on in the next piece.
        whole = starts if ended else starts[:-1]
        for i, start in enumerate(whole):
            end = starts[i + 1].start() if i + 1 < len(starts) else len(waiting)
            if start[1] == b"MSH":
                yield waiting[start.start(1) : end].rstrip(b"\r\n\x1c\x0b \t\0")
        if starts and not ended:
            waiting = waiting[starts[-1].start() :]
        if len(waiting) > MOST_MESSAGE:
            raise BadInput(
                f"one message is over {MOST_MESSAGE >> 20} MiB",
                rule="hl7.too-large",
                cure="Ask the source to send large documents by reference.",
            )
        if ended and not starts:
            raise no_msh()


def _of_wide(whole: bytes) -> Iterator[bytes]:
    """The messages of a file in UTF-16, as UTF-8 and behind its mark, whatever MSH-18 says."""
    try:
        text = whole.decode("utf-16")
    except UnicodeDecodeError:
        yield whole
        return
    for message in messages(BytesIO(text.encode())):
        yield _BOM + message
