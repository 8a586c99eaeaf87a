"""One landed message into readings, or into the reason why not. No store."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import structlog

from onesystem.district import District
from onesystem.feeds.archives import refuse_archive
from onesystem.feeds.landing import BLOB, Landed, Landing
from onesystem.feeds.readers import (
    HEAD,
    MOST_MESSAGE,
    Elsewhere,
    Reader,
    WholeReader,
    reader_of,
    sniff,
)
from onesystem.vocabulary import BadInput, NotFound, Reading
from onesystem.vocabulary.storable import holds_nul

_log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Read:
    """What a reader made of a message: readings, or a refusal, or a file to be taken in bulk."""

    landed: Landed
    format: str = ""
    kind: str = ""
    readings: list[Reading] = field(default_factory=list)
    refusal: BadInput | None = None
    whole: WholeReader | None = None
    file: Path | None = None

    def owned(self, source: str) -> Iterator[tuple[str, Reading]]:
        """The readings, each with the source whose they are."""
        for each in self.readings:
            yield (each.owner, each.reading) if isinstance(each, Elsewhere) else (source, each)

    def refuse(self, refusal: BadInput) -> None:
        """Set the message aside."""
        self.refusal, self.readings, self.whole = refusal, [], None


def read_one(landed: Landed, district: District, landing: Landing) -> Read:
    """Read a message. Never raises because of what is in it."""
    read = Read(landed=landed, format=landed.frame.format)
    try:
        _read_into(read, district, landing)
    except BadInput as refusal:
        read.refuse(refusal)
    except Exception as error:  # noqa: BLE001 - whatever a message does, the rest goes on
        read.refuse(fault(error, landed))
    return read


def _read_into(read: Read, district: District, landing: Landing) -> None:
    frame = read.landed.frame
    if frame.kind == BLOB:
        try:
            read.file = landing.file(frame.digest)
        except NotFound as missing:
            raise BadInput(missing.what, rule="feeds.landing-lost", cure=missing.cure) from missing
    source = district.source(frame.source)
    reader = _reader_for(read, hint=source.format)
    read.format = reader.format
    # Asked by its one method: a check against a Protocol costs as much as reading the message.
    if hasattr(reader, "take_file"):
        read.whole = cast("WholeReader", reader)
        return
    if frame.size > MOST_MESSAGE:
        raise BadInput(
            f"one message of {frame.size >> 20} MiB, where {MOST_MESSAGE >> 20} is the most",
            rule="feeds.too-large",
            cure="Ask the source to send it in parts, as NDJSON or as an extract, and large "
            "documents by reference.",
        )
    data = frame.data if read.file is None else read.file.read_bytes()
    read.kind = reader.kind(data)[:100]
    read.readings = reader.read(data, source=source, district=district, received=frame.received)
    if any(sign in data for sign in _MAY_HOLD_NUL) and holds_nul(read.readings):
        raise nul()


# The byte itself, JSON's way to write it, and how HL7 begins to write bytes by their numbers.
_MAY_HOLD_NUL = (b"\0", b"\\u0000", b"\\X")


def nul() -> BadInput:
    """The refusal of what PostgreSQL cannot keep; SQLite is spared it too."""
    return BadInput(
        "a text holds a character that cannot be kept (NUL, code 0)",
        rule="feeds.nul",
        cure="Ask the source to send it without that character; nothing of this message was kept.",
    )


def _reader_for(read: Read, *, hint: str) -> Reader | WholeReader:
    frame = read.landed.frame
    if frame.format:
        try:
            return reader_of(frame.format)
        except NotFound as missing:
            raise BadInput(
                missing.what, rule="feeds.unknown-format", cure=missing.cure
            ) from missing
    with BytesIO(frame.data) if read.file is None else read.file.open("rb") as file:
        head = file.read(HEAD)
        refuse_archive(frame.name, head, cast("BinaryIO", file))
    return sniff(frame.name, head, hint=hint)


def fault(error: BaseException, landed: Landed) -> BadInput:
    """The refusal for an error that nobody foresaw: ours to mend, and the message waits for it."""
    if type(error).__name__ == "DataError" and "NUL" in str(error):  # PostgreSQL's own word
        return nul()
    frames = deque(_frames(error), maxlen=1)
    where = frames[0] if frames else ""
    _log.warning(
        "reader failed",
        error=type(error).__name__,
        at=where,
        address=landed.address,
        source=landed.frame.source,
    )
    return BadInput(
        f"the message met a fault in onesystem ({type(error).__name__} at {where})",
        rule="feeds.fault",
        cure="Nothing is wrong on your side. Report this line; replay the message after an update.",
    )


UNANSWERED = "feeds.not-answered"


def unanswered(landed: Landed) -> Read:
    """A message whose sender was told, or may believe, that nothing was done: set aside for good.

    What is sent with a condition (If-Match, If-None-Exist) held then and may not hold now.
    """
    read = Read(landed=landed, format=landed.frame.format)
    read.refuse(
        BadInput(
            "this write was made safe and then not done, and its client was told so",
            rule=UNANSWERED,
            cure="The client sends it again. It is kept here only to be seen.",
        )
    )
    return read


def is_answered(landed: Landed) -> bool:
    """Whether a message of its format is read at once or never."""
    name = landed.frame.format
    try:
        return bool(name) and getattr(reader_of(name), "answered", False)
    except NotFound:
        return False


def _frames(error: BaseException) -> list[str]:
    trace, found = error.__traceback__, []
    while trace:
        code = trace.tb_frame.f_code
        if "onesystem" in code.co_filename:
            found.append(f"{Path(code.co_filename).stem}.{code.co_name}")
        trace = trace.tb_next
    return found
