"""Segment files: appended by one process, adopted by another when that one has died.

A writer holds an exclusive `flock` on its segment for as long as it lives; the system lets go of
it when the process ends, however it ends. Whoever can take the lock may cut a torn tail.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from onesystem.feeds.landing.frames import (
    BLOCK_HEAD,
    BLOCK_MAGIC,
    MAGIC,
    Frame,
    block_length,
    unpack,
)

SUFFIX = ".seg"


@dataclass(frozen=True, slots=True)
class Block:
    """The frames of one group commit and where they lie: from `offset` up to `end`."""

    segment: str
    offset: int
    end: int
    frames: list[Frame]


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a segment that cannot be read although whole blocks follow it."""

    segment: str
    offset: int
    end: int


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_all(handle: int, data: bytes) -> None:
    """Write every byte; `os.write` may stop short of that."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


class SegmentWriter:
    """Appends blocks to a segment of its own. Not safe for two threads at once."""

    def __init__(self, folder: Path) -> None:
        self.path, self._handle = _claim(folder)
        self.size = len(MAGIC)

    @property
    def name(self) -> str:
        """The segment's name, as addresses say it."""
        return self.path.stem

    def append(self, block: bytes) -> int:
        """Write a block and wait until it is safe on disk; its offset.

        Raises OSError, and then the segment is as it was before.
        """
        offset = self.size
        try:
            write_all(self._handle, block)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, offset)
            os.lseek(self._handle, offset, os.SEEK_SET)
            raise
        self.size = offset + len(block)
        return offset

    def close(self) -> None:
        """Let go of the segment; another process may read its tail now."""
        with contextlib.suppress(OSError):
            os.close(self._handle)


def _claim(folder: Path) -> tuple[Path, int]:
    """A new segment with the next free number, locked before anyone can see it."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".new-{os.getpid()}-{os.urandom(4).hex()}"
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        write_all(handle, MAGIC)
        os.fsync(handle)
        number = max((int(p.stem) for p in folder.glob(f"*{SUFFIX}")), default=0)
        while True:
            number += 1
            path = folder / f"{number:08d}{SUFFIX}"
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
                break
        draft.unlink()
        sync_folder(folder)
    except BaseException:
        os.close(handle)
        draft.unlink(missing_ok=True)
        raise
    return path, handle


def blocks(path: Path, *, start: int = 0) -> Iterator[Block | Damage]:
    """The whole blocks of a segment from an offset on. A torn tail ends it quietly."""
    with path.open("rb") as file:
        at = max(start, len(MAGIC))
        size = file.seek(0, os.SEEK_END)
        while at < size:
            block = _block_at(file, at, size, path.stem)
            if block is None:
                found = _next_block(file, at + 1, size, path.stem)
                if found is None:
                    return
                yield Damage(path.stem, at, found)
                at = found
                continue
            yield block
            at = block.end


def _block_at(file: BinaryIO, at: int, size: int, name: str) -> Block | None:
    file.seek(at)
    head = file.read(BLOCK_HEAD.size)
    length = block_length(head)
    if length is None or at + length > size:
        return None
    frames = unpack(head + file.read(length - len(head)))
    return None if frames is None else Block(name, at, at + length, frames)


def _next_block(file: BinaryIO, at: int, size: int, name: str) -> int | None:
    """Where the next whole block after a damaged one begins."""
    file.seek(at)
    rest = file.read(size - at)
    found = rest.find(BLOCK_MAGIC)
    while found >= 0:
        if _block_at(file, at + found, size, name):
            return at + found
        found = rest.find(BLOCK_MAGIC, found + 1)
    return None


@contextlib.contextmanager
def adopted(path: Path, *, start: int = 0) -> Iterator[bool]:
    """Hold a segment that nobody writes any more, its torn tail cut; False when someone does.

    The blocks before `start` are known to be whole.
    """
    handle = os.open(path, os.O_RDWR)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        _cut_tail(path, handle, start)
        yield True
    finally:
        os.close(handle)


def _cut_tail(path: Path, handle: int, start: int) -> None:
    whole = max(start, len(MAGIC))
    for each in blocks(path, start=start):
        whole = each.end
    if os.fstat(handle).st_size > whole:
        os.ftruncate(handle, whole)
        os.fsync(handle)
