"""Files inside files: zip, tar, and what is packed by gzip, zstd, bzip2 or xz, opened with care.

A zip bomb unpacks to a thousand times its size, or holds itself; a hostile name climbs out of the
folder. Nothing here is ever written to a path that an archive names: a member's name is a label.
"""

import bz2
import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, Self, cast

import zstandard

from onesystem.vocabulary import BadInput

_ZIP, _EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
# What one file is packed by: how it begins, and the endings that its name has for it.
_PACKED = {
    b"\x1f\x8b": ("gzip", (".gz",)),
    b"\x28\xb5\x2f\xfd": ("zstd", (".zst", ".zstd")),
    b"BZh": ("bzip2", (".bz2",)),
    b"\xfd7zXZ\x00": ("xz", (".xz",)),
}
_TARS = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}
_OFFICE = (".xlsx", ".xlsm", ".docx", ".ods", ".odt")
_MARKS_OF_OFFICE = ("[Content_Types].xml", "docProps/", "_rels/.rels", "mimetype")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, lzma.LZMAError,
           zstandard.ZstdError, tarfile.TarError, ValueError)  # fmt: skip
MOST_MEMBERS = 200_000
MOST_DEPTH = 3
MOST_UNPACKED = 64 << 30  # bytes of one member
# Text compresses up to about 100 times, hardly ever more; a bomb does it 1,000 times.
MOST_RATIO = 250
_SMALL = 32 << 20  # a ratio says nothing about a small file
_FAR_MORE = "it unpacks to far more than files of this kind do"


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip."""
    return head.startswith((_ZIP, _EMPTY_ZIP))


def packed_by(head: bytes) -> str:
    """What a file that begins so is packed by; empty where it is not."""
    return next((how for magic, (how, _) in _PACKED.items() if head.startswith(magic)), "")


def is_tar(head: bytes) -> bool:
    """Whether a file that begins so is a tar."""
    return head[257:262] == b"ustar"


def is_office(name: str, head: bytes) -> bool:
    """Whether it is a sheet or a letter: by its name, or by what every such zip begins with."""
    if not is_zip(head):
        return False
    length = int.from_bytes(head[26:28], "little")
    first = head[30 : 30 + length].decode("utf-8", "replace")
    return name.lower().endswith(_OFFICE) or first.startswith(_MARKS_OF_OFFICE)


def unpacked_name(name: str) -> str:
    """What a packed file is called when it is unpacked.

    >>> unpacked_name("log.csv.zst"), unpacked_name("all.tgz")
    ('log.csv', 'all.tar')
    """
    ending = PurePosixPath(name).suffix.lower()
    if ending in _TARS:
        return name[: -len(ending)] + _TARS[ending]
    known = any(ending in endings for _, endings in _PACKED.values())
    return name[: -len(ending)] if known else name


def refuse_archive(name: str, head: bytes, file: BinaryIO) -> None:
    """Say why an archive that was landed whole was not opened. Raises BadInput for an archive."""
    if is_office(name, head):
        raise BadInput(
            f"{name!r} is an office document",
            rule="feeds.spreadsheet",
            cure="Save the sheet as CSV and name a mapping for it.",
        )
    if is_zip(head) or packed_by(head) or is_tar(head):
        _go_through(head, file)
        raise bad_archive(f"it could not be opened when it came, or lies over {MOST_DEPTH} deep")


def _go_through(head: bytes, file: BinaryIO) -> None:
    """Open an archive again only to learn what is wrong with it. Raises BadInput."""
    if is_zip(head):
        for info in members(file):
            with open_member(file, info) as inner:
                _run_through(inner)
    elif how := packed_by(head):
        size = file.seek(0, 2)
        file.seek(0)
        with open_packed(file, how, size) as inner:
            _run_through(inner)
    else:
        for _, inner in members_of_tar(file):
            _run_through(inner)


def _run_through(inner: BinaryIO) -> None:
    while inner.read(1 << 20):
        pass


def bad_archive(why: str, member: str = "") -> BadInput:
    """The refusal of an archive, or of one file in it: the others are read."""
    what = f"{member!r} in the archive was not opened" if member else "the archive was not opened"
    return BadInput(
        f"{what}: {why}",
        rule="feeds.bad-archive",
        cure="Unpack it where it was made, check it, and send the files themselves.",
    )


def members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The files of a zip, in its order. Raises BadInput for a bomb or a broken zip.

    A member that is a bomb by itself is for `open_member` to refuse.
    """
    size = file.seek(0, 2)
    try:
        with zipfile.ZipFile(file) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise bad_archive(f"it is damaged ({error})") from error
    if len(infos) > MOST_MEMBERS:
        raise bad_archive(f"it holds {len(infos):,} files, over {MOST_MEMBERS:,}")
    usual = [i for i in infos if not is_bomb(i.file_size, i.compress_size)]
    # Members that lie over each other are counted as often as they are listed: their packed sizes
    # then come to more than the archive.
    packed = min(size, sum(i.compress_size for i in usual))
    if is_bomb(sum(i.file_size for i in usual), packed):
        raise bad_archive(_FAR_MORE)
    return infos


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether sizes are out of all proportion."""
    return unpacked > MOST_UNPACKED or (
        unpacked > _SMALL and unpacked > MOST_RATIO * max(packed, 1)
    )


@contextmanager
def open_member(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member of a zip as a stream. Raises BadInput, for damage while it is read."""
    name = info.filename
    if info.flag_bits & 0x1:
        raise bad_archive("it is locked with a password", name)
    if is_bomb(info.file_size, info.compress_size):
        raise bad_archive(_FAR_MORE, name)
    with zipfile.ZipFile(file) as archive, _opened(archive, info) as inner:
        yield cast(BinaryIO, Guarded(inner, info.compress_size, name))


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except _DAMAGE as error:
        raise bad_archive(f"it is damaged ({error})", info.filename) from error


