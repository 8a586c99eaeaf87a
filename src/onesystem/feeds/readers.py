"""Readers: what turns a message into readings, and the list of them.

A reader of messages gives the readings of one message at a time. A reader of whole files (an
extract of a million rows) takes the file in bulk, inside the transaction that writes its row.
Register one at the end of its module: `register(Hl7Reader())`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Protocol, cast, runtime_checkable

from onesystem.district import District, Source
from onesystem.vocabulary import BadInput, NotFound, Reading, Remark, nearest

# Asked in this order; the first that knows the head of the file reads it.
_MODULES = ("onesystem.feeds.hl7v2", "onesystem.feeds.fhir", "onesystem.feeds.extract")
_READERS: dict[str, "Reader | WholeReader"] = {}
_loaded: list[str] = []

HEAD = 4096  # bytes of a file that `sniff` is shown
# Bytes of one message that a reader is asked to hold in memory; what it makes of them takes about
# ten times as much. No door takes more: REST answers 413, MLLP refuses, a file is set aside.
MOST_MESSAGE = 64 << 20


class Parted:
    """A message that is too large for the memory, gathered on disk to be kept and set aside."""

    def __init__(self) -> None:
        self._file = cast("BinaryIO", SpooledTemporaryFile(max_size=16 << 20))  # noqa: SIM115

    def add(self, data: bytes | bytearray) -> None:
        """Its next bytes."""
        self._file.write(data)

    def whole(self) -> BinaryIO:
        """All of it, to be read from its beginning."""
        self._file.seek(0)
        return self._file


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One line of a message in words: what was sent, what it says, what is wrong with it."""

    text: str
    says: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A reading in another source's name than its message's: a write to what that source owns.

    `owner` is the source of the thing that it is of, `whose` the source that knows its subject.
    """

    owner: str
    whose: str
    reading: Reading


@runtime_checkable
class Reader(Protocol):
    """Reads one message at a time. Pure: no store, no clock.

    A reader with `answered = True` reads what somebody waits to be told of: a message of its
    format that was not committed at once is set aside, and never read later.
    """

    format: str

    def sniff(self, name: str, head: bytes) -> bool:
        """Whether a file of that name that begins so is of this format."""

    def split(self, data: BinaryIO, name: str) -> Iterator[bytes | BinaryIO]:
        """The messages of a file; one over MOST_MESSAGE as a file of its own.

        Raises BadInput when the file as a whole makes no sense.
        """

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """What the message says. Raises BadInput with rule and cure."""

    def kind(self, message: bytes) -> str:
        """The kind of message in the format's own words (`ADT^A01`, `Bundle`); never raises."""

    def explain(self, message: bytes) -> list[Explained]:
        """The message line by line in words, with its problems. Never raises."""


class OwnReader:
    """What readers of the district's own messages share: nobody sends them, somebody waits.

    One landing is one message, and no file from outside is ever taken for one.
    """

    answered = True

    def sniff(self, name: str, head: bytes) -> bool:
        """Never: only the district says that a message is of this format."""
        del name, head
        return False

    def split(self, data: BinaryIO, name: str) -> Iterator[bytes | BinaryIO]:
        """The one message."""
        del name
        yield data.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row of an extract that cannot be used. `text` is the row as it came, or as JSON."""

    row: int
    rule: str
    reason: str
    cure: str = ""
    text: str = ""


@dataclass(slots=True, kw_only=True)
class FileTaken:
    """What a whole file gave. `refused` is written to the store after `take_file` returns."""

    rows_read: int = 0
    rows_refused: int = 0
    persons: int = 0
    contacts: int = 0
    entries: int = 0
    requests: int = 0
    refused: Iterable[RefusedRow] = field(default_factory=list)
    remarks: Sequence[Remark] = field(default_factory=list)


@runtime_checkable
class WholeReader(Protocol):
    """Takes a whole file in bulk."""

    format: str

    def sniff(self, name: str, head: bytes) -> bool:
        """Whether a file of that name that begins so is of this format."""

    def take_file(
        self,
        file: Path,
        *,
        name: str,
        message: int,
        source: Source,
        district: District,
        received: datetime,
        progress: Callable[[int, int], None] | None = None,
    ) -> FileTaken:
        """Take the file in, within the caller's transaction. `message` is the id of its row.

        `progress(done, of)` counts rows. Raises BadInput when the file cannot be used at all.
        """

    def explain_file(self, file: Path, *, name: str, source: Source) -> list[Explained]:
        """How the file is read: its mapping, its columns, its first rows. Never raises."""


def register(reader: Reader | WholeReader) -> None:
    """Make a reader known by its format."""
    _READERS[reader.format] = reader


def readers() -> dict[str, Reader | WholeReader]:
    """All readers by format."""
    if not _loaded:
        for module in _MODULES:
            import_module(module)
        _loaded.append("all")
    return _READERS


def reader_of(format: str) -> Reader | WholeReader:  # noqa: A002
    """The reader of that format. Raises NotFound."""
    known = readers()
    if format not in known:
        raise NotFound(f"there is no reader for {format!r}", nearest(format, known))
    return known[format]


def sniff(name: str, head: bytes, *, hint: str = "") -> Reader | WholeReader:
    """The reader for a file. `hint` is the format that the source is declared to send.

    Raises BadInput when no reader knows it.
    """
    known = readers()
    if hint in known and known[hint].sniff(name, head):
        return known[hint]
    for reader in known.values():
        if reader.sniff(name, head):
            return reader
    raise unknown_format(name, head)


_PACK = "Pack the files as zip, or as tar with gz or zst."
_FOREIGN = {
    b"%PDF": ("a PDF", "Ask the source for the same as FHIR, HL7 v2 or CSV."),
    b"\x89PNG": ("a picture", "Send records: FHIR, HL7 v2, CSV or Parquet."),
    b"\xff\xd8\xff": ("a picture", "Send records: FHIR, HL7 v2, CSV or Parquet."),
    b"\xd0\xcf\x11\xe0": ("an old Excel or Word file", "Save the sheet as CSV."),
    b"SQLite format 3": ("an SQLite database", "Export its tables as CSV or Parquet."),
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", _PACK),
    b"Rar!": ("a RAR archive", _PACK),
}


def unknown_format(name: str, head: bytes) -> BadInput:
    """Why a file that no reader knows is set aside."""
    if not head.strip():
        return BadInput(
            "the file is empty", rule="feeds.empty", cure="Ask the source to send it again."
        )
    for magic, (what, cure) in _FOREIGN.items():
        if head.startswith(magic):
            return BadInput(f"the file is {what}", rule="feeds.binary", cure=cure)
    if b"\0" in head:
        return BadInput(
            "the file is binary and of no known kind",
            rule="feeds.binary",
            cure="Send HL7 v2, FHIR, CSV or Parquet, or a zip, tar, gz or zst of them.",
        )
    return BadInput(
        f"nothing here reads a file like {name!r}",
        rule="feeds.unknown-format",
        cure="Send HL7 v2, FHIR R4 or STU3; for CSV and Parquet name a mapping for the source.",
    )
