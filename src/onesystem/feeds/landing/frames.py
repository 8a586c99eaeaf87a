r"""The bytes of the landing: frames in blocks. Pure: no files.

A frame is one message with what is known of it when it arrives. A block is the frames of one
fsync, compressed together, behind a header with their length and checksum, so that a block that a
crash tore is told from a whole one.

    segment = b"ONESEG1\n" block*
    block   = b"OSB1" compressed:u32 raw:u32 frames:u32 crc32(all before and payload):u32 payload
    payload = zstd(frame*)
    frame   = kind:u8 source:u8 format:u8 name:u16 data:u32 received:i64 digest:16 texts data

Numbers are little endian; lengths are bytes; `received` is microseconds since 1970 in UTC.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import zstandard

from onesystem.vocabulary.kept import from_micros, to_micros

MAGIC = b"ONESEG1\n"
BLOCK_MAGIC = b"OSB1"
BLOCK_HEAD = struct.Struct("<4sIIII")
_FRAME_HEAD = struct.Struct("<BBBHIq16s")

# A block holds at most the frames of one group commit. The limit is what a damaged header may
# make a reader allocate, not what a writer aims at.
MOST_RAW = 1 << 30

MESSAGE, BLOB, GONE = 0, 1, 2
DESTROYED = "destroyed"  # the format of a GONE frame: its message was taken out for good


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One message as it arrived. For a BLOB, `data` is empty and the file is found by digest."""

    source: str
    name: str
    format: str
    received: datetime
    digest: bytes
    data: bytes = b""
    kind: int = MESSAGE
    size: int = 0


def digest_of(data: bytes) -> bytes:
    """BLAKE2b-128 of a message's bytes: what it is known by."""
    return blake2b(data, digest_size=16).digest()


def pack(frames: Iterable[Frame], *, level: int = 1) -> bytes:
    """One block of the frames."""
    parts: list[bytes] = []
    count = 0
    for count, frame in enumerate(frames, start=1):  # noqa: B007
        source, name, format_ = (
            frame.source.encode()[:255],
            _shortened(frame.name),
            b"" if frame.kind == GONE else frame.format.encode()[:255],
        )
        body = frame.size.to_bytes(8, "little") if frame.kind == BLOB else frame.data
        parts += (
            _FRAME_HEAD.pack(
                frame.kind,
                len(source),
                len(format_),
                len(name),
                len(body),
                to_micros(frame.received),
                frame.digest,
            ),
            source,
            format_,
            name,
            body,
        )
    raw = b"".join(parts)
    payload = zstandard.ZstdCompressor(level=level).compress(raw)
    head = struct.pack("<III", len(payload), len(raw), count)
    crc = zlib.crc32(payload, zlib.crc32(head))
    return BLOCK_MAGIC + head + struct.pack("<I", crc) + payload


def _shortened(name: str) -> bytes:
    """A file's name in at most 65,535 bytes, and always valid UTF-8."""
    return name.encode("utf-8", "replace")[:65_000].decode("utf-8", "ignore").encode()


def block_length(head: bytes) -> int | None:
    """The whole length of the block that begins so; None when it is no block."""
    if len(head) < BLOCK_HEAD.size:
        return None
    magic, compressed, raw, _, _ = BLOCK_HEAD.unpack_from(head)
    if magic != BLOCK_MAGIC or raw > MOST_RAW:
        return None
    return int(BLOCK_HEAD.size + compressed)


def unpack(block: bytes) -> list[Frame] | None:
    """The frames of a whole block; None when the checksum says that it is damaged."""
    if block_length(block) != len(block):
        return None
    _, compressed, raw, count, crc = BLOCK_HEAD.unpack_from(block)
    payload = block[BLOCK_HEAD.size :]
    if zlib.crc32(payload, zlib.crc32(struct.pack("<III", compressed, raw, count))) != crc:
        return None
    try:
        data = zstandard.ZstdDecompressor().decompress(payload, max_output_size=raw)
    except zstandard.ZstdError:
        return None
    return list(_frames(data))


def _frames(data: bytes) -> Iterator[Frame]:
    at = 0
    while at < len(data):
        kind, source, format_, name, size, received, digest = _FRAME_HEAD.unpack_from(data, at)
        at += _FRAME_HEAD.size
        texts = []
        for length in (source, format_, name):
            texts.append(data[at : at + length].decode("utf-8", "replace"))
            at += length
        body = data[at : at + size]
        at += size
        yield Frame(
            source=texts[0],
            format=DESTROYED if kind == GONE else texts[1],
            name=texts[2],
            received=from_micros(received),
            digest=digest,
            data=b"" if kind == BLOB else body,
            kind=kind,
            size=int.from_bytes(body, "little") if kind == BLOB else size,
        )
