"""The reader of FHIR: JSON, XML, Bundles and NDJSON, R4 and STU3."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

import orjson

from onesystem.district import District, Source
from onesystem.feeds.fhir.bundles import elements
from onesystem.feeds.fhir.explaining import explain
from onesystem.feeds.fhir.reading import read, resource_of
from onesystem.feeds.readers import MOST_MESSAGE, Explained, Parted
from onesystem.vocabulary import BadInput, Reading

_JSON_HEAD = re.compile(rb"^[\xef\xbb\xbf\xff\xfe\s\0]*[{\[]")
_XML_HEAD = re.compile(rb"<(\w+:)?[A-Z]\w+[^>]*http://hl7\.org/fhir\b")
_LIST_HEAD = re.compile(rb"\[\s*\{")
_LINES = (".ndjson", ".jsonl")
_FHIR_NAMES = (".json", ".xml", *_LINES)


class FhirReader:
    """FHIR R4 by its schema; STU3 by its shape. One line of NDJSON is one message."""

    format = "fhir"

    def sniff(self, name: str, head: bytes) -> bool:
        """JSON with a resourceType, or XML in the namespace of FHIR."""
        text = head.replace(b"\0", b"")  # UTF-16 looks so
        if _JSON_HEAD.match(head):
            return b"resourceType" in text or name.lower().endswith(_FHIR_NAMES)
        if text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
            return bool(_XML_HEAD.search(text)) or name.lower().endswith(".xml")
        return name.lower().endswith(_LINES)

    def split(self, data: BinaryIO, name: str) -> Iterator[bytes | BinaryIO]:
        """One message a line for NDJSON, else the whole file."""
        if name.lower().endswith(_LINES) or _one_a_line(data):
            data.seek(0)
            yield from _lines(data)
        elif data.seek(0, 2) > MOST_MESSAGE:
            data.seek(0)
            yield data
        else:
            data.seek(0)
            yield from _listed(data.read())

    def kind(self, message: bytes) -> str:
        """The type of resource."""
        try:
            return str(resource_of(message)[0].get("resourceType", ""))
        except BadInput:
            return ""

    def read(
        self, message: bytes, *, source: Source, district: District, received: datetime
    ) -> list[Reading]:
        """What the message says. Raises BadInput with the FHIRPath of what is wrong."""
        return read(message, source=source, district=district, received=received)

    def explain(self, message: bytes) -> list[Explained]:
        """The message line by line in words. Never raises."""
        return explain(message)


def _listed(whole: bytes) -> Iterator[bytes]:
    """The resources of a file that is one JSON list of them; any other file as it is."""
    start = whole.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    if not _LIST_HEAD.match(start):
        yield whole
        return
    try:
        found = [each.encode() for each in elements(whole.decode("utf-8-sig"))]
    except (ValueError, IndexError, StopIteration, RecursionError):
        yield whole  # the reader says what is wrong with it
        return
    yield from found


def _one_a_line(data: BinaryIO) -> bool:
    """Whether the first line is a whole resource, and the next that is not empty begins one."""
    if not _one_line(data.readline(MOST_MESSAGE)):
        return False
    while rest := data.readline(MOST_MESSAGE):
        if rest.strip():
            return rest.lstrip()[:1] == b"{"
    return False


def _one_line(line: bytes) -> bool:
    line = line.strip()
    if not (line.startswith((b"{", b"\xef\xbb\xbf{")) and line.endswith(b"}")):
        return False
    try:
        orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return False
    return True


def _lines(data: BinaryIO) -> Iterator[bytes | BinaryIO]:
    """The lines of NDJSON; one that is too large for the memory as a file of its own."""
    while line := data.readline(MOST_MESSAGE):
        if len(line) == MOST_MESSAGE and not line.endswith(b"\n"):
            yield _long(line, data)
        elif line.strip():
            yield line.rstrip(b"\r\n")


def _long(line: bytes, data: BinaryIO) -> BinaryIO:
    large = Parted()
    while line:
        large.add(line.rstrip(b"\r\n"))
        line = b"" if line.endswith(b"\n") else data.readline(1 << 20)
    return large.whole()