@contextmanager
def open_packed(file: BinaryIO, how: str, size: int) -> Iterator[BinaryIO]:
    """A packed file as a stream, guarded in the same way. `size` is that of the file itself."""
    with cast("IO[bytes]", _stream(file, how)) as inner:
        yield cast(BinaryIO, Guarded(inner, size))


def _stream(file: BinaryIO, how: str) -> object:
    match how:
        case "gzip":
            return gzip.open(file)
        case "bzip2":
            return bz2.open(file)
        case "xz":
            return lzma.open(file)
    return _Zstd(file)


class _Zstd:
    """The frames of a zstd file as a stream. The library's own says nothing of one that is torn."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._ready = file, bytearray()
        self._frame = _frame()
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """The file is the caller's."""

    def read(self, size: int) -> bytes:
        """The next bytes. Raises EOFError where a frame breaks off."""
        # Two kilobytes can become 64 megabytes, and more is never unpacked at once.
        while len(self._ready) < size and (piece := self._file.read(2048)):
            self._take(piece)
        if not self._ready and self._begun:
            msg = "the file breaks off"
            raise EOFError(msg)
        data = bytes(self._ready[:size])
        del self._ready[:size]
        return data

    def _take(self, piece: bytes) -> None:
        while piece:
            self._ready += self._frame.decompress(piece)
            piece, self._begun = self._frame.unused_data, not self._frame.eof
            if not self._begun:
                self._frame = _frame()


def _frame() -> Any:
    # A window larger than this is asked for by nobody who sends extracts.
    return zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()


def members_of_tar(file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """The plain files of a tar, one after the other: links and devices are passed over.

    Raises BadInput for a broken one.
    """
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for count, info in enumerate(archive):
                if count >= MOST_MEMBERS:
                    raise bad_archive(f"it holds over {MOST_MEMBERS:,} files")
                if info.isreg() and (inner := archive.extractfile(info)) is not None:
                    yield info.name, cast(BinaryIO, Guarded(inner, max(info.size, 1)))
    except (tarfile.TarError, OSError, EOFError) as error:
        raise bad_archive(f"it is damaged ({error})") from error


class Guarded:
    """A stream that counts what it unpacks and stops a bomb. Declared sizes can lie."""

    def __init__(self, inner: IO[bytes], packed: int, name: str = "") -> None:
        self._inner, self._packed, self._unpacked, self._name = inner, packed, 0, name

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises BadInput."""
        if size is None or size < 0:
            pieces = []
            while piece := self.read(1 << 20):
                pieces.append(piece)
            return b"".join(pieces)
        try:
            data = self._inner.read(size)
        except _DAMAGE as error:
            raise bad_archive(f"it is damaged ({error})", self._name) from error
        self._unpacked += len(data)
        if is_bomb(self._unpacked, self._packed):
            raise bad_archive(_FAR_MORE, self._name)
        return data

    def readable(self) -> bool:
        """For io.BufferedReader."""
        return True
