"""Walking files and folders: archives opened, formats sniffed, files split into messages."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from onesystem.feeds.archives import (
    MOST_DEPTH,
    bad_archive,
    is_office,
    is_tar,
    is_zip,
    members,
    members_of_tar,
    open_member,
    open_packed,
    packed_by,
    unpacked_name,
)
from onesystem.feeds.landing import LARGE
from onesystem.feeds.readers import HEAD, Reader, WholeReader, sniff
from onesystem.vocabulary import BadInput, NotFound

# Beside data, not data: what a folder holds for people and for version control.
_NOT_DATA = ("readme", "licence", "license", ".ds_store", "thumbs.db", ".gitignore")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A message of a file, or a whole file to take in bulk (`reader` is a WholeReader)."""

    file: str  # the label of the file it came from
    data: bytes = b""
    whole: BinaryIO | None = None
    reader: Reader | WholeReader | None = None


def walk(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """The files under the paths and their labels, in the order of their names. Raises NotFound."""
    for path in paths:
        if path.is_dir():
            for file in sorted(p for p in path.rglob("*") if p.is_file() and _is_data(p)):
                yield file, str(file.relative_to(path.parent))
        elif path.is_file():
            yield path, path.name
        else:
            raise NotFound(f"there is no file or folder {path}", "Check the path.")


def _is_data(path: Path) -> bool:
    name = path.name.lower()
    return not name.startswith(_NOT_DATA)


def pieces(path: Path, label: str, *, hint: str) -> Iterator[Piece]:
    """The messages of a file. What cannot be split comes as one piece, to be set aside."""
    with path.open("rb") as file:
        yield from _pieces(file, label, hint, 0)


def _pieces(file: BinaryIO, label: str, hint: str, depth: int) -> Iterator[Piece]:
    head = file.read(HEAD)
    file.seek(0)
    try:
        if is_zip(head) and not is_office(label, head):
            yield from _unzipped(file, label, hint, depth)
        elif packed_by(head):
            yield from _unpacked_from(file, packed_by(head), label, hint, depth)
        elif is_tar(head):
            yield from _untarred(file, label, hint, depth)
        else:
            yield from _split(file, label, head, hint)
    except BadInput:
        # The reader or the archive's guard will say the same of the whole, and that is kept.
        file.seek(0)
        small = file.read(LARGE + 1)
        if len(small) <= LARGE:
            yield Piece(file=label, data=small)
        else:
            file.seek(0)
            yield Piece(file=label, whole=file)


def _check_depth(depth: int) -> None:
    if depth >= MOST_DEPTH:
        raise bad_archive(f"archives lie within each other over {MOST_DEPTH} deep")


def _unzipped(file: BinaryIO, label: str, hint: str, depth: int) -> Iterator[Piece]:
    _check_depth(depth)
    refused = None
    for info in sorted(members(file), key=lambda i: i.filename):
        name = f"{label}/{_safe(info.filename)}"
        if not _is_data(Path(name)):
            continue
        try:
            with open_member(file, info) as inner, _unpacked(inner) as whole:
                yield from _pieces(whole, name, hint, depth + 1)
        except BadInput as error:
            refused = refused or error
    if refused:  # the others are read; the archive is kept as it is, and says which was not
        raise refused


def _unpacked_from(file: BinaryIO, how: str, label: str, hint: str, depth: int) -> Iterator[Piece]:
    _check_depth(depth)
    size = file.seek(0, 2)
    file.seek(0)
    with open_packed(file, how, size) as inner, _unpacked(inner) as whole:
        yield from _pieces(whole, unpacked_name(label), hint, depth + 1)


def _untarred(file: BinaryIO, label: str, hint: str, depth: int) -> Iterator[Piece]:
    _check_depth(depth)
    for member, inner in members_of_tar(file):
        name = f"{label}/{_safe(member)}"
        if _is_data(Path(name)):
            with _unpacked(inner) as whole:
                yield from _pieces(whole, name, hint, depth + 1)


@contextmanager
def _unpacked(inner: BinaryIO) -> Iterator[BinaryIO]:
    """A member unpacked, on disk when it is large, so that it can be looked at and read again."""
    with SpooledTemporaryFile(max_size=16 << 20) as spool:
        while piece := inner.read(1 << 20):
            spool.write(piece)
        spool.seek(0)
        yield cast(BinaryIO, spool)


def _safe(name: str) -> str:
    """A member's name as a label: never absolute, never climbing."""
    parts = [p for p in name.replace("\\", "/").split("/") if p not in {"", ".", ".."}]
    return "/".join(parts) or "unnamed"


def _split(file: BinaryIO, label: str, head: bytes, hint: str) -> Iterator[Piece]:
    reader = sniff(label, head, hint=hint)
    if not isinstance(reader, Reader):
        yield Piece(file=label, whole=file, reader=reader)
        return
    for message in reader.split(file, label):
        if isinstance(message, bytes):
            yield Piece(file=label, data=message, reader=reader)
        elif message is file:
            yield Piece(file=label, whole=file, reader=reader)
        else:
            with message:
                yield Piece(file=label, whole=message, reader=reader)
