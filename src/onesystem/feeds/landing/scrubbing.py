"""Taking messages out of the landing, where the law says so: the one exception to "kept for ever".

A block is written anew in its own place with the messages emptied: it ends where it ended, so
every other address stays right. The new block lies in a journal first, and is put in place from
there, so that a crash leaves the old block or the new one, never half of each.
"""

import os
import struct
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from onesystem.feeds.landing.blobs import blob_path
from onesystem.feeds.landing.frames import (
    BLOB,
    BLOCK_HEAD,
    DESTROYED,
    GONE,
    Frame,
    pack,
    unpack,
)
from onesystem.feeds.landing.segment import Block, sync_folder, write_all
from onesystem.feeds.landing.store import Landing
from onesystem.vocabulary import UserError

_LEVELS = (1, 9, 19, 22)
_HEAD = struct.Struct("<QI")  # offset, length
_SUFFIX = ".redo"

Moved = Callable[[dict[str, str]], object]


def find(landing: Landing, wanted: Callable[[Frame, bytes], bool]) -> Iterator[tuple[str, Frame]]:
    """The addresses of messages that are wanted, with their frames; large files by their bytes."""
    recover(landing)
    for segment in landing.names():
        for block in landing.scan(segment):
            if not isinstance(block, Block):
                continue
            for index, frame in enumerate(block.frames):
                if frame.format != DESTROYED and wanted(frame, _bytes(landing, frame)):
                    yield f"{segment}:{block.offset}:{index}", frame


def _bytes(landing: Landing, frame: Frame) -> bytes:
    if frame.kind != BLOB:
        return frame.data
    path = blob_path(landing.blobs, frame.digest)
    return path.read_bytes() if path.exists() else b""


def scrub(landing: Landing, addresses: Iterable[str], *, moved: Moved) -> int:
    """Empty these messages for good; gives how many. Again changes nothing. Raises UserError.

    Where the others of a block do not fit into its place any more (they were kept short by being
    like the one that goes), the block goes to the end of a segment; `moved` is told, old address
    to new, before anything of the old one is lost.
    """
    recover(landing)
    by_block: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for address in addresses:
        name, start, index = address.split(":")
        by_block[name, int(start)].add(int(index))
    done = 0
    for (segment, offset), indexes in sorted(by_block.items()):
        old = _block(landing, segment, offset)
        frames = unpack(old)
        if frames is None:
            raise UserError(f"the landing is damaged at {segment}:{offset}", "Restore a backup.")
        gone = [frames[i] for i in indexes if i < len(frames) and frames[i].kind != GONE]
        if not gone:
            continue
        left = [_emptied(f) if i in indexes else f for i, f in enumerate(frames)]
        new = fitted(left, len(old))
        if new is None:
            again = landing.append_again(left)
            moved({f"{segment}:{offset}:{i}": each.address for i, each in enumerate(again)})
            new = _filled(pack([]), len(old))
        _put(landing, segment, offset, new)
        for frame in gone:
            if frame.kind == BLOB:
                blob_path(landing.blobs, frame.digest).unlink(missing_ok=True)
        done += len(gone)
    landing.forget_last()
    return done


def _block(landing: Landing, segment: str, offset: int) -> bytes:
    with landing.path(segment).open("rb") as file:
        file.seek(offset)
        head = file.read(BLOCK_HEAD.size)
        return head + file.read(BLOCK_HEAD.unpack(head)[1])


def _emptied(frame: Frame) -> Frame:
    """The frame without its message: from whom it came and when stays, so that it is not lost."""
    return replace(frame, name="", format=DESTROYED, data=b"", kind=GONE, size=0)


def fitted(frames: list[Frame], length: int) -> bytes | None:
    """A block of exactly that length, filled up behind its frames; None where they do not fit."""
    for level in _LEVELS:
        block = pack(frames, level=level)
        if len(block) <= length:
            return _filled(block, length)
    return None


def _filled(block: bytes, length: int) -> bytes:
    magic, _, raw, count, _ = BLOCK_HEAD.unpack_from(block)
    payload = block[BLOCK_HEAD.size :] + b"\0" * (length - len(block))
    head = struct.pack("<III", len(payload), raw, count)
    crc = zlib.crc32(payload, zlib.crc32(head))
    return bytes(magic) + head + struct.pack("<I", crc) + payload


def _put(landing: Landing, segment: str, offset: int, block: bytes) -> None:
    journal = landing.segments / f"{segment}-{offset}{_SUFFIX}"
    draft = journal.with_suffix(".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_all(handle, _HEAD.pack(offset, len(block)) + block)
        os.fsync(handle)
    finally:
        os.close(handle)
    draft.replace(journal)
    sync_folder(landing.segments)
    _redo(landing, journal)


def recover(landing: Landing) -> None:
    """Finish what a crash left between the journal and its segment."""
    for journal in sorted(landing.segments.glob(f"*{_SUFFIX}")):
        _redo(landing, journal)


def _redo(landing: Landing, journal: Path) -> None:
    raw = journal.read_bytes()
    offset, length = _HEAD.unpack_from(raw)
    block = raw[_HEAD.size :]
    if len(block) == length and unpack(block) is not None:
        handle = os.open(landing.path(journal.stem.rpartition("-")[0]), os.O_WRONLY)
        try:
            os.pwrite(handle, block, offset)
            os.fsync(handle)
        finally:
            os.close(handle)
    with suppress(FileNotFoundError):
        journal.unlink()


__all__ = ["DESTROYED", "find", "fitted", "recover", "scrub"]
