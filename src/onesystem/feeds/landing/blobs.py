"""Large files: kept whole under their digest, written beside and renamed into place."""

import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from onesystem.feeds.landing.segment import sync_folder, write_all

_PIECE = 1 << 20


def blob_path(folder: Path, digest: bytes) -> Path:
    """Where the file of that digest is."""
    name = digest.hex()
    return folder / name[:2] / name


def keep_blob(folder: Path, data: BinaryIO) -> tuple[bytes, int]:
    """Keep a file for ever; its digest and size. Keeping it again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".new-{os.getpid()}-{os.urandom(4).hex()}"
    digest, size = blake2b(digest_size=16), 0
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    try:
        try:
            for piece in _pieces(data):
                digest.update(piece)
                size += len(piece)
                write_all(handle, piece)
            os.fsync(handle)
        finally:
            os.close(handle)
        path = blob_path(folder, digest.digest())
        if not path.exists():
            if not path.parent.exists():
                path.parent.mkdir(exist_ok=True)
                sync_folder(folder)
            draft.replace(path)
            sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return digest.digest(), size


def _pieces(data: BinaryIO) -> Iterator[bytes]:
    while piece := data.read(_PIECE):
        yield piece
