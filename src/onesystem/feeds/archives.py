"""Files inside files: zip and gz, opened with care.

A zip bomb unpacks to a thousand times its size, or holds itself; a hostile name climbs out of the
folder. Nothing here is ever written to a path that an archive names: a member's name is a label.
"""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from onesystem.vocabulary import BadInput

_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_EMPTY_ZIP = b"PK\x05\x06"
MOST_MEMBERS = 200_000
MOST_DEPTH = 3
MOST_UNPACKED = 64 << 30  # bytes of one member
# Text compresses up to about 100 times, hardly ever more; a bomb does it 1,000 times.
MOST_RATIO = 250
_SMALL = 32 << 20  # a ratio says nothing about a small file


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return head.startswith((_ZIP, _EMPTY_ZIP))


def is_gzip(head: bytes) -> bool:
    """Whether a file that begins so is gzip."""
    return head.startswith(_GZIP)


def refuse_archive(name: str, head: bytes) -> None:
    """Say why an archive that was landed whole was not opened. Raises BadInput for an archive."""
    if is_zip(head) and name.lower().endswith((".xlsx", ".xlsm", ".docx", ".ods", ".odt")):
        raise BadInput(
            f"{name!r} is an office document",
            rule="feeds.spreadsheet",
            cure="Save the sheet as CSV and name a mapping for it.",
        )
    if is_zip(head) or is_gzip(head):
        raise bad_archive("it could not be opened when it came")


def bad_archive(why: str) -> BadInput:
    """The refusal of a zip or gz."""
    return BadInput(
        f"the archive was not opened: {why}",
        rule="feeds.bad-archive",
        cure="Unpack it where it was made, check it, and send the files themselves.",
    )


def members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The files of a zip, in its order. Raises BadInput for a bomb or a broken zip."""
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise bad_archive(f"it is damaged ({error})") from error
    if len(infos) > MOST_MEMBERS:
        raise bad_archive(f"it holds {len(infos):,} files, over {MOST_MEMBERS:,}")
    if is_bomb(sum(i.file_size for i in infos), sum(i.compress_size for i in infos)):
        raise bad_archive("it unpacks to far more than files of this kind do")
    if any(info.flag_bits & 0x1 for info in infos):
        raise bad_archive("it is locked with a password")
    return infos


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether sizes are out of all proportion."""
    return unpacked > MOST_UNPACKED or (
        unpacked > _SMALL and unpacked > MOST_RATIO * max(packed, 1)
    )


@contextmanager
def open_member(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member of a zip as a stream. Damage shows as BadInput while it is read."""
    with zipfile.ZipFile(file) as archive, archive.open(info) as inner:
        yield cast(BinaryIO, Guarded(inner, info.compress_size))


@contextmanager
def open_gzip(path: Path | BinaryIO, packed: int) -> Iterator[BinaryIO]:
    """A gz as a stream, guarded in the same way."""
    with gzip.open(path) as inner:
        yield cast(BinaryIO, Guarded(cast("IO[bytes]", inner), packed))


class Guarded:
    """A stream that counts what it unpacks and stops a bomb. Declared sizes can lie."""

    def __init__(self, inner: IO[bytes], packed: int) -> None:
        self._inner, self._packed, self._unpacked = inner, packed, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises BadInput."""
        if size is None or size < 0:
            pieces = []
            while piece := self.read(1 << 20):
                pieces.append(piece)
            return b"".join(pieces)
        try:
            data = self._inner.read(size)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise bad_archive(f"it is damaged ({error})") from error
        self._unpacked += len(data)
        if is_bomb(self._unpacked, self._packed):
            raise bad_archive("it unpacks to far more than files of this kind do")
        return data

    def readable(self) -> bool:
        """For io.BufferedReader."""
        return True
