"""The landing of a district: every message byte for byte, for ever, before anything reads it."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from onesystem.feeds.landing.blobs import blob_path, keep_blob
from onesystem.feeds.landing.frames import BLOB, MESSAGE, Frame, digest_of, pack
from onesystem.feeds.landing.segment import (
    SUFFIX,
    Block,
    Damage,
    SegmentWriter,
    adopted,
    blocks,
)
from onesystem.vocabulary import NotFound, UserError

LARGE = 1 << 20  # bytes; a larger message is kept as a file of its own
_SEGMENT_FULL = 256 << 20


class NotLanded(UserError, OSError):
    """The message is not safe on disk, so it must not be acknowledged."""

    exit_code = 14
    full = False  # for want of room, which somebody can make


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message at the door."""

    source: str
    data: bytes
    name: str = ""
    format: str = ""
    digest: bytes = b""  # of the data, where it was worked out already


@dataclass(frozen=True, slots=True)
class Landed:
    """A message that is safe on disk, and its address (`segment:offset:place in the block`)."""

    frame: Frame
    segment: str
    offset: int
    end: int
    index: int

    @property
    def address(self) -> str:
        """Where it lies in the landing."""
        return f"{self.segment}:{self.offset}:{self.index}"


class Landing:
    """Reads and appends. Threads may share one; processes each append to their own segment."""

    def __init__(self, folder: Path) -> None:
        self.segments, self.blobs = folder / "segments", folder / "files"
        self._writer: SegmentWriter | None = None
        self._writer_process = 0
        self._lock = Lock()
        self._last_block: Block | None = None
        # What this process has read and committed of its own segments: offset to end of blocks.
        self.done: dict[str, dict[int, int]] = {}
        # Up to where they were committed at last; and where the store has fallen behind that.
        self.reached: dict[str, int] = {}
        self.lost: dict[str, int] = {}

    def land(self, arrivals: Sequence[Arrival]) -> list[Landed]:
        """Append messages as one block and wait for the disk. Raises NotLanded."""
        now = datetime.now(UTC)
        try:
            return self._append([self._frame(each, now) for each in arrivals])
        except OSError as error:
            raise _not_landed(error, self.segments) from error

    def land_file(self, file: BinaryIO, *, source: str, name: str, format: str) -> Landed:  # noqa: A002
        """Keep a large file and append the news of it. Raises NotLanded."""
        try:
            digest, size = keep_blob(self.blobs, file)
            frame = Frame(
                source=source,
                name=name,
                format=format,
                received=datetime.now(UTC),
                digest=digest,
                kind=BLOB,
                size=size,
            )
            return self._append([frame])[0]
        except OSError as error:
            raise _not_landed(error, self.segments) from error

    def _frame(self, arrival: Arrival, now: datetime) -> Frame:
        large = len(arrival.data) > LARGE
        if large:
            keep_blob(self.blobs, BytesIO(arrival.data))
        return Frame(
            source=arrival.source,
            name=arrival.name,
            format=arrival.format,
            received=now,
            digest=arrival.digest or digest_of(arrival.data),
            data=b"" if large else arrival.data,
            kind=BLOB if large else MESSAGE,
            size=len(arrival.data),
        )

    def _append(self, frames: list[Frame]) -> list[Landed]:
        block = pack(frames)
        with self._lock:
            writer = self._own_writer()
            try:
                offset = writer.append(block)
            except OSError as error:
                # After a failed fsync the system may have dropped the pages, so the segment is
                # not trusted again. A full disk is different: the tail was cut and it goes on.
                if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                    self._let_go()
                raise
            segment, end = writer.name, writer.size
            if writer.size > _SEGMENT_FULL:
                self._let_go()
        return [Landed(frame, segment, offset, end, i) for i, frame in enumerate(frames)]

    def _own_writer(self) -> SegmentWriter:
        # A forked worker must not write to its parent's segment.
        if self._writer is None or self._writer_process != os.getpid():
            self._writer, self._writer_process = SegmentWriter(self.segments), os.getpid()
        return self._writer

    def _let_go(self) -> None:
        if self._writer:
            self._writer.close()
        self._writer = None

    def close(self) -> None:
        """Let go of this process's segment."""
        with self._lock:
            self._let_go()

    def names(self) -> list[str]:
        """The segments in the order in which they were begun."""
        return sorted(path.stem for path in self.segments.glob(f"*{SUFFIX}"))

    def path(self, segment: str) -> Path:
        """The file of a segment."""
        return self.segments / f"{segment}{SUFFIX}"

    def scan(self, segment: str, *, start: int = 0) -> Iterator[Block | Damage]:
        """The blocks of a segment from an offset on."""
        return blocks(self.path(segment), start=start)

    def adopted(self, segment: str, *, start: int = 0) -> AbstractContextManager[bool]:
        """A context that holds a dead process's segment; False when its process lives."""
        return adopted(self.path(segment), start=start)

    def size(self, segment: str) -> int:
        """Bytes of a segment's file."""
        return self.path(segment).stat().st_size

    def frame(self, address: str) -> Frame:
        """The frame at an address. Raises NotFound."""
        segment, offset, index = address.split(":")
        if not self.path(segment).exists():
            raise NotFound(f"the landing has no segment {segment}", "Restore it from a backup.")
        block = self._block(segment, int(offset))
        if block is None or int(index) >= len(block.frames):
            raise NotFound(f"the landing is damaged at {address}", "Restore it from a backup.")
        return block.frames[int(index)]

    def _block(self, segment: str, offset: int) -> Block | None:
        """The block at an offset. The last one is kept: who asks for one message asks for more."""
        last = self._last_block
        if last and (last.segment, last.offset) == (segment, offset):
            return last
        block = next(iter(self.scan(segment, start=offset)), None)
        if not isinstance(block, Block) or block.offset != offset:
            return None
        self._last_block = block
        return block

    def append_again(self, frames: list[Frame]) -> list[Landed]:
        """Append frames that lie elsewhere already. Raises NotLanded."""
        try:
            return self._append(frames)
        except OSError as error:
            raise _not_landed(error, self.segments) from error

    def forget_last(self) -> None:
        """Read the next block from the disk: what lies there was written anew."""
        self._last_block = None

    def read(self, address: str) -> bytes:
        """The message at an address, byte for byte. Raises NotFound."""
        frame = self.frame(address)
        return self.file(frame.digest).read_bytes() if frame.kind == BLOB else frame.data

    def file(self, digest: bytes) -> Path:
        """The kept file of that digest. Raises NotFound."""
        path = blob_path(self.blobs, digest)
        if not path.exists():
            raise NotFound(f"the landing has no file {digest.hex()}", "Restore it from a backup.")
        return path


def _not_landed(error: OSError, folder: Path) -> NotLanded:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        refusal = NotLanded(
            f"the disk of {folder} is full; nothing of this was acknowledged",
            "Make room; sources send again by themselves, and files can be ingested again.",
        )
        refusal.full = True
        return refusal
    return NotLanded(
        f"the landing at {folder} cannot be written: {error.strerror}",
        "Mend that and send again; nothing of this was acknowledged.",
    )


@lru_cache(maxsize=8)
def landing_of(folder: Path) -> Landing:
    """The one landing of a district folder in this process."""
    return Landing(folder / "landing")
